"""Statements that are repeated for every letter, handed to the driver as they are.

What SQLAlchemy does around a statement, or a transaction, takes longer than those themselves. Here
statements are written as text once, from the same tables, with the same conversions of values on
their way in and out; their errors are those that SQLAlchemy would raise.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, Self, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

_Result = TypeVar("_Result")
_Convert = Callable[[Any], Any]
_Values = Mapping[str, object]
_NO_VALUES: Final[_Values] = {}
_COMMIT: Final = "COMMIT"


class Driver:
    """A connection of the driver, in a transaction.

    Queries and statements are some few that live as long as the program: their text is kept.
    """

    def __init__(
        self, dialect: Dialect, connection: Any, invalidate: Callable[[BaseException], None]
    ) -> None:
        self.name = dialect.name
        self._dialect = dialect
        self._tongue = _Tongue.of(dialect)
        self._connection = connection
        self._invalidate = invalidate
        self._failures = dialect.loaded_dbapi.Error

    def fetch(self, query: Select[Any], values: _Values = _NO_VALUES) -> list[Sequence[Any]]:
        """Return all rows of a query, as lists or tuples in the order of its columns."""
        words = _in_words(query, self._tongue)
        rows = self._run(words.text, words.ordered(words.fill(values)), _fetch_all)
        return [_converted(row, words.leaving) for row in rows] if words.leaving else rows

    def change(self, statement: Update, values: _Values) -> int:
        """Run a statement; return how many rows it changed."""
        words = _in_words(statement, self._tongue)
        return self._run(words.text, words.ordered(words.fill(values)), _count)

    def change_each(
        self, statement: Update, rows: Sequence[_Values], shared: _Values = _NO_VALUES
    ) -> int:
        """Run a statement once for each of `rows`; return how many rows of its table it changed.

        What is not in the rows, and all that must be converted, is `shared` by them.
        """
        words = _in_words(statement, self._tongue)
        filled = words.fill(shared)
        each: list[Any] = [{**filled, **row} for row in rows]
        if words.order is not None:
            each = list(map(itemgetter(*words.order), each))
        return self.change_all(words.text, each)

    def change_all(self, text: str, rows: Iterable[Any]) -> int:
        """Run a statement once for each of `rows`, as the driver takes them; return how many it changed."""
        cursor = self._connection.cursor()
        try:
            cursor.executemany(text, rows)
            return _count(cursor)
        except self._failures as error:
            raise self._failure(text, error) from error
        finally:
            cursor.close()

    def copy(self, text: str, lines: str) -> None:
        """Hand over all rows of a COPY statement of PostgreSQL."""
        try:
            with self._connection.cursor() as cursor, cursor.copy(text) as copy:
                copy.write(lines)
        except self._failures as error:
            raise self._failure(text, error) from error

    def run(self, text: str) -> None:
        """Run a statement without values."""
        self._run(text, (), _count)

    def commit(self) -> None:
        """End the transaction: all of it is on the disk then."""
        try:
            self._connection.commit()
        except self._failures as error:
            raise self._failure(_COMMIT, error) from error

    def _run(self, text: str, values: Any, take: Callable[[Any], _Result]) -> _Result:
        cursor = self._connection.cursor()
        try:
            cursor.execute(text, values)
            return take(cursor)
        except self._failures as error:
            raise self._failure(text, error) from error
        finally:
            cursor.close()

    def _failure(self, text: str, error: Exception) -> BaseException:
        """Return the error that SQLAlchemy makes of this; a connection that is lost is given up."""
        is_lost = self._dialect.is_disconnect(error, self._connection, None)  # type: ignore[arg-type]
        if is_lost:
            self._invalidate(error)
        return _failure(self._dialect, text, error, is_lost=is_lost)


def driver_of(connection: Connection) -> Driver:
    """Return what is under a connection of SQLAlchemy, in the transaction of that."""
    # The driver's connection of a detached one is known as the one of DBAPI alone.
    below = connection.connection.dbapi_connection
    return Driver(connection.dialect, below, connection.invalidate)


@contextmanager
def transaction(engine: Engine, begin: Callable[["Driver"], None]) -> Iterator[Driver]:
    """Give a connection of the pool, in a transaction of its own; commit at the end.

    `begin` begins it. Whatever was not committed is rolled back by the pool.
    """
    dialect = engine.dialect
    failures = dialect.loaded_dbapi.Error
    try:
        pooled = engine.raw_connection()
    except failures as error:
        raise _failure(dialect, "", error, is_lost=True) from error
    try:
        driver = Driver(dialect, pooled.driver_connection, pooled.invalidate)
        begin(driver)
        yield driver
        driver.commit()
    finally:
        pooled.close()


@dataclass(frozen=True, slots=True)
class _Tongue:
    """What the text of a statement depends on: databases of one kind are spoken to in the same words."""

    name: str
    driver: str
    version: tuple[object, ...] | None
    dialect: Dialect = field(compare=False)

    @classmethod
    def of(cls, dialect: Dialect) -> Self:
        """Return how one is spoken to that has told its version, if it does."""
        version = getattr(dialect, "server_version_info", None)
        return cls(dialect.name, dialect.driver, version, dialect)


@dataclass(frozen=True, slots=True)
class _Words:
    """A query as text, with the values that stand in it.

    `order` names the values one by one, None where the driver takes them by name; `entering` and
    `leaving` are the conversions, of columns by their place.
    """

    text: str
    fixed: _Values
    order: tuple[str, ...] | None
    entering: Mapping[str, _Convert]
    leaving: tuple[tuple[int, _Convert], ...]

    def fill(self, values: _Values) -> dict[str, Any]:
        """Return these values and those that stand in it, as the driver takes them."""
        given = {**self.fixed, **values}
        for name in self.entering.keys() & values.keys():
            given[name] = self.entering[name](given[name])
        return given

    def ordered(self, filled: dict[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """Return the values in the order of the statement, where the driver goes by that."""
        return filled if self.order is None else [filled[name] for name in self.order]


def _converted(row: Sequence[Any], leaving: Sequence[tuple[int, _Convert]]) -> list[Any]:
    values = list(row)
    for place, convert in leaving:
        values[place] = convert(values[place])
    return values


@lru_cache(maxsize=256)
def _in_words(query: Select[Any] | Update, tongue: _Tongue) -> _Words:
    dialect = tongue.dialect
    compiled = query.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a query compiles to nothing else
    missing = dict.fromkeys(name for name, bound in compiled.binds.items() if bound.required)
    written = compiled.construct_expanded_state(missing)  # with each value of a list in its place
    entering = {
        name: convert
        for name, bound in compiled.binds.items()
        if (convert := _impl(bound.type, dialect).bind_processor(dialect))
    }
    leaving = [
        (place, convert)
        for place, column in enumerate(query.selected_columns if isinstance(query, Select) else ())
        if (convert := _impl(column.type, dialect).result_processor(dialect, None))
    ]
    return _Words(
        text=written.statement,
        fixed={name: _plain(value) for name, value in written.parameters.items()},
        order=None if written.positiontup is None else tuple(written.positiontup),
        entering=entering,
        leaving=tuple(leaving),
    )


def _plain(value: object) -> object:
    """Return a value as the driver takes it without a second look."""
    return value.value if isinstance(value, Enum) else value


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _fetch_all(cursor: Any) -> list[Sequence[Any]]:
    return list(cursor.fetchall())


def _count(cursor: Any) -> int:
    return int(cursor.rowcount)


def _failure(dialect: Dialect, text: str, error: Exception, *, is_lost: bool) -> BaseException:
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
