"""When is whose letter due, and until when may it leave?"""

from newsletter.rules.cadence.clock import is_ahead, last_of
from newsletter.rules.cadence.local_time import moment_of, zone_named
from newsletter.rules.cadence.periods import begin_by, look_back, period_end, retry_until
from newsletter.rules.cadence.slots import (
    due_slot,
    latest_slot,
    manual_slot,
    may_follow,
    next_slots,
    slot_on,
    slots_after,
)

__all__ = [
    "begin_by",
    "due_slot",
    "is_ahead",
    "last_of",
    "latest_slot",
    "look_back",
    "manual_slot",
    "may_follow",
    "moment_of",
    "next_slots",
    "period_end",
    "retry_until",
    "slot_on",
    "slots_after",
    "zone_named",
]
