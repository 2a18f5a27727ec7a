"""Why was there no slot on a day that is over, or is there none on a day to come?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import (
    ConsentRecord,
    Preferences,
    Silence,
    SilenceReason,
    Slot,
    SlotPlan,
    Subscriber,
    SubscriptionState,
    UnplannedDay,
    next_subscription_state,
)
from newsletter.rules.cadence import may_follow, moment_of, slot_on, zone_named
from newsletter.rules.planning.occasion import counts_from
from newsletter.rules.planning.sentences import barred, no_document, paused, suppressed, when

_DAY: Final = timedelta(days=1)
_TO_BE_NOTED: Final = frozenset({SilenceReason.NO_DOCUMENT, SilenceReason.TROUBLE})


@dataclass(frozen=True, slots=True)
class Past:
    """What was written down about one subscriber around a day that is over.

    `earlier` and `later` are the planned slots next to the day; `noted` is what was written down
    for the day itself.
    """

    consents: tuple[ConsentRecord, ...]
    noted: Silence | None = None
    earlier: Slot | None = None
    later: Slot | None = None


def local_day(subscriber: Subscriber, now: datetime) -> date:
    """Return the day where the subscriber lives; UTC for who has no document, or no known zone."""
    try:
        return now.astimezone(zone_named(_zone_of(subscriber))).date()
    except PreferencesError:  # the zone was known when the document was read, on another machine
        return now.astimezone(UTC).date()


def unplanned_days(
    silences: Iterable[tuple[Subscriber, Silence]], plans: Iterable[SlotPlan], *, now: datetime
) -> list[UnplannedDay]:
    """Return what must be written down to be known later: silences that no slot will tell.

    These are a missing document and a letter that could not be decided on; consent has a log of its
    own, and a day between two slots can be worked out.
    """
    planned = {plan.subscriber for plan in plans}
    return [
        UnplannedDay(person.id, local_day(person, now), silence)
        for person, silence in silences
        if silence.reason in _TO_BE_NOTED and person.id not in planned
    ]


def explain_past(subscriber: Subscriber, day: date, past: Past, *, now: datetime) -> Silence:
    """Return why no slot was planned for `day`, which is over, as far as it can be known."""
    ended_at = moment_of(day + _DAY, time(0), zone_named(_zone_of(subscriber)))
    then = _state_at(past.consents, ended_at)
    if then is not SubscriptionState.CONFIRMED:
        return _not_subscribed(then, past.consents)
    if past.noted:
        return past.noted
    preferences = subscriber.preferences
    if preferences is None:
        return no_document()
    since = subscriber.cadence_since_at
    if since and since >= ended_at:
        return _not_due(
            "No slot was planned for that day; the schedule was another one then, "
            f"it changed on {since:%Y-%m-%d}."
        )
    return _unplanned(subscriber, preferences, day, past, now=now)


def explain_ahead(subscriber: Subscriber, day: date) -> Silence:
    """Return what can be said today of `day`, which lies ahead."""
    preferences = subscriber.preferences
    silent = barred(subscriber) or suppressed(subscriber)
    if silent:
        return silent
    if preferences is None:
        return no_document()
    slot = slot_on(preferences.cadence, day)
    coming = f"a letter is due on {when(slot)}" if slot else "no letter is due on it"
    return paused(preferences, day) or _not_due(f"That day lies ahead: {coming}.")


def _unplanned(
    subscriber: Subscriber, preferences: Preferences, day: date, past: Past, *, now: datetime
) -> Silence:
    slot = slot_on(preferences.cadence, day)
    start = counts_from(subscriber, now=now)
    if slot is None:
        return _not_due("The schedule has no letter on that day.")
    if slot.begins_at <= start:
        return _not_due(
            f"The slot of that day had begun already when the schedule came into force, on "
            f"{start:%Y-%m-%d at %H:%M} UTC."
        )
    if past.earlier and not may_follow(slot, past.earlier):
        return _not_due(
            f"The slot of that day began less than 12 hours after that of {past.earlier}."
        )
    went = f"with the slot of {past.later}" if past.later else "with the next one"
    return Silence(
        SilenceReason.TROUBLE,
        f"The slot of {when(slot)} was not planned: the program did not run, or could not write "
        f"its database. What was new went {went}.",
    )


def _state_at(consents: Iterable[ConsentRecord], moment: datetime) -> SubscriptionState | None:
    state: SubscriptionState | None = None
    for record in consents:
        if record.at < moment:
            state = next_subscription_state(state, record.event)
    return state


def _not_subscribed(state: SubscriptionState | None, consents: Iterable[ConsentRecord]) -> Silence:
    if state is SubscriptionState.UNSUBSCRIBED:
        return Silence(SilenceReason.UNSUBSCRIBED, "The person had unsubscribed by then.")
    if state is SubscriptionState.PENDING:
        return Silence(SilenceReason.UNCONFIRMED, "The subscription was not confirmed yet then.")
    first = min((record.at for record in consents), default=None)
    known = f": it is known since {first:%Y-%m-%d}" if first else ""
    return Silence(
        SilenceReason.UNCONFIRMED, f"Nobody had subscribed with this address then{known}."
    )


def _not_due(sentence: str) -> Silence:
    return Silence(SilenceReason.NOT_DUE, sentence)


def _zone_of(subscriber: Subscriber) -> str:
    return subscriber.preferences.cadence.timezone if subscriber.preferences else "UTC"
