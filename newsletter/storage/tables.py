"""The tables, as rows. They are not the model: stores translate between the two.

Ids are given by the program (see `counters`), never by the database, so that every database
gives the same ones.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlmodel import Field

from newsletter.storage.columns import EPOCH, Moment, Row


class AppearanceState(StrEnum):
    """What became of the places that an edition gave to its entries."""

    LIVE = "live"
    """Sent, or on its way."""
    GIVEN_BACK = "given-back"
    """The edition failed or was cancelled: the next one may choose its entries."""


class CounterRow(Row, table=True):
    """The last number given of a series; its row is the lock of the series."""

    __tablename__: ClassVar[str] = "counters"
    name: str = Field(primary_key=True)
    value: int


class EntryRow(Row, table=True):
    """One real paper in its present revision. `topics` is a JSON list.

    `release_no` is unique. While an entry is not released it is below zero: -1 was seen before -2.
    """

    __tablename__: ClassVar[str] = "entries"
    id: str = Field(primary_key=True)
    revision: str
    release_no: int
    first_seen_at: datetime = Field(sa_type=Moment)
    topics: str
    admission: str


class EntryKeyRow(Row, table=True):
    """One identity key of one entry. Weak keys (a title) can lead to several entries."""

    __tablename__: ClassVar[str] = "entry_keys"
    key: str = Field(primary_key=True)
    entry: str = Field(primary_key=True)


class EntrySourceRow(Row, table=True):
    """One source that announced an entry; `position` keeps their order."""

    __tablename__: ClassVar[str] = "entry_sources"
    entry: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    position: int


class RevisionRow(Row, table=True):
    """A content that never changes, under the hash of its JSON."""

    __tablename__: ClassVar[str] = "revisions"
    id: str = Field(primary_key=True)
    content: str


class DressingRow(Row, table=True):
    """A set of templates with its letterhead, under the hash of its JSON."""

    __tablename__: ClassVar[str] = "dressings"
    id: str = Field(primary_key=True)
    content: str


class SourceReportRow(Row, table=True):
    """The last report of a source, as JSON, and when it was last pulled with success."""

    __tablename__: ClassVar[str] = "source_reports"
    name: str = Field(primary_key=True)
    report: str
    stored_at: datetime | None = Field(default=None, sa_type=Moment)


class SourceMemoryRow(Row, table=True):
    """What a source wants to know again at its next pull, as JSON."""

    __tablename__: ClassVar[str] = "source_memories"
    name: str = Field(primary_key=True)
    memory: str


class SubscriberRow(Row, table=True):
    """One person. `preferences` is the JSON of the document in force, or, disowned, of the last one.

    Before `look_at` no slot of theirs begins; see `resting`.
    """

    __tablename__: ClassVar[str] = "subscribers"
    id: str = Field(primary_key=True)
    address_key: str
    address: str
    state: str
    since_at: datetime = Field(sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    preferences: str | None = None
    cadence_since_at: datetime | None = Field(default=None, sa_type=Moment)
    is_disowned: bool = False
    look_at: datetime = Field(default=EPOCH, sa_type=Moment)


class ConsentRow(Row, table=True):
    """One line of the consent log."""

    __tablename__: ClassVar[str] = "consents"
    id: int = Field(primary_key=True)
    address_key: str
    subscriber: str
    address: str
    event: str
    at: datetime = Field(sa_type=Moment)
    statement: str
    evidence: str


class SuppressionRow(Row, table=True):
    """An address that must not be mailed. It outlives the person's row."""

    __tablename__: ClassVar[str] = "suppressions"
    address_key: str = Field(primary_key=True)
    cause: str
    detail: str
    since_at: datetime = Field(sa_type=Moment)


class DocumentRow(Row, table=True):
    """One preferences document as written, with the number of its last change."""

    __tablename__: ClassVar[str] = "documents"
    address_key: str = Field(primary_key=True)
    text: str
    change_no: int


class EditionRow(Row, table=True):
    """The decision what one letter holds, as JSON.

    Its matches are numbers: those of the pack from 0 on, those of `own` from -1 on down. Without a
    pack they are written out.
    """

    __tablename__: ClassVar[str] = "editions"
    id: str = Field(primary_key=True)
    subscriber: str
    decision: str
    pack: int | None = None
    own: str | None = None
    """Matches that no other edition of the pack has, one a line; empty for none."""


