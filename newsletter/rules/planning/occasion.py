"""Is a letter due for this subscriber, and for which slot?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.model import (
    Cadence,
    Preferences,
    Silence,
    SilenceReason,
    Slot,
    Standing,
    Subscriber,
    SubscriptionState,
)
from newsletter.rules.cadence import due_slot, manual_slot, next_slots, period_end

_MOMENT: Final = timedelta(microseconds=1)


class Schedule(Enum):
    """Whether a run keeps to everyone's own cadence."""

    KEEP = "keep"
    IGNORE = "ignore"
    """`send --ignore-schedule`: a letter by hand for everyone who has something new."""
    AHEAD = "ahead"
    """`preview`: the slot that is due, else the next one."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A slot that may become a letter, for a subscriber who may be written to.

    `silence` says that the slot passes without one whatever is new (a pause, a suppression).
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
    all come at once afterwards; by hand it is not planned at all.
    """
    barred = _barred(subscriber)
    if barred:
        return barred
    preferences = subscriber.preferences
    if preferences is None:
        return Silence(
            SilenceReason.NO_DOCUMENT,
            "There is no preferences document for this address: put one into the subscribers folder.",
        )
    slot = _slot(subscriber, preferences.cadence, standing, schedule=schedule, now=now)
    if slot is None:
        today = now.astimezone(ZoneInfo(preferences.cadence.timezone)).date()
        detail = _not_due(subscriber, preferences.cadence, standing, now)
        not_due = Silence(SilenceReason.NOT_DUE, detail)
        return _suppressed(subscriber) or _paused(preferences, today) or not_due
    silence = _suppressed(subscriber) or _paused(preferences, slot.local_date)
    if silence and schedule is Schedule.IGNORE:
        return silence
    return Occasion(subscriber, preferences, slot, silence)


def counts_from(subscriber: Subscriber) -> datetime:
    """Return the moment from which slots count: the confirmation or the last change of cadence."""
    moments = (subscriber.since_at, subscriber.confirmed_at, subscriber.cadence_since_at)
    return max(moment for moment in moments if moment is not None)


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
    start = counts_from(subscriber)
    due = due_slot(cadence, standing.last_slot, counts_from=start, now=now)
    if due or schedule is Schedule.KEEP:
        return due
    return next_slots(cadence, after=max(now, start), count=1)[0]


def _barred(subscriber: Subscriber) -> Silence | None:
    match subscriber.state:
        case SubscriptionState.PENDING:
            return Silence(
                SilenceReason.UNCONFIRMED,
                "The subscription is not confirmed yet: the person has to agree, or you vouch with "
                "`newsletter subscribers import PATH --consent TEXT`.",
            )
        case SubscriptionState.UNSUBSCRIBED:
            return Silence(
                SilenceReason.UNSUBSCRIBED, f"Unsubscribed since {subscriber.since_at:%Y-%m-%d}."
            )
        case SubscriptionState.CONFIRMED:
            return None


def _suppressed(subscriber: Subscriber) -> Silence | None:
    suppression = subscriber.suppression
    if suppression is None:
        return None
    return Silence(
        SilenceReason.SUPPRESSED,
        f"The address is not mailed since {suppression.since_at:%Y-%m-%d} "
        f"({suppression.cause}: {suppression.detail}).",
    )


def _paused(preferences: Preferences, day: date) -> Silence | None:
    until = preferences.pause_until
    if until is None or day >= until:
        return None
    return Silence(SilenceReason.PAUSED, f"Paused until {until.isoformat()}.")


def _not_due(subscriber: Subscriber, cadence: Cadence, standing: Standing, now: datetime) -> str:
    after = max(now, counts_from(subscriber))
    if standing.last_slot:
        after = max(after, period_end(cadence, standing.last_slot) - _MOMENT)
    following = next_slots(cadence, after=after, count=1)[0]
    local = following.begins_at.astimezone(ZoneInfo(following.timezone))
    return f"The next letter is due on {local:%A %Y-%m-%d at %H:%M} ({following.timezone})."
