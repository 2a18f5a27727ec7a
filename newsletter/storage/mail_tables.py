"""The tables of mail that comes in and of messages that are no letters, as rows (see `tables`)."""

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field

from newsletter.storage.columns import Moment, Row


class ReplyRow(Row, table=True):
    """A message of the outbox that is no letter, as it will leave. `message` is NULL once wiped."""

    __tablename__: ClassVar[str] = "replies"
    outbox: int = Field(primary_key=True)
    kind: str
    to_key: str
    sender: str
    message_id: str
    message: bytes | None = None
    answers: int | None = None
    holds_token: bool
    posted_at: datetime = Field(sa_type=Moment)


class KeyRow(Row, table=True):
    """A random token that was given out, under its hash."""

    __tablename__: ClassVar[str] = "keys"
    hash: str = Field(primary_key=True)
    purpose: str
    subscriber: str
    address: str
    made_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    wish: str


class InboundRow(Row, table=True):
    """One message that came in, as it came. `digest` is that of where it lay, and tells a repeat."""

    __tablename__: ClassVar[str] = "inbound"
    id: int = Field(primary_key=True)
    digest: str | None = None
    raw: bytes
    sender: str | None = None
    recipient: str | None = None
    received_at: datetime = Field(sa_type=Moment)
    state: str
    tries: int
    held_until: datetime | None = Field(default=None, sa_type=Moment)
    note: str


class BounceRow(Row, table=True):
    """What bounces have said of one address so far, as JSON."""

    __tablename__: ClassVar[str] = "bounces"
    address_key: str = Field(primary_key=True)
    standing: str


class VoteRow(Row, table=True):
    """What a subscriber thinks of one entry: 1 more like this, -1 less."""

    __tablename__: ClassVar[str] = "votes"
    subscriber: str = Field(primary_key=True)
    entry: str = Field(primary_key=True)
    vote: int
    voted_at: datetime = Field(sa_type=Moment)


class PurgedRow(Row, table=True):
    """How many messages of the outbox that were over on one day, in UTC, are forgotten."""

    __tablename__: ClassVar[str] = "purged_messages"
    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    messages: int


class SubmissionRow(Row, table=True):
    """A mail that came in for a source, as it came. `inbound` tells a repeat."""

    __tablename__: ClassVar[str] = "submissions"
    number: int = Field(primary_key=True)
    inbound: int
    source: str
    raw: bytes
    received_at: datetime = Field(sa_type=Moment)
    is_let_go: bool
