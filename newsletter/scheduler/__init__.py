"""The clock of `newsletter serve`. The door of this room."""

from newsletter.scheduler.clockwork import Scheduler, clock_lead_s
from newsletter.scheduler.rounds import Rounds

__all__ = ["Rounds", "Scheduler", "clock_lead_s"]
