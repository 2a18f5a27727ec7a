"""Editions and messages as the API answers with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from newsletter.model import EntryContent, Match, OutboxItem, OutboxState, Reason
from newsletter.web.api.records.forms import Record
from newsletter.web.api.records.slots import SlotOut
from newsletter.workflows import EditionView


class ReasonRecord(Record):
    """Why an entry stands in a letter, in the subscriber's own words."""

    kind: str
    subject: str
    words: list[str]
    sureness: str | None
    text: str

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """Return the record of a reason."""
        return cls(
            kind=reason.kind,
            subject=reason.subject,
            words=list(reason.words),
            sureness=reason.sureness,
            text=str(reason),
        )


class MatchRecord(Record):
    """An entry of a letter."""

    entry: str
    title: str
    score: float
    reasons: list[ReasonRecord]

    @classmethod
    def of(cls, match: Match, content: EntryContent) -> Self:
        """Return the record of a match."""
        return cls(
            entry=match.entry,
            title=content.title,
            score=match.score,
            reasons=[ReasonRecord.of(reason) for reason in match.reasons],
        )


class EditionRecord(Record):
    """One subscriber's letter for one slot, as it was decided."""

    id: str
    subscriber: str
    slot: SlotOut
    planned_at: datetime
    state: OutboxState | None
    entries: list[MatchRecord]
    also_matched: list[MatchRecord]

    @classmethod
    def of(cls, view: EditionView) -> Self:
        """Return the record of an edition."""
        edition = view.edition

        def records(matches: Sequence[Match]) -> list[MatchRecord]:
            return [MatchRecord.of(one, view.contents[one.revision]) for one in matches]

        return cls(
            id=edition.id,
            subscriber=edition.reader.subscriber,
            slot=SlotOut.of(edition.slot),
            planned_at=edition.planned_at,
            state=view.message.state if view.message else None,
            entries=records(edition.matches),
            also_matched=records(edition.also_matched),
        )


class DeliveryRecord(Record):
    """One message of the outbox and what became of it."""

    id: int
    kind: str
    subscriber: str
    recipient: str
    state: OutboxState
    edition: str | None
    slot: SlotOut | None
    attempts: int
    not_before: datetime | None
    message_id: str | None
    last_reply: str
    updated_at: datetime | None

    @classmethod
    def of(cls, item: OutboxItem) -> Self:
        """Return the record of a message."""
        return cls(
            id=item.id,
            kind=item.kind,
            subscriber=item.subscriber,
            recipient=item.recipient,
            state=item.state,
            edition=item.edition,
            slot=SlotOut.of(item.slot) if item.slot else None,
            attempts=item.attempts,
            not_before=item.not_before,
            message_id=item.message_id,
            last_reply=item.last_reply,
            updated_at=item.updated_at,
        )


class DeliveryPage(Record):
    """Some messages; `next` is what to ask `before` for more, None at the end."""

    deliveries: list[DeliveryRecord]
    next: int | None
