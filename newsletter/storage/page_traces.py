"""What is kept of a person through the pages: what was asked for there, and what operators did."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from newsletter.model import AddressKey, EmailAddress, SubscriberId
from newsletter.ports import DeedTrace, EnquiryTrace
from newsletter.rules.addresses import Secrets, address_key, suppression_keys
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.page_tables import AuditRow, EnquiryRow
from newsletter.storage.purging import Steps, repeat
from newsletter.storage.rows import pieces

ERASED: Final = "erased"
_ENQUIRIES: Final = table_of(EnquiryRow)
_AUDIT: Final = table_of(AuditRow)


def enquiries_of(connection: Connection, address: AddressKey) -> Iterator[EnquiryTrace]:
    """Yield what was asked for with an address and waits, oldest first."""
    waiting = select(_ENQUIRIES).where(_ENQUIRIES.c.id.in_(_asked_by(connection, address)))
    for row in connection.execute(waiting.order_by(_ENQUIRIES.c.id)).mappings():
        yield EnquiryTrace(row["kind"], row["asked_at"], row["document"], row["evidence"])


def deeds_on(
    connection: Connection,
    address: AddressKey,
    people: Sequence[SubscriberId],
    secrets: Secrets | None,
) -> Iterator[DeedTrace]:
    """Yield what operators did to a person, oldest first; who they were is not told."""
    theirs = select(_AUDIT).where(_is_about(address, people, secrets)).order_by(_AUDIT.c.id)
    for row in connection.execute(theirs).mappings():
        yield DeedTrace(row["at"], row["action"], row["detail"])


def forget_on_pages(
    connection: Connection,
    address: AddressKey,
    people: Sequence[SubscriberId],
    secrets: Secrets | None,
) -> int:
    """Forget what was asked for with an address, and to whom deeds were done; return how many.

    The deeds stay: that something was done, when, and by whom.
    """
    gone = 0
    for piece in pieces(_asked_by(connection, address)):
        gone += connection.execute(delete(_ENQUIRIES).where(_ENQUIRIES.c.id.in_(piece))).rowcount
    unnamed = update(_AUDIT).where(_is_about(address, people, secrets))
    return gone + connection.execute(unnamed.values(subject=ERASED, detail=ERASED)).rowcount


def purge_audit(database: Database, before: datetime, steps: Steps) -> int:
    """Forget what operators did before then."""
    some = select(_AUDIT.c.id).where(_AUDIT.c.at < before).order_by(_AUDIT.c.id).limit(steps.rows)

    def forget(connection: Connection) -> int:
        numbers = list(connection.execute(some).scalars())
        for piece in pieces(numbers):
            connection.execute(delete(_AUDIT).where(_AUDIT.c.id.in_(piece)))
        return len(numbers)

    return repeat(database, forget, steps)


def _asked_by(connection: Connection, address: AddressKey) -> list[int]:
    """Return the numbers of enquiries. They are few, and kept as they were typed: read them all."""
    rows = connection.execute(select(_ENQUIRIES.c.id, _ENQUIRIES.c.address))
    return [row.id for row in rows if address_key(EmailAddress(row.address)) == address]


def _is_about(
    address: AddressKey, people: Sequence[SubscriberId], secrets: Secrets | None
) -> ColumnElement[bool]:
    """Say which lines name a person: by id, by a hash of the address, or in the words of an error."""
    hashes = suppression_keys(address, secrets) if secrets else ()
    subjects = [*(f"person {one}" for one in people), *(f"address {one}" for one in hashes)]
    in_words = func.lower(_AUDIT.c.detail).contains(address, autoescape=True)
    return or_(_AUDIT.c.subject.in_(subjects), in_words)
