"""Suppressions: under the address of a person, or under a keyed hash of an address that was forgotten.

A hash becomes the address again when somebody comes with it: then it is no secret any more, and
everything that asks whether a person may be written to finds it as ever.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from newsletter.model import AddressKey, Suppression, SuppressionCause
from newsletter.rules.addresses import Secrets, suppression_key, suppression_keys
from newsletter.storage.bulk import insert_missing, put_rows
from newsletter.storage.columns import remark, table_of
from newsletter.storage.rows import rows_in
from newsletter.storage.tables import SuppressionRow

_TABLE: Final = table_of(SuppressionRow)
_KEY: Final = _TABLE.c.address_key


def write_suppression(
    connection: Connection, suppression: Suppression, secrets: Secrets | None
) -> None:
    """Write a suppression in place of every earlier one of that address."""
    lift(connection, suppression.address, secrets)
    put_rows(connection, _TABLE, [_row_of(suppression)])


def lift(connection: Connection, address: AddressKey, secrets: Secrets | None) -> None:
    """Remove the suppression of an address, hashed or not; `address` may be the hash itself."""
    names = [address, *_hidden(address, secrets)]
    connection.execute(delete(_TABLE).where(_KEY.in_(names)))


def find_suppression(
    connection: Connection, address: AddressKey, secrets: Secrets | None
) -> Suppression | None:
    """Return the suppression of an address, also of one that was forgotten."""
    names = [address, *_hidden(address, secrets)]
    found = {row["address_key"]: row for row in rows_in(connection, select(_TABLE), _KEY, names)}
    row = next((found[name] for name in names if name in found), None)
    return _suppression_of(row, address) if row else None


def list_suppressions(connection: Connection) -> Sequence[Suppression]:
    """Return all suppressions, the newest first."""
    query = select(_TABLE).order_by(_TABLE.c.since_at.desc(), _KEY)
    rows = connection.execute(query).mappings()
    return [_suppression_of(row, AddressKey(row["address_key"])) for row in rows]


def reveal(
    connection: Connection, addresses: Iterable[AddressKey], secrets: Secrets | None
) -> None:
    """Let the suppressions of forgotten addresses that have come again stand under them."""
    addresses_of = {name: one for one in addresses for name in _hidden(one, secrets)}
    if not addresses_of:
        return
    found = [dict(row) for row in rows_in(connection, select(_TABLE), _KEY, addresses_of)]
    rows = [{**row, "address_key": addresses_of[row["address_key"]]} for row in found]
    insert_missing(connection, _TABLE, rows)
    if found:
        gone = [row["address_key"] for row in found]
        connection.execute(delete(_TABLE).where(_KEY.in_(gone)))


def hide(connection: Connection, address: AddressKey, secrets: Secrets | None) -> None:
    """Let the suppression of an address stand under its hash, without the words of its server."""
    found = find_suppression(connection, address, None)
    if found and secrets:
        hidden = Suppression(suppression_key(address, secrets), found.cause, "", found.since_at)
        lift(connection, address, secrets)
        put_rows(connection, _TABLE, [_row_of(hidden)])


def _hidden(address: AddressKey, secrets: Secrets | None) -> tuple[AddressKey, ...]:
    return suppression_keys(address, secrets) if secrets else ()


def _row_of(suppression: Suppression) -> dict[str, object]:
    return {
        "address_key": suppression.address,
        "cause": suppression.cause,
        "detail": remark(suppression.detail),
        "since_at": suppression.since_at,
    }


def _suppression_of(row: Any, address: AddressKey) -> Suppression:
    since_at: datetime = row["since_at"]
    return Suppression(address, SuppressionCause(row["cause"]), row["detail"], since_at)
