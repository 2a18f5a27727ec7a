"""Everything that is stored of a person goes, in all tables that know a subscriber or an address."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, delete, func, or_, select

from newsletter.model import AddressKey, InboundState, SubscriberId
from newsletter.ports import InboundTrace
from newsletter.rules.addresses import Secrets
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.documents import remove_document
from newsletter.storage.mail_tables import BounceRow, InboundRow, KeyRow, ReplyRow, VoteRow
from newsletter.storage.packs import packs_of, remove_empty
from newsletter.storage.page_traces import forget_on_pages
from newsletter.storage.rows import pieces
from newsletter.storage.suppressions import hide
from newsletter.storage.tables import (
    AppearanceRow,
    ConsentRow,
    EditionRow,
    OutboxRow,
    SlotRow,
    StandingRow,
    SubscriberRow,
    UnplannedDayRow,
)

_OF_ONE_PERSON: Final = (
    SlotRow,
    UnplannedDayRow,
    EditionRow,
    AppearanceRow,
    StandingRow,
    KeyRow,
    VoteRow,
)
"""Tables with a column `subscriber`, those that name others first."""
_PAGE: Final = 50
"""Whole messages that are looked through at a time: each can have a megabyte."""

_OUTBOX: Final = table_of(OutboxRow)
_EDITIONS: Final = table_of(EditionRow)
_REPLIES: Final = table_of(ReplyRow)
_KEYS: Final = table_of(KeyRow)
_INBOUND: Final = table_of(InboundRow)
_CONSENTS: Final = table_of(ConsentRow)
_PEOPLE: Final = table_of(SubscriberRow)
_BOUNCES: Final = table_of(BounceRow)
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")


def ids_of(connection: Connection, address: AddressKey) -> list[SubscriberId]:
    """Return every id that the person with an address ever had, the oldest first."""
    logged = select(_CONSENTS.c.subscriber).where(_CONSENTS.c.address_key == address)
    ids = list(connection.execute(logged.order_by(_CONSENTS.c.id)).scalars())
    ids += connection.execute(
        select(_PEOPLE.c.id).where(_PEOPLE.c.address_key == address)
    ).scalars()
    return [SubscriberId(one) for one in dict.fromkeys(ids)]


def outbox_of(
    connection: Connection, address: AddressKey, people: Sequence[SubscriberId]
) -> list[int]:
    """Return the numbers of all messages to an address, also those written to nobody known."""
    to_nobody = and_(_OUTBOX.c.subscriber == "", func.lower(_OUTBOX.c.recipient) == address)
    theirs = or_(_OUTBOX.c.subscriber.in_(people), to_nobody)
    numbers = list(connection.execute(select(_OUTBOX.c.id).where(theirs)).scalars())
    replies = select(_REPLIES.c.outbox).where(_REPLIES.c.to_key == address)
    return sorted({*numbers, *connection.execute(replies).scalars()})


def erase(
    connection: Connection,
    address: AddressKey,
    people: Sequence[SubscriberId],
    secrets: Secrets | None,
) -> int:
    """Remove all rows of an address and of the ids it had; return how many there were.

    Of a suppression the keyed hash stays; without `secrets` it stays as it is. The messages that
    came in are for `forget_received`.
    """
    gone = 0
    for piece in pieces(outbox_of(connection, address, people)):
        connection.execute(delete(_REPLIES).where(_REPLIES.c.outbox.in_(piece)))
        gone += connection.execute(delete(_OUTBOX).where(_OUTBOX.c.id.in_(piece))).rowcount
    packs = packs_of(connection, _editions_of(connection, people))
    for row_class in _OF_ONE_PERSON:
        table = table_of(row_class)
        gone += connection.execute(delete(table).where(table.c.subscriber.in_(people))).rowcount
    remove_empty(connection, packs)
    for table in (_CONSENTS, _BOUNCES, _PEOPLE):
        gone += connection.execute(delete(table).where(table.c.address_key == address)).rowcount
    gone += connection.execute(delete(_KEYS).where(_KEYS.c.address == address)).rowcount
    gone += remove_document(connection, address)
    gone += forget_on_pages(connection, address, people, secrets)
    hide(connection, address, secrets)
    return gone


def _editions_of(connection: Connection, people: Sequence[SubscriberId]) -> list[str]:
    theirs = select(_EDITIONS.c.id).where(_EDITIONS.c.subscriber.in_(people))
    return list(connection.execute(theirs).scalars())


def forget_received(database: Database, address: AddressKey) -> int:
    """Forget the messages that came in and name an address; return how many they were.

    Of those that wait for their first look, only those to or from it: another one may be somebody
    else's who quotes it, and must not be lost.
    """
    ids = [number for number, _ in received_of(database, address)]
    for piece in pieces(ids):
        with database.writing() as connection:
            connection.execute(delete(_INBOUND).where(_INBOUND.c.id.in_(piece)))
    return len(ids)


def received_of(database: Database, address: AddressKey) -> Iterator[tuple[int, InboundTrace]]:
    """Yield number and trace of the messages that came in and name an address, oldest first."""
    names = _naming(address)
    last = 0
    while True:
        page = select(_INBOUND).where(_INBOUND.c.id > last).order_by(_INBOUND.c.id)
        with database.reading() as connection:
            rows = list(connection.execute(page.limit(_PAGE)).mappings())
        for row in rows:
            if any(map(names.search, _texts_of(row))):
                yield row["id"], _trace_of(row)
        if len(rows) < _PAGE:
            return
        last = rows[-1]["id"]


def _texts_of(row: RowMapping) -> Iterator[bytes]:
    """Yield envelope and message in lower case; of one that nobody looked at, its header alone."""
    yield f"{row['sender']} {row['recipient']}".lower().encode("utf-8", "replace")
    whole = bytes(row["raw"]).lower()
    is_waiting = row["state"] == InboundState.RECEIVED and not row["tries"]
    yield _HEADER_END.split(whole, maxsplit=1)[0] if is_waiting else whole


def _trace_of(row: RowMapping) -> InboundTrace:
    return InboundTrace(
        received_at=row["received_at"],
        recipient=row["recipient"],
        size_bytes=len(row["raw"]),
        state=InboundState(row["state"]),
        note=row["note"],
    )


def _naming(address: AddressKey) -> re.Pattern[bytes]:
    """Return what finds an address in lower case, and not a longer one that ends or begins so."""
    octets = re.escape(address.encode("utf-8", "replace"))
    return re.compile(rb"(?<![a-z0-9.+_-])" + octets + rb"(?![a-z0-9-]|\.[a-z0-9])")
