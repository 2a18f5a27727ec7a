"""Writing what was decided about entries, many at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from newsletter.errors import StorageError, UnknownEntryError
from newsletter.model import (
    EntryChange,
    EntryId,
    IdentityKey,
    NewEntry,
    RevisedEntry,
    SourceName,
)
from newsletter.storage.bulk import insert_rows
from newsletter.storage.codec import content_hash, dump, write_content
from newsletter.storage.columns import table_of
from newsletter.storage.rows import pieces, rows_in, take_numbers
from newsletter.storage.tables import EntryKeyRow, EntryRow, EntrySourceRow, RevisionRow


@dataclass(frozen=True, slots=True)
class _Draft:
    """How an entry will stand. `release_no` is None for one that is stored already."""

    text: str
    sources: tuple[SourceName, ...]
    keys: frozenset[IdentityKey]
    topics: tuple[str, ...]
    release_no: int | None

    @property
    def revision(self) -> str:
        return content_hash(self.text)


def write_changes(connection: Connection, changes: Sequence[EntryChange], now: datetime) -> None:
    """Write `changes`, giving release numbers to new entries in their order.

    Several changes of one entry are written as their last. Raises UnknownEntryError for a
    revision of an entry that is not stored, StorageError for a new one that is.
    """
    drafts = _drafts(connection, changes)
    _keep_revisions(connection, drafts.values())
    _insert_new(connection, drafts, now)
    _update_known(connection, {id_: one for id_, one in drafts.items() if one.release_no is None})
    insert_rows(connection, table_of(EntrySourceRow), _source_rows(drafts))
    insert_rows(connection, table_of(EntryKeyRow), _key_rows(drafts))


def _drafts(connection: Connection, changes: Sequence[EntryChange]) -> dict[EntryId, _Draft]:
    told = [change for change in changes if isinstance(change, NewEntry | RevisedEntry)]
    table = table_of(EntryRow)
    rows = rows_in(connection, select(table.c.id), table.c.id, (change.id for change in told))
    known = {row["id"] for row in rows}
    count = sum(isinstance(change, NewEntry) for change in told)
    numbers = iter(take_numbers(connection, "release", count) if count else ())
    drafts: dict[EntryId, _Draft] = {}
    for change in told:
        is_known = change.id in known or change.id in drafts
        if isinstance(change, NewEntry):
            _refuse(change.id, "is stored already and cannot be new", StorageError, when=is_known)
            drafts[change.id] = _new(change, numbers)
        else:
            _refuse(change.id, "is not stored", UnknownEntryError, when=not is_known)
            drafts[change.id] = _revised(change, drafts.get(change.id))
    return drafts


def _refuse(
    entry: EntryId, fact: str, error: type[StorageError | UnknownEntryError], *, when: bool
) -> None:
    if when:
        raise error(f"entry {entry}: {fact}")


def _new(change: NewEntry, numbers: Iterator[int]) -> _Draft:
    text = write_content(change.content)
    return _Draft(text, (change.source,), change.keys, change.topics, next(numbers))


def _revised(change: RevisedEntry, before: _Draft | None) -> _Draft:
    number = before.release_no if before else None
    text = write_content(change.content)
    return _Draft(text, change.sources, change.keys, change.topics, number)


def _keep_revisions(connection: Connection, drafts: Iterable[_Draft]) -> None:
    table = table_of(RevisionRow)
    contents = {draft.revision: draft.text for draft in drafts}
    for row in list(rows_in(connection, select(table.c.id), table.c.id, contents)):
        del contents[row["id"]]
    insert_rows(connection, table, [{"id": id_, "content": text} for id_, text in contents.items()])


def _insert_new(connection: Connection, drafts: Mapping[EntryId, _Draft], now: datetime) -> None:
    rows = [
        {
            "id": id_,
            "revision": draft.revision,
            "release_no": draft.release_no,
            "first_seen_at": now,
            "topics": dump(draft.topics),
        }
        for id_, draft in drafts.items()
        if draft.release_no is not None
    ]
    insert_rows(connection, table_of(EntryRow), rows)


def _update_known(connection: Connection, drafts: Mapping[EntryId, _Draft]) -> None:
    if not drafts:
        return
    entries = table_of(EntryRow)
    statement = (
        update(entries)
        .where(entries.c.id == bindparam("entry"))
        .values(revision=bindparam("content"), topics=bindparam("names"))
    )
    values = [
        {"entry": id_, "content": draft.revision, "names": dump(draft.topics)}
        for id_, draft in drafts.items()
    ]
    connection.execute(statement, values)
    for table in (table_of(EntrySourceRow), table_of(EntryKeyRow)):
        for piece in pieces(drafts):
            connection.execute(delete(table).where(table.c.entry.in_(piece)))


def _source_rows(drafts: Mapping[EntryId, _Draft]) -> list[dict[str, object]]:
    return [
        {"entry": id_, "source": source, "position": position}
        for id_, draft in drafts.items()
        for position, source in enumerate(dict.fromkeys(draft.sources))
    ]


def _key_rows(drafts: Mapping[EntryId, _Draft]) -> list[dict[str, object]]:
    return [
        {"entry": id_, "key": key} for id_, draft in drafts.items() for key in sorted(draft.keys)
    ]
