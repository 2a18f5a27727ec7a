"""How values of ours stand in a column."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Table, TypeDecorator
from sqlmodel import SQLModel

LONGEST_REMARK: Final = 1000
"""Characters kept of a text that the other side of a conversation wrote."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC and read back aware.

    Raises ValueError for a naive datetime: which moment it means is anybody's guess.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy asks for it
        """Turn an aware moment into UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone"
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy asks for it
        """Give a stored moment its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def table_of(row: type[SQLModel]) -> Table:
    """Return the table of a row class, for statements that move many rows."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def storable(text: str) -> str:
    """Return a foreign text without the lone surrogates that no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def remark(text: str) -> str:
    """Return what the other side of a conversation wrote, storable and bounded."""
    return storable(text[:LONGEST_REMARK])
