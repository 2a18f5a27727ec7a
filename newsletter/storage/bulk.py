"""Statements for many rows at once, in the few words that each database program reads fastest.

SQLite takes one statement and a list of tuples; PostgreSQL one statement and all rows as one JSON
text, which is one message to the server instead of one for each row. Either is several times as
fast as handing the rows to SQLAlchemy, whose care each value would go through.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.types import Date, Integer, String, TypeEngine, UserDefinedType

from newsletter.storage.columns import Moment, write_moment

Row = Mapping[str, object]

_POSTGRESQL: Final = "postgresql"
LISTED: Final = "listed_values"
"""What the value of `listed` is called in a statement."""
_ROWS: Final = "json_populate_recordset(NULL::{table}, %(rows)s) AS new"


class _WrittenArray(UserDefinedType[Any]):
    """An array of PostgreSQL that is handed over as text: the driver would write value after value."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: object) -> str:
        """Return the name of the type."""
        return self.kind


TEXTS: Final = _WrittenArray("VARCHAR[]")
NUMBERS: Final = _WrittenArray("BIGINT[]")
TRUTHS: Final = _WrittenArray("BOOLEAN[]")
MOMENTS: Final = _WrittenArray("TIMESTAMP WITH TIME ZONE[]")
"""The types of what `write_array` writes; a moment is a text in UTC."""


