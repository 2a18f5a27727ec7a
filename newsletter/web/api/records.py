"""What the API answers with: the names are a contract, and stand in the OpenAPI document."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from newsletter.model import (
    CatalogueTopic,
    Entry,
    EntryContent,
    Match,
    OutboxItem,
    OutboxState,
    Reason,
    Slot,
    SlotRecord,
    Subscriber,
    SubscriptionState,
)
from newsletter.workflows import EditionView, Joining, PersonView


class Record(BaseModel):
    """One thing of the API."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldProblem(Record):
    """What is wrong with one value. `line` is that of a preferences document, 0 where there is none."""

    place: str
    message: str
    suggestion: str | None = None
    line: int = 0


class ProblemDetails(Record):
    """Why something was not done (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    problems: list[FieldProblem] = Field(default_factory=list)


class LinkRecord(Record):
    """Where to read on."""

    kind: str
    url: str


class EntryRecord(Record):
    """One paper or post."""

    id: str
    title: str
    abstract: str | None
    tldr: str | None
    authors: list[str]
    author_count: int | None
    organization: str | None
    published_on: date | None
    upvotes: int | None
    comments: int | None
    categories: list[str]
    links: list[LinkRecord]
    sources: list[str]
    first_seen_at: datetime
    release_no: int

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the record of an entry."""
        return cls(
            **_texts(entry.content),
            id=entry.id,
            sources=list(entry.sources),
            first_seen_at=entry.first_seen_at,
            release_no=entry.release_no,
        )


def _texts(content: EntryContent) -> dict[str, object]:
    return {
        "title": content.title,
        "abstract": content.abstract,
        "tldr": content.tldr,
        "authors": list(content.authors),
        "author_count": content.author_count,
        "organization": content.organization,
        "published_on": content.published_on,
        "upvotes": content.upvotes,
        "comments": content.comments,
        "categories": list(content.categories),
        "links": [LinkRecord(kind=link.kind, url=link.url) for link in content.links],
    }


class TopicRecord(Record):
    """A topic of the catalogue."""

    name: str
    title: str
    query: str | None
    about: str | None
    is_default: bool

    @classmethod
    def of(cls, offered: CatalogueTopic) -> Self:
        """Return the record of a topic."""
        topic = offered.topic
        return cls(
            name=topic.name,
            title=topic.title,
            query=topic.query,
            about=topic.about,
            is_default=offered.is_default,
        )


class SubscriberRecord(Record):
    """A person with an address and the state of their consent."""

    id: str
    address: str
    state: SubscriptionState
    since_at: datetime
    confirmed_at: datetime | None
    suppressed: str | None
    """Why the address must not be mailed."""

    @classmethod
    def of(cls, person: Subscriber) -> Self:
        """Return the record of a subscriber."""
        return cls(**_person(person))


def _person(person: Subscriber) -> dict[str, object]:
    return {
        "id": person.id,
        "address": person.address,
        "state": person.state,
        "since_at": person.since_at,
        "confirmed_at": person.confirmed_at,
        "suppressed": person.suppression.cause if person.suppression else None,
    }


class SlotRecordOut(Record):
    """A local day of a subscriber, and when it begins there."""

    local_date: date
    begins_at: datetime
    timezone: str
    kind: str

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """Return the record of a slot."""
        return cls(
            local_date=slot.local_date,
            begins_at=slot.begins_at,
            timezone=slot.timezone,
            kind=slot.kind,
        )


class ConsentOut(Record):
    """One line of the consent log."""

    event: str
    at: datetime
    statement: str
    evidence: str


class SubscriberDetails(SubscriberRecord):
    """A subscriber with the preferences document as written, and what follows from it."""

    preferences: str | None
    coming: list[SlotRecordOut]
    consents: list[ConsentOut]

    @classmethod
    def of_view(cls, view: PersonView) -> Self:
        """Return the record of a subscriber with everything."""
        return cls(
            **_person(view.person),
            preferences=view.document,
            coming=[SlotRecordOut.of(slot) for slot in view.coming],
            consents=[
                ConsentOut(
                    event=one.event, at=one.at, statement=one.statement, evidence=one.evidence
                )
                for one in view.consents
            ],
        )


class JoiningRecord(Record):
    """What came of the wish that an address gets letters."""

    outcome: Joining


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


class PlannedSlot(Record):
    """A slot that was planned: the edition, or why there was none."""

    slot: SlotRecordOut
    planned_at: datetime
    new_count: int
    edition: str | None
    silence: str | None
    detail: str | None

    @classmethod
    def of(cls, record: SlotRecord) -> Self:
        """Return the record of a planned slot."""
        return cls(
            slot=SlotRecordOut.of(record.slot),
            planned_at=record.planned_at,
            new_count=record.new_count,
            edition=record.edition,
            silence=record.silence.reason if record.silence else None,
            detail=record.silence.detail if record.silence else None,
        )


class EditionRecord(Record):
    """One subscriber's letter for one slot, as it was decided."""

    id: str
    subscriber: str
    slot: SlotRecordOut
    planned_at: datetime
    state: OutboxState | None
    entries: list[MatchRecord]
    also_matched: list[MatchRecord]

    @classmethod
    def of(cls, view: EditionView) -> Self:
        """Return the record of an edition."""
        edition = view.edition

        def records(matches: tuple[Match, ...]) -> list[MatchRecord]:
            return [MatchRecord.of(one, view.contents[one.revision]) for one in matches]

        return cls(
            id=edition.id,
            subscriber=edition.reader.subscriber,
            slot=SlotRecordOut.of(edition.slot),
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
    slot: SlotRecordOut | None
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
            slot=SlotRecordOut.of(item.slot) if item.slot else None,
            attempts=item.attempts,
            not_before=item.not_before,
            message_id=item.message_id,
            last_reply=item.last_reply,
            updated_at=item.updated_at,
        )


class EntryPage(Record):
    """Some entries; `next` is what to ask `after` for more, None at the end."""

    entries: list[EntryRecord]
    next: int | None


class SubscriberPage(Record):
    """Some subscribers; `next` is what to ask `after` for more, None at the end."""

    subscribers: list[SubscriberRecord]
    next: str | None


class DeliveryPage(Record):
    """Some messages; `next` is what to ask `before` for more, None at the end."""

    deliveries: list[DeliveryRecord]
    next: int | None


class TopicList(Record):
    """The catalogue."""

    topics: list[TopicRecord]


class EditionList(Record):
    """The last slots of a subscriber, the latest first."""

    editions: list[PlannedSlot]
