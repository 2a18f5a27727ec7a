"""When is whose letter due, and until when may it leave?"""

from newsletter.rules.cadence.periods import begin_by, look_back, period_end, retry_until
from newsletter.rules.cadence.slots import due_slot, manual_slot, next_slots

__all__ = [
    "begin_by",
    "due_slot",
    "look_back",
    "manual_slot",
    "next_slots",
    "period_end",
    "retry_until",
]