class _Conflict(Enum):
    """What becomes of a row whose key is there already."""

    REFUSE = "refuse"
    REPLACE = "replace"
    SKIP = "skip"


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert all rows, if there are any; all say the same columns."""
    _insert(connection, table, rows, _Conflict.REFUSE)


def put_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert all rows, each in place of the one that has its primary key."""
    _insert(connection, table, rows, _Conflict.REPLACE)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert those rows whose primary key is not there yet."""
    _insert(connection, table, rows, _Conflict.SKIP)


def update_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    was: Row,
    also: str = "",
) -> int:
    """Give to the rows with these primary keys the other values; return how many were there.

    Left alone are those that do not have the values of `was`, and those for which `also`, a condition in
    SQL that names columns as `table.column`, does not hold.
    """
    if not rows:
        return 0
    columns, conditions = tuple(rows[0]), tuple(was)
    if connection.dialect.name == _POSTGRESQL:
        statement = _update_in_postgresql(table, columns, conditions, also)
        known = {f"was_{name}": value for name, value in was.items()}
        values = {"rows": _as_json(rows), **known}
        return connection.exec_driver_sql(statement, values).rowcount
    statement = _update_in_sqlite(table, columns, conditions, also)
    keys = _keys(table)
    order = [*(name for name in columns if name not in keys), *keys]
    fixed = _as_tuples(table, conditions, [was])[0]
    tuples = [(*one, *fixed) for one in _as_tuples(table, order, rows)]
    return connection.exec_driver_sql(statement, tuples).rowcount


def is_listed(place: ColumnElement[Any], dialect: str, name: str = LISTED) -> ColumnElement[bool]:
    """Return the condition that a column of texts or numbers is one of the values of `listed`."""
    if dialect == _POSTGRESQL:
        kind = NUMBERS if isinstance(place.type, Integer) else TEXTS
        return place == any_(bindparam(name, type_=kind))
    each = func.json_each(bindparam(name, type_=String))
    return place.in_(select(each.table_valued("value").c.value))


def listed(connection: Connection, values: Iterable[object], name: str = LISTED) -> Row:
    """Return the value of a statement with `is_listed`: one, so that the statement stays the same."""
    some = list(values)
    written = write_array(some) if connection.dialect.name == _POSTGRESQL else json.dumps(some)
    return {name: written}


def write_array(values: Iterable[object]) -> str:
    """Write numbers, texts or truths as an array (PostgreSQL's manual, section 8.15.6)."""
    inside = ",".join(["NULL" if value is None else _in_quotes(str(value)) for value in values])
    return f"{{{inside}}}"


def _in_quotes(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{text}"'


def _insert(connection: Connection, table: Table, rows: Sequence[Row], conflict: _Conflict) -> None:
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == _POSTGRESQL:
        statement = _insert_in_postgresql(table, columns, conflict)
        connection.exec_driver_sql(statement, {"rows": _as_json(rows)})
    else:
        statement = _insert_in_sqlite(table, columns, conflict)
        connection.exec_driver_sql(statement, _as_tuples(table, columns, rows))


def insertion(
    table: Table, columns: Iterable[str], values: Iterable[str], *, at_once: int = 1
) -> str:
    """Return the statement by which SQLite takes new rows with these columns, some at once.

    The `values` of each row stand in it. Of one for several rows an error leaves the rows before it: the
    transaction must be rolled back. To be able to take back such a statement alone, SQLite would copy each
    page that it touches into a file of its own first (https://www.sqlite.org/tempfiles.html, 2.3).
    """
    rows = ", ".join([f"({', '.join(values)})"] * at_once)
    insert = "INSERT" if at_once == 1 else "INSERT OR FAIL"
    return f"{insert} INTO {table.name} ({names_of(columns)}) VALUES {rows}"


@cache
def _insert_in_sqlite(table: Table, columns: tuple[str, ...], conflict: _Conflict) -> str:
    marks = "?" * len(columns)
    return f"{insertion(table, columns, marks)}{_on_conflict(table, columns, conflict)}"


@cache
def _insert_in_postgresql(table: Table, columns: tuple[str, ...], conflict: _Conflict) -> str:
    return (
        f"INSERT INTO {table.name} ({names_of(columns)}) SELECT {names_of(columns)}"  # noqa: S608 - our own names
        f" FROM {_ROWS.format(table=table.name)}{_on_conflict(table, columns, conflict)}"
    )


@cache
def _update_in_sqlite(
    table: Table,
    columns: tuple[str, ...],
    was: tuple[str, ...],
    also: str,
) -> str:
    keys = _keys(table)
    moved = ", ".join(f'"{name}" = ?' for name in columns if name not in keys)
    known = [f'"{name}" = ?' for name in was]
    here = " AND ".join([*(f'"{name}" = ?' for name in keys), *known, *_conditions(also)])
    return f"UPDATE {table.name} SET {moved} WHERE {here}"  # noqa: S608 - our own names


@cache
def _update_in_postgresql(
    table: Table,
    columns: tuple[str, ...],
    was: tuple[str, ...],
    also: str,
) -> str:
    keys = _keys(table)
    moved = ", ".join(f'"{name}" = new."{name}"' for name in columns if name not in keys)
    these = [f'{table.name}."{name}" = new."{name}"' for name in keys]
    known = [f'{table.name}."{name}" = %(was_{name})s' for name in was]
    here = " AND ".join([*these, *known, *_conditions(also)])
    rows = _ROWS.format(table=table.name)
    return f"UPDATE {table.name} SET {moved} FROM {rows} WHERE {here}"  # noqa: S608 - our own names


def _conditions(also: str) -> list[str]:
    return [f"({also})"] if also else []


def _on_conflict(table: Table, columns: tuple[str, ...], conflict: _Conflict) -> str:
    keys = _keys(table)
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
    return {
        _Conflict.REFUSE: "",
        _Conflict.SKIP: " ON CONFLICT DO NOTHING",
        _Conflict.REPLACE: f" ON CONFLICT ({names_of(keys)}) DO UPDATE SET {rest}",
    }[conflict]


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def names_of(columns: Iterable[str]) -> str:
    """Return the names of columns as a statement lists them."""
    return ", ".join(f'"{name}"' for name in columns)


def _as_json(rows: Sequence[Row]) -> str:
    return json.dumps(rows, default=_in_json, separators=(",", ":"))


def _in_json(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"  # the hex format of bytea, PostgreSQL's manual, section 8.4.1
    if isinstance(value, datetime):
        return write_zoned(value)
    if isinstance(value, date):
        return value.isoformat()
    message = f"{value!r} cannot stand in a column"
    raise TypeError(message)


def _as_tuples(
    table: Table, columns: Sequence[str], rows: Sequence[Row]
) -> list[tuple[object, ...]]:
    """Return the values of the rows as SQLite takes them, column by column."""
    taken = [[row[name] for row in rows] for name in columns]
    for place, name in enumerate(columns):
        write = writer_of(table.c[name].type)
        if write:
            taken[place] = [value if value is None else write(value) for value in taken[place]]
    return list(zip(*taken, strict=True))


@lru_cache(maxsize=4_096)  # a slot begins for all at once
def write_known(value: datetime | None) -> str | None:
    """Write a moment as SQLite has it, if there is one; most were written before."""
    return None if value is None else write_moment(value)


@lru_cache(maxsize=4_096)
def write_zoned(value: datetime) -> str:
    """Write a moment as PostgreSQL reads it."""
    return f"{write_moment(value)}Z"


def writer_of(kind: TypeEngine[Any]) -> Callable[[Any], str | None] | None:
    """Return how SQLite is given a value that it has no type for; None where it takes all as they are."""
    if isinstance(kind, Moment):
        return write_known
    return date.isoformat if isinstance(kind, Date) else None
