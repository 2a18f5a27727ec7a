"""How values of ours stand in a column."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Table, TypeDecorator
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Long ago: the default of moments."""

_WITHOUT_ZONE: Final = len("2026-11-23 07:00:00.000000")

LONGEST_REMARK: Final = 1000
"""Characters kept of a text that the other side of a conversation wrote."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC and read back aware.

    Raises ValueError for a naive datetime: which moment it means is anybody's guess. SQLite has
    no such type: there it is a text that sorts as the moments do, `2026-11-23 07:00:00.000000`.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type with a time zone where there is one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object]:
        """Return the way into a statement."""
        return _aware if dialect.name == "postgresql" else _written

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002 - SQLAlchemy asks for it
    ) -> Callable[[Any], datetime | None] | None:
        """Return the way out of a row; the sessions on PostgreSQL are in UTC already."""
        return None if dialect.name == "postgresql" else _read


def _aware(value: datetime | None) -> datetime | None:
    return None if value is None else _refuse_naive(value)


def write_moment(value: datetime) -> str:
    """Return an aware moment as SQLite stores it; raises ValueError for a naive one."""
    moment = value if value.tzinfo is UTC else _refuse_naive(value).astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def _written(value: datetime | None) -> str | None:
    return None if value is None else write_moment(value)


def _refuse_naive(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = f"{value!r} has no time zone"
        raise ValueError(message)
    return value


def _read(value: str | None) -> datetime | None:
    return None if value is None else _read_moment(value)


@lru_cache(maxsize=4_096)  # the letters of one slot begin and end at the same moments
def _read_moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


class Row(SQLModel):
    """What the rows of all tables have in common: nothing builds what would check their values.

    We write them ourselves, and to build it takes each command longer than to open the database.
    """

    model_config = {"defer_build": True}


def table_of(row: type[SQLModel]) -> Table:
    """Return the table of a row class, for statements that move many rows."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def storable(text: str) -> str:
    """Return a foreign text without lone surrogates, which no database takes, and NUL, likewise."""
    return (
        text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


def remark(text: str) -> str:
    """Return what the other side of a conversation wrote, storable and bounded."""
    return storable(text[:LONGEST_REMARK])
