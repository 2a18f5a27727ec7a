"""Reading entries with all that belongs to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from newsletter.model import (
    NO_RELEASE,
    Admission,
    Entry,
    EntryId,
    IdentityKey,
    ReleaseNo,
    RevisionId,
    SourceName,
)
from newsletter.storage.codec import read_content, read_texts
from newsletter.storage.columns import table_of
from newsletter.storage.rows import pieces, rows_in
from newsletter.storage.tables import EntryKeyRow, EntryRow, EntrySourceRow, RevisionRow


def entries_by_key(
    connection: Connection, keys: Iterable[IdentityKey]
) -> Mapping[IdentityKey, Sequence[Entry]]:
    """Return the entries that share each of `keys`, in release order; keys of none are left out."""
    table = table_of(EntryKeyRow)
    rows = list(rows_in(connection, select(table), table.c.key, keys))
    entries = load_entries(connection, (row["entry"] for row in rows))
    found: defaultdict[IdentityKey, list[Entry]] = defaultdict(list)
    for row in rows:
        found[IdentityKey(row["key"])].append(entries[row["entry"]])
    return {key: sorted(some, key=lambda entry: entry.release_no) for key, some in found.items()}


def load_entries(connection: Connection, ids: Iterable[str]) -> dict[EntryId, Entry]:
    """Return the entries that exist among `ids`, in their present revision."""
    table, revisions = table_of(EntryRow), table_of(RevisionRow)
    query = select(table, revisions.c.content).join(revisions, revisions.c.id == table.c.revision)
    loaded: dict[EntryId, Entry] = {}
    for piece in pieces(dict.fromkeys(ids)):
        sources = _grouped(connection, EntrySourceRow, "source", piece)
        keys = _grouped(connection, EntryKeyRow, "key", piece)
        for row in connection.execute(query.where(table.c.id.in_(piece))).mappings():
            loaded[EntryId(row["id"])] = Entry(
                id=EntryId(row["id"]),
                revision=RevisionId(row["revision"]),
                content=read_content(row["content"]),
                sources=tuple(SourceName(name) for name in sources[row["id"]]),
                first_seen_at=row["first_seen_at"],
                release_no=ReleaseNo(max(NO_RELEASE, row["release_no"])),
                keys=frozenset(IdentityKey(key) for key in keys[row["id"]]),
                topics=read_texts(row["topics"], "entry topics"),
                admission=Admission(row["admission"]),
            )
    return loaded


def _grouped(
    connection: Connection,
    row_class: type[EntryKeyRow | EntrySourceRow],
    column: str,
    ids: Sequence[str],
) -> defaultdict[str, list[str]]:
    table = table_of(row_class)
    order = [table.c[name] for name in ("entry", "position") if name in table.c]
    query = select(table.c.entry, table.c[column]).where(table.c.entry.in_(ids)).order_by(*order)
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for entry, value in connection.execute(query):
        grouped[entry].append(value)
    return grouped
