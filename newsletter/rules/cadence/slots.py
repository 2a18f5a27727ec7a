"""Which slot is due, and which come next?"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Final

from newsletter.model import Cadence, Every, Slot, SlotKind, Weekday
from newsletter.rules.cadence.local_time import moment_of, zone_named

_DAY: Final = timedelta(days=1)
_LEAST_DISTANCE: Final = timedelta(hours=12)
_DEFAULT_DAYS: Final = frozenset({Weekday.MON})
_DEFAULT_MONTH_DAY: Final = 1


def due_slot(
    cadence: Cadence, last: Slot | None, *, counts_from: datetime, now: datetime
) -> Slot | None:
    """Return the latest slot of `cadence` that has begun, or None when no letter is due.

    It begins after `counts_from` (the confirmation, or the last change of cadence or zone), has a
    later local date than the scheduled slot `last` and begins at least 12 hours after it. However
    long the program stood still, at most one slot is due: older ones are merged into the latest.
    Raises PreferencesError for an unknown time zone.
    """
    # The day after: where the clocks went back over midnight, its slot may have begun already.
    newest = now.astimezone(zone_named(cadence.timezone)).date() + _DAY
    slot = next(slot for slot in _slots(cadence, newest, -_DAY) if slot.begins_at <= now)
    if slot.begins_at <= counts_from or not (last is None or may_follow(slot, last)):
        return None
    return slot


def next_slots(cadence: Cadence, *, after: datetime, count: int) -> tuple[Slot, ...]:
    """Return the first `count` slots of `cadence` that begin later than `after`, in order.

    Raises PreferencesError for an unknown time zone.
    """
    return tuple(islice(slots_after(cadence, after), count))


def slots_after(cadence: Cadence, after: datetime) -> Iterator[Slot]:
    """Yield the slots of `cadence` that begin later than `after`, in order, without end."""
    # The day before: where the clocks jump over midnight, its slot may begin on the next day.
    oldest = after.astimezone(zone_named(cadence.timezone)).date() - _DAY
    return (slot for slot in _slots(cadence, oldest, _DAY) if slot.begins_at > after)


def may_follow(slot: Slot, last: Slot) -> bool:
    """Tell whether `slot` is far enough from `last`: a later local date, and 12 hours or more."""
    is_later = slot.local_date > last.local_date
    return is_later and slot.begins_at - last.begins_at >= _LEAST_DISTANCE


def manual_slot(timezone: str, now: datetime) -> Slot:
    """Return the slot of an edition that the operator asked for at `now`.

    Raises PreferencesError for an unknown time zone.
    """
    local_date = now.astimezone(zone_named(timezone)).date()
    return Slot(local_date, now.astimezone(UTC), timezone, SlotKind.MANUAL)


def _slots(cadence: Cadence, start: date, step: timedelta) -> Iterator[Slot]:
    zone = zone_named(cadence.timezone)
    day = start
    while True:
        if _falls_on(cadence, day):
            yield Slot(day, moment_of(day, cadence.at, zone), cadence.timezone)
        day += step


def _falls_on(cadence: Cadence, day: date) -> bool:
    """Tell whether `cadence` has a slot on `day`; a rhythm without a day means Monday or the 1st."""
    if cadence.every is Every.DAY:
        return True
    if cadence.every is Every.WEEKDAY:
        return day.weekday() < Weekday.SAT
    if cadence.every is Every.MONTH:
        length = monthrange(day.year, day.month)[1]
        return day.day == min(cadence.month_day or _DEFAULT_MONTH_DAY, length)
    return day.weekday() in (cadence.days or _DEFAULT_DAYS)
