"""Entries: one row per real paper, and every revision of its content."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from newsletter.model import (
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
from newsletter.storage.entry_reading import entries_by_key, load_entries
from newsletter.storage.entry_writing import write_changes
from newsletter.storage.rows import last_number, lock_series, rows_in
from newsletter.storage.tables import EntryRow, EntrySourceRow, RevisionRow


class Entries:
    """The EntryStore port over a database."""

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
        self, *, since: datetime | None = None, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`, in release order."""
        table, sources = table_of(EntryRow), table_of(EntrySourceRow)
        query = select(table.c.id)
        if since is not None:
            query = query.where(table.c.first_seen_at >= since)
        if source is not None:
            of_source = select(sources.c.entry).where(sources.c.source == source)
            query = query.where(table.c.id.in_(of_source))
        return self._select(query)

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
        with self._database.reading() as connection:
            found = load_entries(connection, connection.execute(query).scalars().all())
        return sorted(found.values(), key=lambda entry: entry.release_no)
