"""Why there is no letter whatever is new, each in one sentence; and what can be done about it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from newsletter.model import (
    Cadence,
    Preferences,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    Standing,
    Subscriber,
    SubscriptionState,
)
from newsletter.rules.cadence import next_slots, zone_named

NEXT_STEPS: Final[Mapping[SilenceReason, str]] = {
    SilenceReason.NOTHING_NEW: "Nothing is wrong: the next letter comes with the next new entries.",
    SilenceReason.NOTHING_MATCHED: (
        "To get more, widen a topic, add one, or choose a lower strictness: "
        "`newsletter preferences try FILE` shows what that would find."
    ),
    SilenceReason.ALL_MUTED: "To see such entries, take the query out of `mute` in the document.",
    SilenceReason.ALREADY_SENT: "Nothing is wrong: no entry is sent twice.",
    SilenceReason.PAUSED: "To end the pause, take `pause_until` out of the document.",
    SilenceReason.NOT_DUE: (
        "To send now what is new, run `newsletter send --ignore-schedule --subscriber ADDRESS`; "
        "`send` in the document says when letters come."
    ),
    SilenceReason.SUPPRESSED: (
        "Ask the person for an address that works, or whether letters are still wanted."
    ),
    SilenceReason.UNCONFIRMED: (
        "The person has to agree, or you vouch with "
        "`newsletter subscribers import PATH --consent TEXT`."
    ),
    SilenceReason.UNSUBSCRIBED: "Only the person can come back.",
    SilenceReason.NO_DOCUMENT: (
        "Put a document for this address among the subscribers; "
        "`newsletter check` says whether it can be read."
    ),
    SilenceReason.SOURCE_STALE: (
        "`newsletter status` shows what each source said; `newsletter collect` asks again."
    ),
    SilenceReason.SOURCE_FAILED: (
        "`newsletter status` shows what each source said; `newsletter collect` asks again."
    ),
    SilenceReason.TROUBLE: (
        "`newsletter status` lists what is in the way, `newsletter deliveries` what the relay "
        "said; what waits is tried again by itself."
    ),
}
"""One for every reason of the closed list."""


def barred(subscriber: Subscriber) -> Silence | None:
    """Return why nobody may write to `subscriber` at all, None for a subscriber who agreed."""
    if subscriber.state is SubscriptionState.CONFIRMED:  # nearly everybody
        return None
    since = f"{subscriber.since_at:%Y-%m-%d}"
    if subscriber.state is SubscriptionState.PENDING:
        sentence = f"The subscription is not confirmed yet: it waits since {since}."
        return Silence(SilenceReason.UNCONFIRMED, sentence)
    if subscriber.state is SubscriptionState.UNSUBSCRIBED:
        return Silence(SilenceReason.UNSUBSCRIBED, f"Unsubscribed since {since}.")
    return None


def no_document() -> Silence:
    """Return the silence of a subscriber without preferences in force."""
    return Silence(SilenceReason.NO_DOCUMENT, "There is no preferences document for this address.")


def suppressed(subscriber: Subscriber) -> Silence | None:
    """Return why the address must not be mailed, None where it may."""
    suppression = subscriber.suppression
    if suppression is None:
        return None
    return Silence(
        SilenceReason.SUPPRESSED,
        f"The address is not mailed since {suppression.since_at:%Y-%m-%d} "
        f"({suppression.cause}: {suppression.detail}).",
    )


def paused(preferences: Preferences, day: date) -> Silence | None:
    """Return the pause that `day` is in, None where letters come."""
    until = preferences.pause_until
    if until is None or day >= until:
        return None
    return Silence(SilenceReason.PAUSED, f"Paused until {until.isoformat()}.")


def not_due(cadence: Cadence, after: datetime) -> Silence:
    """Return the silence between two slots; the next letter is due later than `after`."""
    return Silence(SilenceReason.NOT_DUE, _next_letter(cadence, after))


def overdue(slot: Slot) -> Silence:
    """Return what is to be said of a slot that has begun and that no run has planned yet."""
    return Silence(
        SilenceReason.TROUBLE,
        f"A letter is due since {when(slot)} and not planned yet: it goes with the next "
        "`newsletter send`, or at once under `newsletter serve`.",
    )


def since_by_hand(reason: Silence, slot: Slot, standing: Standing) -> Silence:
    """Return `reason`, or that a letter by hand had everything since the last scheduled slot."""
    last, written_on = standing.last_slot, standing.last_edition_on
    is_first = written_on is not None and (last is None or written_on > last.local_date)
    is_scheduled = slot.kind is SlotKind.SCHEDULED
    if reason.reason is not SilenceReason.NOTHING_NEW or not (is_first and is_scheduled):
        return reason
    return Silence(
        SilenceReason.ALREADY_SENT,
        f"Nothing is new since the letter that was sent by hand on {written_on}.",
    )


def wrong_clock(last: Slot, cadence: Cadence, now: datetime) -> Silence:
    """Return why the present slot passes in silence when the last one lies ahead of the clock."""
    following = next_slots(cadence, after=now, count=1)[0]
    return Silence(
        SilenceReason.TROUBLE,
        f"The last letter was planned for {when(last)}, but now the clock shows "
        f"{now:%Y-%m-%d %H:%M} UTC: it is wrong, or was. Nothing is lost; letters come again "
        f"from {when(following)} on.",
    )


def when(slot: Slot) -> str:
    """Return when a slot begins, as it is said where the subscriber lives."""
    local = slot.begins_at.astimezone(zone_named(slot.timezone))
    return f"{local:%A %Y-%m-%d at %H:%M} ({slot.timezone})"


@lru_cache(maxsize=1_024)  # nearly everybody with the same cadence waits for the same slot
def _next_letter(cadence: Cadence, after: datetime) -> str:
    return f"The next letter is due on {when(next_slots(cadence, after=after, count=1)[0])}."
