"""Whom a letter must not reach any more: its reader left, paused or bounced after it was decided."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.types import JSON

from newsletter.model import OutboxId, OutboxKind, SubscriptionState
from newsletter.storage.columns import table_of
from newsletter.storage.message_rows import OUTBOX
from newsletter.storage.rows import fetch_listed
from newsletter.storage.tables import SlotRow, SubscriberRow, SuppressionRow

_PEOPLE: Final = table_of(SubscriberRow)
_SLOTS: Final = table_of(SlotRow)
_SUPPRESSIONS: Final = table_of(SuppressionRow)

_IS_SUPPRESSED: Final = exists().where(_SUPPRESSIONS.c.address_key == _PEOPLE.c.address_key)

IS_WANTED: Final[ColumnElement[bool]] = or_(
    OUTBOX.c.kind != OutboxKind.EDITION,
    exists().where(
        _PEOPLE.c.id == OUTBOX.c.subscriber,
        _PEOPLE.c.state == SubscriptionState.CONFIRMED,
        _PEOPLE.c.is_disowned.is_(False),
        ~_IS_SUPPRESSED,
    ),
)
"""Whether a message still has its reader, as far as that can be seen without a look at documents."""


class _Hindrance(NamedTuple):
    """A row of `_hindered`."""

    id: OutboxId
    is_gone: bool
    suppressed_for: str | None
    is_disowned: bool | None
    paused_until: str | None


def find_hindrances(connection: Connection, items: Iterable[OutboxId]) -> dict[OutboxId, str]:
    """Return why these editions must not go to their readers any more; the others are not in it.

    A pause counts for the letters of its days, as it does when they are planned.
    """
    query = _hindered(connection.dialect.name)
    found = map(_Hindrance._make, fetch_listed(connection, query, OUTBOX.c.id, items))
    return {one.id: _reason(one) for one in found}


@cache
def _hindered(dialect: str) -> Select[Any]:
    paused_until = _paused_until(dialect)
    is_paused = and_(paused_until.is_not(None), cast(_SLOTS.c.local_date, String) < paused_until)
    is_gone = or_(_PEOPLE.c.id.is_(None), _PEOPLE.c.state != SubscriptionState.CONFIRMED)
    return (
        select(
            OUTBOX.c.id,
            is_gone.label("is_gone"),
            _SUPPRESSIONS.c.cause.label("suppressed_for"),
            _PEOPLE.c.is_disowned,
            paused_until.label("paused_until"),
        )
        .outerjoin(_PEOPLE, _PEOPLE.c.id == OUTBOX.c.subscriber)
        .outerjoin(_SUPPRESSIONS, _SUPPRESSIONS.c.address_key == _PEOPLE.c.address_key)
        .outerjoin(
            _SLOTS, and_(_SLOTS.c.subscriber == OUTBOX.c.subscriber, _SLOTS.c.name == OUTBOX.c.slot)
        )
        .where(OUTBOX.c.kind == OutboxKind.EDITION)
        .where(or_(is_gone, _SUPPRESSIONS.c.cause.is_not(None), _PEOPLE.c.is_disowned, is_paused))
    )


def _paused_until(dialect: str) -> ColumnElement[str]:
    """Return the day, as written, from which letters come again; NULL without a pause."""
    if dialect == "postgresql":
        document: Any = cast(_PEOPLE.c.preferences, JSON)
        found: ColumnElement[str] = document["pause_until"].as_string()
        return found
    text = _PEOPLE.c.preferences
    # As most documents are written: found without reading them. A quotation mark inside a text is escaped.
    is_absent = func.instr(text, '"pause_until":null') > 0
    return case((is_absent, null()), else_=func.json_extract(text, "$.pause_until", type_=String))


def _reason(one: _Hindrance) -> str:
    if one.is_gone:
        return "unsubscribed"
    if one.suppressed_for:
        return f"the address is suppressed ({one.suppressed_for})"
    return (
        "the preferences document is gone"
        if one.is_disowned
        else f"paused until {one.paused_until}"
    )
