"""Plans for tests: one slot of one subscriber, with as little said as possible."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from newsletter.model import (
    Edition,
    EditionId,
    EmailAddress,
    EntryId,
    LetterFormat,
    Letterhead,
    Match,
    Reader,
    Reason,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    ScoreTerm,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SlotPlan,
    SubscriberId,
)

FIRST_SLOT_AT: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""A Monday, 08:00 in Paris."""

LETTERHEAD: Final = Letterhead(
    "Paper Round",
    "https://news.example.org",
    "news.example.org",
    EmailAddress("news@news.example.org"),
    "Paper Round",
    "1 Example Street",
    EmailAddress("editor@example.org"),
)


def make_slot(*, day: int = 0, kind: SlotKind = SlotKind.SCHEDULED) -> Slot:
    """Return the slot `day` days after the first."""
    begins_at = FIRST_SLOT_AT + timedelta(days=day)
    return Slot(begins_at.date(), begins_at, "Europe/Paris", kind)


def make_match(entry: str, *, revision: int = 1) -> Match:
    """Return a match of an entry in its `revision`."""
    return Match(
        entry=EntryId(entry),
        revision=RevisionId(f"{entry}/{revision}"),
        score=1.5,
        reasons=(Reason(ReasonKind.TOPIC, "Guardrails", ("jailbreak",)),),
        terms=(ScoreTerm("words", 1.0), ScoreTerm("fresh", 0.5)),
        topics=("guardrails",),
    )


def make_plan(
    subscriber: str,
    entries: Sequence[Match | str],
    *,
    also: Sequence[str] = (),
    slot: Slot | None = None,
    watermark: int = 10,
) -> SlotPlan:
    """Return the plan of an edition with `entries`, planned as its slot begins.

    It must be begun within 21 hours; tries end with the day.
    """
    slot = slot or make_slot()
    edition = Edition(
        id=EditionId(f"{subscriber}.{slot}"),
        reader=_reader(subscriber),
        slot=slot,
        planned_at=slot.begins_at,
        matches=tuple(one if isinstance(one, Match) else make_match(one) for one in entries),
        also_matched=tuple(make_match(one) for one in also),
        new_count=7,
        since=slot.local_date - timedelta(days=1),
        dressing=RevisionId("d0"),
    )
    return SlotPlan(
        subscriber=SubscriberId(subscriber),
        slot=slot,
        watermark=ReleaseNo(watermark),
        new_count=7,
        planned_at=slot.begins_at,
        begin_by=slot.begins_at + timedelta(hours=21),
        retry_until=slot.begins_at + timedelta(days=1),
        edition=edition,
    )


def make_silence(subscriber: str, *, slot: Slot | None = None, watermark: int = 10) -> SlotPlan:
    """Return the plan of a slot in which nothing is sent."""
    slot = slot or make_slot()
    return SlotPlan(
        subscriber=SubscriberId(subscriber),
        slot=slot,
        watermark=ReleaseNo(watermark),
        new_count=3,
        planned_at=slot.begins_at,
        begin_by=slot.begins_at,
        retry_until=slot.begins_at,
        silence=Silence(SilenceReason.NOTHING_MATCHED, "3 entries were new, none matched."),
    )


def _reader(subscriber: str) -> Reader:
    return Reader(
        subscriber=SubscriberId(subscriber),
        address=EmailAddress(f"{subscriber}@example.org"),
        name="Ada",
        format=LetterFormat.HTML,
        topics=("Guardrails",),
    )
