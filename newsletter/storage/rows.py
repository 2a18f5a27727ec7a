"""Moving many rows: lists in pieces that every database takes, and numbers from a series."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, insert, select, update

from newsletter.storage.columns import table_of
from newsletter.storage.tables import CounterRow

_T = TypeVar("_T")

PIECE: Final = 400
"""Values in one list of a statement. SQLite before 3.32 takes 999 variables in all: two lists."""


def pieces(things: Iterable[_T], size: int = PIECE) -> Iterator[list[_T]]:
    """Cut `things` into lists that one statement can hold."""
    rest = iter(things)
    while piece := list(islice(rest, size)):
        yield piece


def rows_in(
    connection: Connection, query: Select[Any], place: Any, wanted: Iterable[object]
) -> Iterator[RowMapping]:
    """Yield the rows of `query` where the column `place` is one of `wanted`; no order over all."""
    for piece in pieces(dict.fromkeys(wanted)):
        yield from connection.execute(query.where(place.in_(piece))).mappings()


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert all rows, if there are any."""
    if rows:
        connection.execute(insert(table), rows)


def take_numbers(connection: Connection, series: str, count: int) -> range:
    """Return the next `count` numbers of a series.

    The row stays locked until the transaction ends, so numbers become visible in their order.
    """
    table = table_of(CounterRow)
    here = table.c.name == series
    connection.execute(update(table).where(here).values(value=table.c.value + count))
    last = last_number(connection, series)
    return range(last - count + 1, last + 1)


def last_number(connection: Connection, series: str) -> int:
    """Return the last number given of a series, 0 before the first."""
    table = table_of(CounterRow)
    value: int = connection.execute(
        select(table.c.value).where(table.c.name == series)
    ).scalar_one()
    return value
