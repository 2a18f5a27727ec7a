"""Moving a newsletter from a SQLite file to a PostgreSQL server.

The file is closed first, so that both hold the same to the end. Tables are copied by their keys, some
thousand rows in a transaction: what is there is always the beginning of a table, and a copy that was
interrupted goes on behind it. At last both are read whole and compared.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from newsletter.errors import ConfigError
from newsletter.ports import TellProgress
from newsletter.storage.database import Database
from newsletter.storage.moves import MoveState
from newsletter.storage.moving.handover import (
    arrive,
    finish,
    leave,
    plan_move,
    refuse_other_schemas,
)
from newsletter.storage.moving.shapes import Shape, listed, read_shapes
from newsletter.storage.moving.streams import (
    Row,
    last_key,
    read_file,
    read_server,
    write_server,
)
from newsletter.storage.moving.tallies import TableMoved, tally
from newsletter.storage.moving.troubles import refuse_troubles, refuse_undecodable

_CHUNK: Final = 5_000
"""Rows in one transaction: what is lost of a copy that is interrupted."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `was_there`: all had arrived before, so nothing was copied."""

    place: str
    tables: tuple[TableMoved, ...]
    was_there: bool

    @property
    def different(self) -> tuple[str, ...]:
        """The tables that are not the same on both sides."""
        return tuple(one.name for one in self.tables if not one.is_equal)


def move_database(
    file: Database,
    server: Database,
    *,
    now: datetime,
    copying: TellProgress,
    comparing: TellProgress,
) -> Moved:
    """Copy everything of a SQLite file to a PostgreSQL server, then compare; may be repeated.

    When all is equal the server is the newsletter's database and the file refuses to be used.
    `copying` and `comparing` hear of rows. Raises ConfigError for databases of another kind,
    SchemaError where the server holds something else, StorageError where a worker runs, a value
    cannot be moved, or a database does not answer: then it is to be repeated.
    """
    if file.path is None or server.path is not None:
        message = "newsletters are moved from a SQLite file to a PostgreSQL server only"
        raise ConfigError(message)
    refuse_other_schemas(file, server)
    with file.reading() as connection:
        shapes = read_shapes(connection)
        for shape in shapes:
            refuse_troubles(connection, file.name, shape)
    move = plan_move(file, server.name, now)
    state = arrive(server, move, file.name, shapes)
    leave(file, move)  # not before the server is known to take it
    with file.reading() as here:
        both = _Both(here, server, sum(_count(here, shape) for shape in shapes))
        with _named_places(file, here, shapes):
            copied = _copy(both, shapes, copying) if state is MoveState.ARRIVING else {}
            tables = tuple(_compare(both, shapes, copied, comparing))
    moved = Moved(server.name, tables, was_there=state is MoveState.ARRIVED)
    if not moved.different and not moved.was_there:
        finish(file, server, move)
    return moved


@dataclass(frozen=True, slots=True)
class _Both:
    """The file at one moment, the server, and how many rows there are to move."""

    here: Connection
    server: Database
    rows: int


def _copy(both: _Both, shapes: Sequence[Shape], tell: TellProgress) -> dict[str, int]:
    """Copy what is missing of each table; return how many rows that was."""
    copied: dict[str, int] = {}
    done = 0
    for shape in shapes:
        with both.server.reading() as there:
            after = last_key(there, shape)
        before = _count(both.here, shape, after)
        tell(done + before, both.rows)
        copied[shape.name] = 0
        for rows in _copy_table(both, shape, after):
            copied[shape.name] += rows
            tell(done + before + copied[shape.name], both.rows)
        done += before + copied[shape.name]
    return {name: rows for name, rows in copied.items() if rows}


def _copy_table(both: _Both, shape: Shape, after: Row | None) -> Iterator[int]:
    """Copy the rows behind a key, chunk by chunk; yield the size of each once it is committed."""
    rest = read_file(both.here, shape, after)
    for first in rest:
        with both.server.writing() as there:
            chunk = _Counted(chain([first], islice(rest, _CHUNK - 1)))
            write_server(there, shape, chunk)
        yield chunk.count


class _Counted:
    """Rows, and how many of them were taken."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _compare(
    both: _Both, shapes: Sequence[Shape], copied: dict[str, int], tell: TellProgress
) -> Iterator[TableMoved]:
    """Read each table on both sides, and yield what they hold. A row counts as done when read twice."""
    halves = 0

    def count(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal halves
        for row in rows:
            yield row
            halves += 1
            if not halves % _CHUNK:
                tell(min(halves // 2, both.rows), both.rows)

    for shape in shapes:
        here = tally(count(read_file(both.here, shape)))
        with both.server.reading() as connection:
            there = tally(count(read_server(connection, shape)))
        yield TableMoved(shape.name, copied.get(shape.name, 0), here, there)
    tell(both.rows, both.rows)


def _count(connection: Connection, shape: Shape, up_to: Row | None = ()) -> int:
    """Return how many rows a table of the file has, up to a key; for None no row at all."""
    if up_to is None:
        return 0
    words, values = f'SELECT count(*) FROM "{shape.name}"', tuple(up_to)  # noqa: S608 - names of our tables
    if values:
        words += f" WHERE ({listed(shape.key)}) <= ({', '.join('?' * len(values))})"
    rows: int = connection.exec_driver_sql(words, values).scalar_one()
    return rows


@contextmanager
def _named_places(file: Database, here: Connection, shapes: Sequence[Shape]) -> Iterator[None]:
    """Say where a text is that is not UTF-8, when the driver came to one."""
    try:
        yield
    except DBAPIError as error:
        if "Could not decode" in str(error.orig):
            for shape in shapes:
                refuse_undecodable(here, file.name, shape)
        raise
