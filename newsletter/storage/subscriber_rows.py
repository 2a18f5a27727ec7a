"""Between the rows of a person and the model."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, select, text

from newsletter.model import (
    AddressKey,
    ConsentRecord,
    EmailAddress,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    SuppressionCause,
)
from newsletter.rules.addresses import address_key
from newsletter.storage.bulk import LISTED, listed
from newsletter.storage.codec import read_preferences, write_preferences
from newsletter.storage.columns import table_of
from newsletter.storage.rows import LARGE_PIECE, fetch_listed, pieces
from newsletter.storage.tables import SubscriberRow, SuppressionRow

_PEOPLE: Final = table_of(SubscriberRow)
_SUPPRESSIONS: Final = table_of(SuppressionRow)

SUBSCRIBERS_WITH_SUPPRESSION: Final[Select[Any]] = select(
    *(one for one in _PEOPLE.c if one.name != "look_at"),
    _SUPPRESSIONS.c.cause,
    _SUPPRESSIONS.c.detail,
    _SUPPRESSIONS.c.since_at.label("suppressed_at"),
).outerjoin(_SUPPRESSIONS, _SUPPRESSIONS.c.address_key == _PEOPLE.c.address_key)

KEPT_SUBSCRIBERS: Final = SUBSCRIBERS_WITH_SUPPRESSION.with_for_update(of=_PEOPLE, key_share=True)
"""The same, each kept as it is until the transaction ends; see `lock_people`."""

_KEPT_STATES: Final = (
    select(_PEOPLE.c.id, _PEOPLE.c.state)
    .order_by(_PEOPLE.c.id)
    .with_for_update(key_share=True)  # a lock that lets other rows go on to name this one
)

_IDS: Final = select(_PEOPLE.c.id)
_APART: Final = text(
    f"""SELECT id FROM subscribers INDEXED BY subscribers_apart
        WHERE state <> '{SubscriptionState.CONFIRMED}'
        AND id IN (SELECT value FROM json_each(:{LISTED}))"""  # noqa: S608 - our own words
)
"""Who of some is no subscriber: asked of SQLite, which would take the index of all ids by itself."""
_ANY_APART: Final = text(
    f"""SELECT id FROM subscribers INDEXED BY subscribers_apart
        WHERE state <> '{SubscriptionState.CONFIRMED}' AND id BETWEEN :first AND :last LIMIT 1"""  # noqa: S608 - our own words
)

_STATES: Final = {str(one): one for one in SubscriptionState}
_CAUSES: Final = {str(one): one for one in SuppressionCause}


def subscriber_of(row: Sequence[Any]) -> Subscriber:
    """Return the person of a row of SUBSCRIBERS_WITH_SUPPRESSION."""
    (
        id_, key, address, state, since_at, confirmed_at, document, cadence_since_at, is_disowned,
        cause, detail, suppressed_at,
    ) = row  # fmt: skip
    suppression = None
    if cause is not None:
        suppression = Suppression(AddressKey(key), _CAUSES[cause], detail, suppressed_at)
    preferences = None if document is None or is_disowned else read_preferences(document)
    return Subscriber(
        SubscriberId(id_),
        EmailAddress(address),
        _STATES[state],
        since_at,
        confirmed_at,
        preferences,
        cadence_since_at,
        suppression,
    )


def row_of(person: Subscriber) -> dict[str, object]:
    """Return the values of a person's row; the suppression stands elsewhere.

    Without a document in force nothing is said of it: the row keeps the last one, whose cadence
    counts when the document comes back.
    """
    preferences = person.preferences
    document = (
        {}
        if preferences is None
        else {"preferences": write_preferences(preferences), "is_disowned": False}
    )
    return {
        "id": person.id,
        "address_key": address_key(person.address),
        "address": person.address,
        "state": person.state,
        "since_at": person.since_at,
        "confirmed_at": person.confirmed_at,
        "cadence_since_at": person.cadence_since_at,
        **document,
    }


def consent_of(row: RowMapping) -> ConsentRecord:
    """Return one line of the consent log."""
    return ConsentRecord(
        subscriber=SubscriberId(row["subscriber"]),
        address=EmailAddress(row["address"]),
        event=SubscriptionEvent(row["event"]),
        at=row["at"],
        statement=row["statement"],
        evidence=row["evidence"],
    )


def lock_people(connection: Connection, people: Iterable[str]) -> set[str]:
    """Let nobody else change the rows of these people until the transaction ends; return who wants letters.

    Everything that decides which entries somebody gets does so behind this lock.
    """
    ids = sorted(people)
    if connection.dialect.name == "sqlite":  # who writes, writes alone
        return _wanting_letters(connection, ids)
    rows = fetch_listed(connection, _KEPT_STATES, _PEOPLE.c.id, ids)
    return {id_ for id_, state in rows if state == SubscriptionState.CONFIRMED}


def _wanting_letters(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return the same, of ids in order, by two indexes, without the rows, which stand in another order."""
    if not ids:
        return set()
    wanting = {id_ for (id_,) in fetch_listed(connection, _IDS, _PEOPLE.c.id, ids)}
    extent = {"first": ids[0], "last": ids[-1]}
    if connection.execute(_ANY_APART, extent).first() is None:
        return wanting  # nearly always
    for some in pieces(ids, LARGE_PIECE):
        wanting -= set(connection.execute(_APART, listed(connection, some)).scalars())
    return wanting
