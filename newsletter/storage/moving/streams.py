"""Rows in a stream, at the pace of the drivers: however large a table is, some few are in memory.

A row is what SQLite's driver hands out of a table as it is: texts, numbers, octets, None. Truths are
0 and 1 there, days and moments are texts (see `columns`). The other side writes and reads the same.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from newsletter.storage.moving.shapes import Kind, Shape, listed

Value = int | str | bytes | None
Row = tuple[Value, ...]

_AT_ONCE: Final = 50
"""Rows that are read at once: some can have a megabyte each."""

_IN_FILE: Final = {Kind.MOMENT: "CASE length({0}) WHEN 19 THEN {0} || '.000000' ELSE {0} END"}
_ON_SERVER: Final = {
    Kind.MOMENT: "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    Kind.DAY: "to_char({0}, 'YYYY-MM-DD')",
    Kind.TRUTH: "{0}::int",
}
_TYPES: Final = {Kind.NUMBER: "int8", Kind.TRUTH: "int4", Kind.OCTETS: "bytea"}


def read_file(connection: Connection, shape: Shape, after: Row | None = None) -> Iterator[Row]:
    """Yield the rows of a table of a SQLite file by their keys; `after` is a key to begin behind."""
    keys = listed(shape.key)
    behind = f" WHERE ({keys}) > ({', '.join('?' * len(shape.key))})" if after else ""
    words = f'SELECT {_columns(shape, _IN_FILE)} FROM "{shape.name}"{behind} ORDER BY {keys}'  # noqa: S608 - names of our tables
    with _as_ours(connection, words):
        cursor = _driver(connection).cursor()
        cursor.arraysize = _AT_ONCE
        try:
            cursor.execute(words, after or ())
            while rows := cursor.fetchmany():
                yield from rows
        finally:
            cursor.close()


def read_server(connection: Connection, shape: Shape) -> Iterator[Row]:
    """Yield the rows of a table on a PostgreSQL server by their keys, as `read_file` does."""
    query = f'SELECT {_columns(shape, _ON_SERVER)} FROM "{shape.name}" ORDER BY {listed(shape.key)}'  # noqa: S608 - names of our tables
    words = f"COPY ({query}) TO STDOUT"
    with _as_ours(connection, words):
        cursor = _driver(connection).cursor()
        try:
            with cursor.copy(words) as copy:
                copy.set_types([_TYPES.get(kind, "text") for _, kind in shape.columns])
                yield from copy.rows()
        finally:
            cursor.close()


def write_server(connection: Connection, shape: Shape, rows: Iterable[Row]) -> None:
    """Put rows into a table on a PostgreSQL server, all in one statement."""
    names = listed(tuple(name for name, _ in shape.columns))
    words = f'COPY "{shape.name}" ({names}) FROM STDIN'
    with _as_ours(connection, words):
        cursor = _driver(connection).cursor()
        try:
            with cursor.copy(words) as copy:
                for row in rows:
                    copy.write_row(row)
        finally:
            cursor.close()


def last_key(connection: Connection, shape: Shape) -> Row | None:
    """Return the highest key of a table on a PostgreSQL server as SQLite has it; None without rows."""
    kinds = dict(shape.columns)
    columns = ", ".join(_column(name, kinds[name], _ON_SERVER) for name in shape.key)
    order = ", ".join(f'"{name}" DESC' for name in shape.key)
    query = f'SELECT {columns} FROM "{shape.name}" ORDER BY {order} LIMIT 1'  # noqa: S608 - names of our tables
    row = connection.exec_driver_sql(query).first()
    return None if row is None else tuple(row)


def _columns(shape: Shape, words: dict[Kind, str]) -> str:
    return ", ".join(_column(name, kind, words) for name, kind in shape.columns)


def _column(name: str, kind: Kind, words: dict[Kind, str]) -> str:
    return words.get(kind, "{0}").format(f'"{name}"')


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@contextmanager
def _as_ours(connection: Connection, words: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy does, so that it is translated as ever."""
    failures = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except failures as error:
        raise DBAPIError.instance(
            words, None, error, failures, dialect=connection.dialect
        ) from error
