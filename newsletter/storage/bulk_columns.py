"""New rows of one table by their columns: for what is written for every letter.

SQLite takes tuples, which are put together from the columns without a step of the program for each, for up to
a hundred rows at once; what all rows have in common stands in the statement. PostgreSQL takes lines of COPY,
which it reads several times as fast as JSON.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, islice, repeat
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table
from sqlalchemy.types import Boolean, Date, Integer, TypeEngine

from newsletter.storage.bulk import insertion, names_of, write_zoned, writer_of
from newsletter.storage.columns import Moment
from newsletter.storage.driver import Driver, driver_of


class Same(NamedTuple):
    """The value that all rows have in a column."""

    value: object


Columns = Mapping[str, Sequence[object] | Same]
"""What stands in each column, row behind row; all are equally long."""


class NewRows(NamedTuple):
    """Rows that are not written yet: how many, and their columns."""

    size: int
    columns: Columns


_NULL: Final = r"\N"
_NOTHING: Final = ""
"""Stands for None in a column in which no row has this text."""
_ROWS_AT_ONCE: Final = 100
_VALUES_AT_ONCE: Final = 900
"""Beside one statement: some builds of SQLite take 999 at most (SQLITE_MAX_VARIABLE_NUMBER)."""
_LONGEST_LITERAL: Final = 40
"""A moment, a state, a name of a zone."""
_ESCAPES: Final = (("\\", r"\\"), ("\n", r"\n"), ("\t", r"\t"), ("\r", r"\r"))


def insert_columns(connection: Connection, table: Table, count: int, columns: Columns) -> None:
    """Insert `count` rows, all at once; an error where a key is there already."""
    if not count:
        return
    columns = {name: _shared(column, count) for name, column in columns.items()}
    driver = driver_of(connection)
    if driver.name == "postgresql":
        driver.copy(_copying(table, tuple(columns)), _lines(table, count, columns))
    else:
        _insert_some_at_once(driver, table, count, columns)


def _insert_some_at_once(driver: Driver, table: Table, count: int, columns: Columns) -> None:
    values, own = _in_statement(table, count, columns)
    rows = zip(*own, strict=True) if own else repeat((), count)
    size = min(_ROWS_AT_ONCE, _VALUES_AT_ONCE // max(1, len(own)))
    if count >= size:
        each = (tuple(chain.from_iterable(islice(rows, size))) for _ in range(count // size))
        driver.change_all(insertion(table, columns, values, at_once=size), each)
    driver.change_all(insertion(table, columns, values), rows)


def _shared(column: Sequence[object] | Same, count: int) -> Sequence[object] | Same:
    """Return a column as the value that all its rows have, where it is one."""
    if isinstance(column, Same) or column[0] != column[-1] or column.count(column[0]) < count:
        return column
    return Same(column[0])


def _in_statement(
    table: Table, count: int, columns: Columns
) -> tuple[list[str], list[Iterable[object]]]:
    """Return what stands in a statement of SQLite for a row, and the columns that stand beside it."""
    values: list[str] = []
    own: list[Iterable[object]] = []
    for name, column in columns.items():
        write = writer_of(table.c[name].type)
        if isinstance(column, Same):
            (value,) = _filled((column.value,), write)
            literal = _literal(value)
            values.append(literal or "?")
            own += [] if literal else [repeat(value, count)]
        elif None in column and _NOTHING not in column:
            # The driver asks around what to do with each None; the database makes one in no time.
            values.append(f"nullif(?, '{_NOTHING}')")
            own.append(_filled(column, write, _NOTHING))
        else:
            values.append("?")
            own.append(_filled(column, write))
    return values, own


def _literal(value: object) -> str:
    """Return a value as it stands in a statement of SQLite; empty for one that must stand beside it."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, str) and len(value) <= _LONGEST_LITERAL and value.isprintable():
        return "'{}'".format(value.replace("'", "''"))
    return ""


def _lines(table: Table, count: int, columns: Columns) -> str:
    """Return the rows in the text format of COPY (PostgreSQL's manual, under COPY)."""
    texts = (_written(table.c[name].type, column, count) for name, column in columns.items())
    return "\n".join(map("\t".join, zip(*texts, strict=True)))


def _written(kind: TypeEngine[Any], column: Sequence[Any] | Same, count: int) -> Iterable[str]:
    """Return a column as it stands in the lines; what is the same in all rows is written once."""
    write = _text_of(kind)
    if isinstance(column, Same):
        value = column.value
        return repeat(_NULL if value is None else write(value), count)
    is_plain = write is _escaped and None not in column
    return _all_escaped(column) if is_plain else _filled(column, write, _NULL)


def _filled(
    column: Sequence[object], write: Callable[[Any], object] | None, nothing: object = None
) -> Iterable[Any]:
    if None not in column:
        return column if write is None else map(write, column)
    if write is None:
        return [nothing if value is None else value for value in column]
    return [nothing if value is None else write(value) for value in column]


def _copying(table: Table, columns: Iterable[str]) -> str:
    return f"COPY {table.name} ({names_of(columns)}) FROM STDIN"


def _text_of(kind: TypeEngine[Any]) -> Callable[[Any], str]:
    """Return how a value of a column is written in a line."""
    return next((write for known, write in _TEXTS if isinstance(kind, known)), _escaped)


def _all_escaped(column: Iterable[Any]) -> Sequence[str]:
    values: list[str] = list(column)
    whole = "".join(values)
    for special, escape in _ESCAPES:
        if special in whole:
            values = [value.replace(special, escape) for value in values]
    return values


def _escaped(value: str) -> str:
    for special, escape in _ESCAPES:
        if special in value:
            value = value.replace(special, escape)
    return value


_TEXTS: Final[tuple[tuple[type[TypeEngine[Any]], Callable[[Any], str]], ...]] = (
    (Moment, write_zoned),
    (Date, date.isoformat),
    (Boolean, "ft".__getitem__),
    (Integer, str),
)
