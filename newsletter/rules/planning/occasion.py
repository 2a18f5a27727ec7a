"""Is a letter due for this subscriber, and for which slot?"""

from datetime import UTC, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final

from newsletter.model import Cadence, Preferences, Silence, Slot, Standing, Subscriber, record
from newsletter.rules.cadence import (
    begin_by,
    due_slot,
    is_ahead,
    latest_slot,
    manual_slot,
    next_slots,
    period_end,
    slots_after,
    zone_named,
)
from newsletter.rules.planning.sentences import (
    barred,
    no_document,
    not_due,
    paused,
    suppressed,
    wrong_clock,
)

_ZONES_APART: Final = timedelta(days=2)
"""More than any two clocks differ, and than a day begins before its slot."""
_MOMENT: Final = timedelta(microseconds=1)
_ALWAYS: Final = datetime(1, 1, 1, tzinfo=UTC)


class Schedule(Enum):
    """Whether a run keeps to everyone's own cadence."""

    KEEP = "keep"
    IGNORE = "ignore"
    """`send --ignore-schedule`: a letter by hand for everyone who has something new."""
    AHEAD = "ahead"
    """`preview`: the slot that is due, else the next one."""


@record
class Occasion:
    """A slot that may become a letter, for a subscriber who may be written to.

    `silence` says that the slot passes without one whatever is new (a pause, a suppression, a
    clock that went wrong).
    """

    subscriber: Subscriber
    preferences: Preferences
    slot: Slot
    silence: Silence | None = None


def find_occasion(
    subscriber: Subscriber, standing: Standing, *, schedule: Schedule, now: datetime
) -> Occasion | Silence:
    """Return the slot to plan now, or why there is none.

    A paused or suppressed subscriber's slot is planned as a silence, so that its entries do not
    all come at once afterwards; by hand it is not planned at all. Where the last slot lies ahead of
    the clock, the present one is planned as a silence too: everybody goes on from there.
    """
    silent = barred(subscriber)
    if silent:
        return silent
    preferences = subscriber.preferences
    if preferences is None:
        return no_document()
    cadence = preferences.cadence
    last = standing.last_slot
    if last and schedule is Schedule.KEEP and is_ahead(last.begins_at, now):
        present = latest_slot(cadence, now)
        return Occasion(subscriber, preferences, present, wrong_clock(last, cadence, now))
    slot = _slot(subscriber, cadence, standing, schedule=schedule, now=now)
    if slot is None:
        today = now.astimezone(zone_named(cadence.timezone)).date()
        between = not_due(cadence, _settled_until(subscriber, cadence, standing, now))
        return suppressed(subscriber) or paused(preferences, today) or between
    silence = suppressed(subscriber) or paused(preferences, slot.local_date)
    if silence and schedule is Schedule.IGNORE:
        return silence
    return Occasion(subscriber, preferences, slot, silence)


def counts_from(subscriber: Subscriber, *, now: datetime) -> datetime:
    """Return the moment from which slots count: the confirmation or the last change of cadence.

    A moment that lies ahead of `now` was written down while the clock was wrong: it does not count.
    """
    latest = _ALWAYS
    for moment in (subscriber.since_at, subscriber.confirmed_at, subscriber.cadence_since_at):
        if moment is not None and moment > latest and not is_ahead(moment, now):
            latest = moment
    return latest


def coming_slots(
    subscriber: Subscriber, standing: Standing, *, now: datetime, count: int
) -> tuple[Slot, ...]:
    """Return the next slots in which a letter may come, in order: none for who may get none.

    A slot that has begun and is not planned yet is not among them. The days of a pause are left out.
    """
    preferences = subscriber.preferences
    if barred(subscriber) or suppressed(subscriber) or preferences is None:
        return ()
    after = _settled_until(subscriber, preferences.cadence, standing, now)
    if preferences.pause_until:  # its days need not be walked through
        end = datetime.combine(preferences.pause_until, time(), UTC)
        after = max(after, end - _ZONES_APART)
    coming = slots_after(preferences.cadence, after)
    return tuple(
        islice((slot for slot in coming if not paused(preferences, slot.local_date)), count)
    )


def _slot(
    subscriber: Subscriber,
    cadence: Cadence,
    standing: Standing,
    *,
    schedule: Schedule,
    now: datetime,
) -> Slot | None:
    if schedule is Schedule.IGNORE:
        return manual_slot(cadence.timezone, now)
    start = counts_from(subscriber, now=now)
    return _slot_after(cadence, standing.last_slot, start, now, schedule)


@lru_cache(maxsize=8_192)  # thousands have cadence, last slot and moment of consent in common
def _slot_after(
    cadence: Cadence, last: Slot | None, start: datetime, now: datetime, schedule: Schedule
) -> Slot | None:
    due = due_slot(cadence, last, counts_from=start, now=now)
    if due and begin_by(cadence, due) <= now:
        due = None  # too late to begin it: it is merged into the next, which is near
    if due or schedule is Schedule.KEEP:
        return due
    return next_slots(cadence, after=max(now, start), count=1)[0]


def _settled_until(
    subscriber: Subscriber, cadence: Cadence, standing: Standing, now: datetime
) -> datetime:
    """Return the moment up to which no further letter comes."""
    after = max(now, counts_from(subscriber, now=now))
    last = standing.last_slot
    if last is None or is_ahead(last.begins_at, now):
        return after
    return max(after, period_end(cadence, last) - _MOMENT)
