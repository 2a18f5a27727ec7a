"""Entries: one row per real paper, and every revision of its content."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from newsletter.model import (
    NO_RELEASE,
    Admission,
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    IdentityKey,
    ReleaseNo,
    RevisionId,
    SourceName,
)
from newsletter.storage.codec import read_content
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.entry_holding import count_held, drop_held, release_held
from newsletter.storage.entry_reading import entries_by_key, load_entries
from newsletter.storage.entry_writing import write_changes
from newsletter.storage.rows import last_number, lock_series, rows_in
from newsletter.storage.tables import EntryRow, EntrySourceRow, RevisionRow


class Entries:
    """The ports EntryStore and HeldEntries over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(
        self,
        keys: Iterable[IdentityKey],
        decide: Callable[[Mapping[IdentityKey, Sequence[Entry]]], Sequence[EntryChange]],
        *,
        now: datetime,
    ) -> Sequence[EntryChange]:
        """Look up `keys`, decide and apply the changes, all in one write transaction; return them.

        Raises UnknownEntryError for a revision of an entry that is not stored, StorageError for a
        new one that is; nothing is changed then.
        """
        with self._database.writing() as connection:
            lock_series(connection, "release")
            changes = decide(entries_by_key(connection, keys))
            write_changes(connection, changes, now)
        return changes

    def last_release(self) -> ReleaseNo:
        """Return the highest release number given so far, 0 when there is none."""
        with self._database.reading() as connection:
            return ReleaseNo(last_number(connection, "release"))

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        """Return entries with release_no > `above`, in release order."""
        table = table_of(EntryRow)
        return self._select(select(table.c.id).where(table.c.release_no > above))

    def find(
        self,
        *,
        since: datetime | None = None,
        source: SourceName | None = None,
        admission: Admission | None = Admission.RELEASED,
        up_to: ReleaseNo | None = None,
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`, in release order.

        Without `admission` only what letters may show is found; `up_to` leaves out what was released later.
        """
        table, sources = table_of(EntryRow), table_of(EntrySourceRow)
        query = select(table.c.id)
        if since is not None:
            query = query.where(table.c.first_seen_at >= since)
        if source is not None:
            of_source = select(sources.c.entry).where(sources.c.source == source)
            query = query.where(table.c.id.in_(of_source))
        if admission is not None:
            query = query.where(table.c.admission == admission)
        if up_to is not None:
            query = query.where(table.c.release_no <= up_to)
        return self._select(query)

    def held(self) -> Mapping[SourceName, int]:
        """Return how many wait of each source that announced some first."""
        with self._database.reading() as connection:
            return count_held(connection)

    def release(self, source: SourceName) -> int:
        """Give release numbers to what waits of a source, as it was first seen; return how many."""
        with self._database.writing() as connection:
            return release_held(connection, source)

    def drop(self, source: SourceName) -> int:
        """Pass over what waits of a source; return how many."""
        with self._database.writing() as connection:
            return drop_held(connection, source)

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries that exist among `ids`, in their present revision."""
        with self._database.reading() as connection:
            return load_entries(connection, ids)

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the contents of `revisions`, as they were when an edition named them."""
        table = table_of(RevisionRow)
        with self._database.reading() as connection:
            rows = list(rows_in(connection, select(table), table.c.id, revisions))
        return {RevisionId(row["id"]): read_content(row["content"]) for row in rows}

    def _select(self, query: Select[Any]) -> Sequence[Entry]:
        number = table_of(EntryRow).c.release_no
        in_order = query.order_by(number > NO_RELEASE, func.abs(number))
        with self._database.reading() as connection:
            ids = connection.execute(in_order).scalars().all()
            found = load_entries(connection, ids)
        return [found[id_] for id_ in ids]
