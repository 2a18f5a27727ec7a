"""What there is to move: every table that the file has, with its columns, as it says itself."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import Connection, inspect

from newsletter.errors import SchemaError
from newsletter.storage.moves import MOVES

_NOT_MOVED: Final = frozenset({MOVES, "schema_version", "schema_additions", "workers", "job_steps"})
"""What each database says of itself: its schema, who works on it, the tables of its jobs."""


class Kind(Enum):
    """What a column holds, under the word by which SQLite's schema says it."""

    TEXT = "VARCHAR"
    NUMBER = "INTEGER"
    MOMENT = "DATETIME"
    DAY = "DATE"
    TRUTH = "BOOLEAN"
    OCTETS = "BLOB"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns, and those of its primary key, by which rows are walked through."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]


def read_shapes(connection: Connection) -> tuple[Shape, ...]:
    """Return every table of a file that is moved, those that others refer to before these.

    Raises SchemaError for a column whose type no step of the schema has ever had.
    """
    found = inspect(connection)
    names = [name for name, _ in found.get_sorted_table_and_fkc_names() if name]
    shapes = []
    for name in names:
        if name in _NOT_MOVED:
            continue
        columns = tuple(
            (str(one["name"]), _kind(name, str(one["name"]), str(one["type"])))
            for one in found.get_columns(name)
        )
        key = tuple(found.get_pk_constraint(name)["constrained_columns"])
        shapes.append(Shape(name, columns, key))
    return tuple(shapes)


def listed(names: tuple[str, ...]) -> str:
    """Return the names of columns as a statement has them."""
    return ", ".join(f'"{name}"' for name in names)


def _kind(table: str, column: str, word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError as error:
        message = f"{table}.{column}: nobody has said how a column of type {word} is moved"
        raise SchemaError(message) from error
