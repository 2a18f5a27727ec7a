"""Moving many rows: lists in pieces that every database takes, and numbers from a series."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, RowMapping, Select, select, update

from newsletter.storage.bulk import is_listed, listed
from newsletter.storage.columns import table_of
from newsletter.storage.driver import driver_of
from newsletter.storage.tables import CounterRow

_T = TypeVar("_T")

LARGE_PIECE: Final = 10_000
"""Values that stand in a statement as one."""
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
    narrowed = _narrowed(query, place, connection.dialect.name)
    for piece in pieces(dict.fromkeys(wanted), LARGE_PIECE):
        yield from connection.execute(narrowed, listed(connection, piece)).mappings()


def tuples_in(
    connection: Connection,
    query: Select[Any],
    place: Any,
    wanted: Iterable[object],
    values: Mapping[str, object] | None = None,
) -> Iterator[Any]:
    """Yield the same rows as tuples, in the order of the columns: for where many are read.

    `values` are those of other parameters of the query.
    """
    narrowed = _narrowed(query, place, connection.dialect.name)
    for piece in pieces(dict.fromkeys(wanted), LARGE_PIECE):
        yield from connection.execute(narrowed, {**listed(connection, piece), **(values or {})})


def fetch_listed(
    connection: Connection, query: Select[Any], place: Any, wanted: Iterable[object]
) -> list[Sequence[Any]]:
    """Return the same rows by the short way of `driver`: for what is read for each letter."""
    driver = driver_of(connection)
    narrowed = _narrowed(query, place, driver.name)
    return [
        row
        for piece in pieces(dict.fromkeys(wanted), LARGE_PIECE)
        for row in driver.fetch(narrowed, listed(connection, piece))
    ]


@lru_cache(maxsize=256)  # to build a statement takes longer than to run it
def _narrowed(query: Select[Any], place: Any, dialect: str) -> Select[Any]:
    return query.where(is_listed(place, dialect))


def lock_series(connection: Connection, series: str) -> None:
    """Wait until nobody else writes what this series numbers; hold it until the transaction ends.

    What is read then and written on the strength of it cannot change in between. On SQLite, where
    who writes writes alone, that holds anyway.
    """
    table = table_of(CounterRow)
    connection.execute(select(table.c.value).where(table.c.name == series).with_for_update())


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