class PackRow(Row, table=True):
    """Matches that several editions have in common which were planned together, one a line."""

    __tablename__: ClassVar[str] = "packs"
    id: int = Field(primary_key=True)
    matches: str


class SlotRow(Row, table=True):
    """One planned slot. `name` is what makes it unique for its subscriber: see `slot_name`."""

    __tablename__: ClassVar[str] = "slots"
    subscriber: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    local_date: date
    begins_at: datetime = Field(sa_type=Moment)
    timezone: str
    kind: str
    planned_at: datetime = Field(sa_type=Moment)
    new_count: int
    edition: str | None = None
    silence: str | None = None
    detail: str | None = None


class UnplannedDayRow(Row, table=True):
    """A local day without a slot, and why somebody got nothing on it."""

    __tablename__: ClassVar[str] = "unplanned_days"
    subscriber: str = Field(primary_key=True)
    local_date: date = Field(primary_key=True)
    silence: str
    detail: str


class StandingRow(Row, table=True):
    """What the next plan for a subscriber starts from; `last_…` are of scheduled slots alone."""

    __tablename__: ClassVar[str] = "standings"
    subscriber: str = Field(primary_key=True)
    watermark: int
    last_date: date | None = None
    last_begins_at: datetime | None = Field(default=None, sa_type=Moment)
    last_timezone: str | None = None
    last_edition_on: date | None = None


class AppearanceRow(Row, table=True):
    """The entries of one edition: `shown`, and `named` under "also matched", as JSON lists.

    It stays when the edition is forgotten. None of the entries has a higher release number than
    `watermark`, so that what is newer need not be looked for.
    """

    __tablename__: ClassVar[str] = "appearances"
    subscriber: str = Field(primary_key=True)
    watermark: int = Field(primary_key=True)
    edition: str = Field(primary_key=True)
    state: str
    shown: str
    named: str


class OutboxRow(Row, table=True):
    """One message that must go, or what became of it.

    `begins_at` is the beginning of its slot, or when a reply was made: the order of going.
    `maybe_sent` is kept once the message was UNCERTAIN. `lease` names the worker that holds it.
    """

    __tablename__: ClassVar[str] = "outbox"
    id: int = Field(primary_key=True)
    kind: str
    subscriber: str
    recipient: str
    state: str
    begins_at: datetime = Field(sa_type=Moment)
    begin_by: datetime = Field(sa_type=Moment)
    retry_until: datetime = Field(sa_type=Moment)
    edition: str | None = None
    slot: str | None = None
    attempts: int = 0
    crashes: int = 0
    resends: int = 0
    maybe_sent: bool = False
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    message_id: str | None = None
    message_sha256: str | None = None
    last_reply: str = ""
    lease: str | None = None
    updated_at: datetime = Field(sa_type=Moment)


class LaneRow(Row, table=True):
    """How fast letters may leave by one lane, and whether at all. `refusals` is a JSON list."""

    __tablename__: ClassVar[str] = "lanes"
    name: str = Field(primary_key=True)
    free_at: datetime | None = Field(default=None, sa_type=Moment)
    day: date | None = None
    used: int
    halvings: int
    slowed_at: datetime | None = Field(default=None, sa_type=Moment)
    refusals: str
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    probe_at: datetime | None = Field(default=None, sa_type=Moment)
    probes: int
    reason: str
    told_at: datetime | None = Field(default=None, sa_type=Moment)


class MailHostsRow(Row, table=True):
    """Which servers take the mail of a domain, separated by spaces, as the DNS said at `asked_at`."""

    __tablename__: ClassVar[str] = "mail_hosts"
    domain: str = Field(primary_key=True)
    hosts: str
    asked_at: datetime = Field(sa_type=Moment)
    trouble: str


class PaceRow(Row, table=True):
    """Whose turn it is at a service, and when the next one may begin."""

    __tablename__: ClassVar[str] = "paces"
    name: str = Field(primary_key=True)
    holder: str | None = None
    taken_until: datetime | None = Field(default=None, sa_type=Moment)
    free_at: datetime | None = Field(default=None, sa_type=Moment)
