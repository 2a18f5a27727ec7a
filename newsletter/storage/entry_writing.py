"""Writing what was decided about entries, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from newsletter.errors import StorageError, UnknownEntryError
from newsletter.model import (
    Admission,
    EntryChange,
    EntryId,
    IdentityKey,
    NewEntry,
    RevisedEntry,
    SourceName,
)
from newsletter.storage.bulk import insert_rows, update_rows
from newsletter.storage.codec import content_hash, dump, write_content
from newsletter.storage.columns import table_of
from newsletter.storage.rows import pieces, rows_in, take_numbers
from newsletter.storage.tables import EntryKeyRow, EntryRow, EntrySourceRow, RevisionRow


@dataclass(frozen=True, slots=True)
class _Draft:
    """How an entry will stand. `admission` is None where it, and the release number, stay."""

    text: str
    sources: tuple[SourceName, ...]
    keys: frozenset[IdentityKey]
    topics: tuple[str, ...]
    is_new: bool
    admission: Admission | None

    @property
    def revision(self) -> str:
        return content_hash(self.text)


def write_changes(connection: Connection, changes: Sequence[EntryChange], now: datetime) -> None:
    """Write `changes`, giving release numbers to what is released in their order.

    Several changes of one entry are written as their last. Raises UnknownEntryError for a
    revision of an entry that is not stored, StorageError for a new one that is.
    """
    drafts = _drafts(connection, changes)
    numbers = _take_release_numbers(connection, drafts)
    _keep_revisions(connection, drafts.values())
    _insert_new(connection, {id_: one for id_, one in drafts.items() if one.is_new}, numbers, now)
    known = {id_: one for id_, one in drafts.items() if not one.is_new}
    _update_known(connection, known)
    _update_admissions(connection, known, numbers)
    insert_rows(connection, table_of(EntrySourceRow), _source_rows(drafts))
    insert_rows(connection, table_of(EntryKeyRow), _key_rows(drafts))


def _drafts(connection: Connection, changes: Sequence[EntryChange]) -> dict[EntryId, _Draft]:
    told = [change for change in changes if isinstance(change, NewEntry | RevisedEntry)]
    table = table_of(EntryRow)
    query = select(table.c.id, table.c.admission)
    rows = rows_in(connection, query, table.c.id, (change.id for change in told))
    standing = {EntryId(row["id"]): Admission(row["admission"]) for row in rows}
    drafts: dict[EntryId, _Draft] = {}
    for change in told:
        is_known = change.id in standing
        if isinstance(change, NewEntry):
            _refuse(change.id, "is stored already and cannot be new", StorageError, when=is_known)
            standing[change.id] = change.admission
            drafts[change.id] = _new(change)
        else:
            _refuse(change.id, "is not stored", UnknownEntryError, when=not is_known)
            is_waking = change.is_released and standing[change.id] is not Admission.RELEASED
            drafts[change.id] = _revised(change, drafts.get(change.id), is_waking=is_waking)
    return drafts


def _take_release_numbers(
    connection: Connection, drafts: Mapping[EntryId, _Draft]
) -> dict[EntryId, int]:
    """Return the numbers of those that get one, in their order; below zero where not released."""
    released = [id_ for id_, one in drafts.items() if one.admission is Admission.RELEASED]
    others = [
        id_ for id_, one in drafts.items() if one.admission in {Admission.HELD, Admission.PASSED}
    ]
    numbers = dict(zip(released, _take(connection, "release", len(released)), strict=True))
    waiting = _take(connection, "unreleased", len(others))
    return numbers | {id_: -number for id_, number in zip(others, waiting, strict=True)}


def _take(connection: Connection, series: str, count: int) -> Sequence[int]:
    return take_numbers(connection, series, count) if count else ()


def _refuse(
    entry: EntryId, fact: str, error: type[StorageError | UnknownEntryError], *, when: bool
) -> None:
    if when:
        raise error(f"entry {entry}: {fact}")


def _new(change: NewEntry) -> _Draft:
    return _Draft(
        text=write_content(change.content),
        sources=(change.source,),
        keys=change.keys,
        topics=change.topics,
        is_new=True,
        admission=change.admission,
    )


def _revised(change: RevisedEntry, before: _Draft | None, *, is_waking: bool) -> _Draft:
    kept = before.admission if before else None
    return _Draft(
        text=write_content(change.content),
        sources=change.sources,
        keys=change.keys,
        topics=change.topics,
        is_new=before is not None and before.is_new,
        admission=Admission.RELEASED if is_waking else kept,
    )


def _keep_revisions(connection: Connection, drafts: Iterable[_Draft]) -> None:
    table = table_of(RevisionRow)
    contents = {draft.revision: draft.text for draft in drafts}
    for row in list(rows_in(connection, select(table.c.id), table.c.id, contents)):
        del contents[row["id"]]
    insert_rows(connection, table, [{"id": id_, "content": text} for id_, text in contents.items()])


def _insert_new(
    connection: Connection,
    drafts: Mapping[EntryId, _Draft],
    numbers: Mapping[EntryId, int],
    now: datetime,
) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": id_,
            "revision": draft.revision,
            "release_no": numbers[id_],
            "first_seen_at": now,
            "topics": dump(draft.topics),
            "admission": draft.admission,
        }
        for id_, draft in drafts.items()
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


def _update_admissions(
    connection: Connection, drafts: Mapping[EntryId, _Draft], numbers: Mapping[EntryId, int]
) -> None:
    """Write the numbers of those that wake; nothing that is released already is among them."""
    rows: list[dict[str, object]] = [
        {"id": id_, "release_no": numbers[id_], "admission": draft.admission}
        for id_, draft in drafts.items()
        if draft.admission is not None
    ]
    for unreleased in (Admission.HELD, Admission.PASSED):
        update_rows(connection, table_of(EntryRow), rows, was={"admission": unreleased})


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
