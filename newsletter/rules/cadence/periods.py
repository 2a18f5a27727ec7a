"""How long a slot's letter may wait: its period, and the moments that end its tries."""

from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from newsletter.model import Cadence, Every, Slot, SlotKind, Weekday
from newsletter.rules.cadence.days import weekdays_of
from newsletter.rules.cadence.slots import may_follow, next_slots, slots_after

_WEEK: Final = timedelta(days=7)
_LONGEST_RETRY: Final = timedelta(days=5)
"""RFC 5321 4.5.4.1 asks senders to keep trying for four to five days at least."""
_LONGEST_RESERVE: Final = timedelta(hours=1)


@lru_cache(maxsize=4_096)  # most people of a run have a slot in common with others
def period_end(cadence: Cadence, slot: Slot) -> datetime:
    """Return the moment (UTC) at which the next slot after `slot` begins.

    The period of a manual slot holds at least one whole period of `cadence`: the scheduled slot
    that comes next, perhaps in a minute, does not swallow what was asked for by hand.
    """
    if slot.kind is SlotKind.MANUAL:
        return next_slots(cadence, after=slot.begins_at, count=2)[-1].begins_at
    following = (other for other in slots_after(cadence, slot.begins_at) if may_follow(other, slot))
    return next(following).begins_at


def begin_by(cadence: Cadence, slot: Slot) -> datetime:
    """Return the moment by which delivery must have begun; after it the next slot takes over.

    It is the start of the last tenth of the period, at most an hour before its end; as slots are
    twelve hours or more apart, that is the hour.
    """
    end = period_end(cadence, slot)
    return end - min((end - slot.begins_at) / 10, _LONGEST_RESERVE)


def retry_until(cadence: Cadence, slot: Slot, *, planned_at: datetime) -> datetime:
    """Return the moment at which tries end: five days after they can begin, or with the period.

    They can begin when the letter is planned: after a long downtime that is days after its slot began.
    """
    return min(max(slot.begins_at, planned_at) + _LONGEST_RETRY, period_end(cadence, slot))


def look_back(cadence: Cadence) -> timedelta:
    """Return how far a first letter looks back: the longest period of `cadence`, at most seven days."""
    if cadence.every is Every.MONTH:
        return _WEEK
    days = weekdays_of(cadence)
    around = [*sorted(days), min(days) + len(Weekday)]
    return timedelta(days=max(later - earlier for earlier, later in pairwise(around)))
