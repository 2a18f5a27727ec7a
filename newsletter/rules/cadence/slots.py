"""Which slot is due, and which come next?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import Final

from newsletter.model import Cadence, Slot, SlotKind
from newsletter.rules.cadence.days import Direction, days_of, falls_on
from newsletter.rules.cadence.local_time import is_left_out, moment_of, zone_named

_DAY: Final = timedelta(days=1)
_LEAST_DISTANCE: Final = timedelta(hours=12)


def due_slot(
    cadence: Cadence, last: Slot | None, *, counts_from: datetime, now: datetime
) -> Slot | None:
    """Return the latest slot of `cadence` that has begun, or None when no letter is due.

    It begins after `counts_from` (the confirmation, or the last change of cadence or zone), has a
    later local date than the scheduled slot `last` and begins at least 12 hours after it. However
    long the program stood still, at most one slot is due: older ones are merged into the latest.
    Raises PreferencesError for an unknown time zone.
    """
    slot = latest_slot(cadence, now)
    if slot.begins_at <= counts_from or not (last is None or may_follow(slot, last)):
        return None
    return slot


def latest_slot(cadence: Cadence, now: datetime) -> Slot:
    """Return the slot of `cadence` that began last, at `now` or before.

    Raises PreferencesError for an unknown time zone.
    """
    slots = _slots_around(cadence, now.astimezone(UTC).date())
    return next(slot for slot in reversed(slots) if slot.begins_at <= now)


@lru_cache(maxsize=8_192)  # asked each minute, and by many people with the same cadence
def _slots_around(cadence: Cadence, day: date) -> tuple[Slot, ...]:
    """Return the slots that begin on `day` (UTC), after the one that began last before it."""
    start = datetime.combine(day, time(0), tzinfo=UTC)
    coming = takewhile(lambda slot: slot.begins_at < start + _DAY, slots_after(cadence, start))
    return (_began_last(cadence, start), *coming)


def _began_last(cadence: Cadence, now: datetime) -> Slot:
    # The day after: where the clocks went back over midnight, its slot may have begun already.
    newest = now.astimezone(zone_named(cadence.timezone)).date() + _DAY
    slots = (slot for day in days_of(cadence, newest, Direction.BACK) for slot in _on(cadence, day))
    return next(slot for slot in slots if slot.begins_at <= now)


def slot_on(cadence: Cadence, day: date) -> Slot | None:
    """Return the slot of one local day, None where the rhythm does not fall on it.

    Raises PreferencesError for an unknown time zone.
    """
    return next(_on(cadence, day), None) if falls_on(cadence, day) else None


def next_slots(cadence: Cadence, *, after: datetime, count: int) -> tuple[Slot, ...]:
    """Return the first `count` slots of `cadence` that begin later than `after`, in order.

    Raises PreferencesError for an unknown time zone.
    """
    return tuple(islice(slots_after(cadence, after), count))


def slots_after(cadence: Cadence, after: datetime) -> Iterator[Slot]:
    """Yield the slots of `cadence` that begin later than `after`, in order, without end."""
    # The day before: where the clocks jump over midnight, its slot may begin on the next day.
    oldest = after.astimezone(zone_named(cadence.timezone)).date() - _DAY
    slots = (slot for day in days_of(cadence, oldest, Direction.ON) for slot in _on(cadence, day))
    return (slot for slot in slots if slot.begins_at > after)


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


def _on(cadence: Cadence, day: date) -> Iterator[Slot]:
    """Yield the slot of a day of the rhythm.

    There is none where the zone leaves the day out and the next one has a slot of its own: both
    periods begin with that day. Elsewhere a day left out is a gap like any other.
    """
    zone = zone_named(cadence.timezone)
    if not (falls_on(cadence, day + _DAY) and is_left_out(day, zone)):
        yield Slot(day, moment_of(day, cadence.at, zone), cadence.timezone)
