"""Entries that came in a flood: they wait, until they are let go or passed over."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from newsletter.model import Admission, SourceName
from newsletter.storage.bulk import update_rows
from newsletter.storage.columns import table_of
from newsletter.storage.rows import lock_series, take_numbers
from newsletter.storage.tables import EntryRow, EntrySourceRow

_ENTRIES: Final = table_of(EntryRow)
_SOURCES: Final = table_of(EntrySourceRow)
_IS_HELD: Final[ColumnElement[bool]] = literal_column("entries.admission = 'held'")
"""Written out as the partial index has it."""
_BY_FIRST_SOURCE: Final = (
    select(_ENTRIES.c.id, _SOURCES.c.source)
    .join(_SOURCES, _SOURCES.c.entry == _ENTRIES.c.id)
    .where(_IS_HELD, _SOURCES.c.position == 0)
)


def count_held(connection: Connection) -> dict[SourceName, int]:
    """Return how many entries wait of each source that announced some first."""
    held = _BY_FIRST_SOURCE.subquery()
    query = select(held.c.source, func.count()).group_by(held.c.source).order_by(held.c.source)
    return {SourceName(name): int(count) for name, count in connection.execute(query)}


def release_held(connection: Connection, source: SourceName) -> int:
    """Give release numbers to what waits of a source, as it was first seen; return how many."""
    lock_series(connection, "release")
    waiting = _waiting(connection, source)
    rows: list[dict[str, object]] = [
        {"id": id_, "release_no": number, "admission": Admission.RELEASED}
        for id_, number in zip(
            waiting, take_numbers(connection, "release", len(waiting)), strict=True
        )
    ]
    return update_rows(connection, _ENTRIES, rows, was={"admission": Admission.HELD})


def drop_held(connection: Connection, source: SourceName) -> int:
    """Pass over what waits of a source; return how many."""
    lock_series(connection, "release")
    rows: list[dict[str, object]] = [
        {"id": id_, "admission": Admission.PASSED} for id_ in _waiting(connection, source)
    ]
    return update_rows(connection, _ENTRIES, rows, was={"admission": Admission.HELD})


def _waiting(connection: Connection, source: SourceName) -> list[str]:
    query = _BY_FIRST_SOURCE.where(_SOURCES.c.source == source)
    # Numbers fall while entries wait: the first seen has the highest.
    first_seen = query.order_by(_ENTRIES.c.release_no.desc())
    return list(connection.execute(first_seen).scalars())
