"""Which document is in force for whom: compared with what stands in a store, and changed in batches."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from sqlalchemy import RowMapping, bindparam, select, update

from newsletter.model import AddressKey, Document, Preferences
from newsletter.ports import DocumentChanges
from newsletter.rules.addresses import address_key
from newsletter.storage.codec import read_preferences, write_preferences
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import pieces, rows_in
from newsletter.storage.tables import SubscriberRow

_BATCH: Final = 1000
"""Documents in one transaction: others can write between two of them."""
_DIGEST_BYTES: Final = 16

_PEOPLE: Final = table_of(SubscriberRow)
_ADOPTION: Final = (
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("person"))
    .values(
        preferences=bindparam("document"),
        cadence_since_at=bindparam("new_since_at"),
        is_disowned=False,
    )
)


class _Written(NamedTuple):
    """Preferences, and the digest of the text that they have in the database."""

    preferences: Preferences
    digest: bytes


class InForce:
    """The documents in force. Remembers how each was written, so that asking again costs little."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._written: dict[AddressKey, _Written] = {}

    def compare(self, documents: Mapping[AddressKey, Preferences]) -> DocumentChanges:
        """Return how these documents differ from those in force."""
        written: dict[AddressKey, _Written] = {}
        known: set[AddressKey] = set()
        changed: set[AddressKey] = set()
        missing: set[AddressKey] = set()
        in_force = 0
        for key, text, is_disowned in self._rows():
            known.add(key)
            has_one = text is not None and not is_disowned
            in_force += has_one
            preferences = documents.get(key)
            if preferences is None:
                missing.update((key,) if has_one else ())
                continue
            written[key] = one = self._as_written(key, preferences)
            if not has_one or _digest(text) != one.digest:
                changed.add(key)
        self._written = written
        unknown = frozenset(documents.keys() - known)
        return DocumentChanges(unknown, frozenset(changed), frozenset(missing), in_force)

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put these documents into force for the subscribers they name; others are ignored."""
        wanted = {address_key(one.preferences.email): one.preferences for one in documents}
        for piece in pieces(wanted.items(), _BATCH):
            self._adopt(dict(piece), now)

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force; the row keeps it."""
        wanted = sorted(addresses)
        if not wanted:
            return
        with self._database.writing() as connection:
            for piece in pieces(wanted):
                here = _PEOPLE.c.address_key.in_(piece)
                connection.execute(update(_PEOPLE).where(here).values(is_disowned=True))

    def _adopt(self, wanted: Mapping[AddressKey, Preferences], now: datetime) -> None:
        texts = {key: write_preferences(preferences) for key, preferences in wanted.items()}
        columns = _PEOPLE.c
        query = select(
            columns.id,
            columns.address_key,
            columns.preferences,
            columns.is_disowned,
            columns.cadence_since_at,
        )

        def changed(rows: Iterable[RowMapping]) -> list[dict[str, object]]:
            return [
                {
                    "person": row["id"],
                    "document": texts[row["address_key"]],
                    "new_since_at": _since(row, wanted[row["address_key"]], now),
                }
                for row in rows
                if row["is_disowned"] or row["preferences"] != texts[row["address_key"]]
            ]

        with self._database.reading() as connection:
            if not changed(rows_in(connection, query, columns.address_key, wanted)):
                return
        with self._database.writing() as connection:
            kept = query.order_by(columns.address_key).with_for_update(key_share=True)
            rows = changed(rows_in(connection, kept, columns.address_key, sorted(wanted)))
            if rows:
                connection.execute(_ADOPTION, rows)

    def _rows(self) -> Iterator[Any]:
        query = select(_PEOPLE.c.address_key, _PEOPLE.c.preferences, _PEOPLE.c.is_disowned)
        with self._database.reading() as connection:
            yield from connection.execute(query.execution_options(yield_per=_BATCH))

    def _as_written(self, key: AddressKey, preferences: Preferences) -> _Written:
        known = self._written.get(key)
        if known and known.preferences is preferences:
            return known
        return _Written(preferences, _digest(write_preferences(preferences)))


def _since(row: RowMapping, preferences: Preferences, now: datetime) -> datetime | None:
    """Return since when the cadence counts: from now on, unless the last document had the same."""
    last = row["preferences"]
    cadence = read_preferences(last).cadence if last else None
    since: datetime | None = row["cadence_since_at"]
    return since if cadence == preferences.cadence else now


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()
