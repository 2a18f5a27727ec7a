"""The tables of what the web pages keep, as rows (see `tables`)."""

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field

from newsletter.storage.columns import Moment, Row


class EnquiryRow(Row, table=True):
    """What somebody asked for on a page, before anybody looks who it is."""

    __tablename__: ClassVar[str] = "enquiries"
    id: int = Field(primary_key=True)
    kind: str
    address: str
    document: str
    evidence: str
    asked_at: datetime = Field(sa_type=Moment)
    tries: int
    held_until: datetime | None = Field(default=None, sa_type=Moment)


class PublicEditionRow(Row, table=True):
    """What a topic of the catalogue brought on one day, as JSON; "" is the newsletter as a whole."""

    __tablename__: ClassVar[str] = "public_editions"
    topic: str = Field(primary_key=True)
    local_date: date = Field(primary_key=True)
    planned_at: datetime = Field(sa_type=Moment)
    new_count: int
    decision: str


class AuditRow(Row, table=True):
    """What an operator did on the pages."""

    __tablename__: ClassVar[str] = "audit"
    id: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor: str
    action: str
    subject: str
    detail: str


class ApiTokenRow(Row, table=True):
    """A token of the API under its hash. `scopes` are separated by spaces, `used_on` a day in UTC."""

    __tablename__: ClassVar[str] = "api_tokens"
    name: str = Field(primary_key=True)
    hash: str
    scopes: str
    made_at: datetime = Field(sa_type=Moment)
    ends_at: datetime | None = Field(default=None, sa_type=Moment)
    used_on: date | None = None
