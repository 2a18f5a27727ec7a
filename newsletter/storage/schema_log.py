"""Which steps a database has had, and which of them a program must know to use it.

Two logs. A step that changes what was there stands in `schema_version`: a program that does not know
the newest of them stops. A step that only adds stands in `schema_additions`, where a program that was
made before it does not look, and goes on to work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, inspect, text

from newsletter import __version__
from newsletter.errors import SchemaError
from newsletter.storage.migrations import Migration

_CHANGES: Final = "schema_version"
_ADDITIONS: Final = "schema_additions"
_COLUMNS: Final = (
    "(version INTEGER NOT NULL PRIMARY KEY, program VARCHAR NOT NULL, applied_at VARCHAR NOT NULL)"
)
CREATE_LOGS: Final = tuple(
    f"CREATE TABLE IF NOT EXISTS {name} {_COLUMNS}" for name in (_CHANGES, _ADDITIONS)
)
"""In the words of SQLite; a database of an older program has the first alone."""

EMPTY: Final = 0


@dataclass(frozen=True, slots=True)
class Schema:
    """The `version` a database has, 0 while it is empty, and the one a program must know: `needed`.

    They differ where the last steps only added. `program` took the step to the `needed` one.
    """

    version: int
    needed: int
    program: str

    def suits(self, known: int) -> bool:
        """Say whether a program that knows schema `known` finds all it needs, and nothing it cannot know."""
        return self.needed <= known <= self.version

    def refuse_newer(self, name: str, known: int) -> None:
        """Raise SchemaError where a newer program changed the database `name`, and not only added."""
        if self.needed <= known:
            return
        message = (
            f"{name}: has schema {self.needed}, made by newsletter {self.program}; this program "
            f"({__version__}) knows schema {known}: use newsletter {self.program} or later"
        )
        raise SchemaError(message)


def read_schema(connection: Connection, name: str) -> Schema:
    """Return the schema of the database `name`. Raises SchemaError for that of another program."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return Schema(EMPTY, EMPTY, __version__)
    foreign = f"{name}: holds the tables of another program; name another database"
    if _CHANGES not in tables:
        raise SchemaError(foreign)
    if _ADDITIONS not in tables:  # then it is not sure that the log is ours
        columns = {column["name"] for column in inspect(connection).get_columns(_CHANGES)}
        if not columns >= {"version", "program"}:
            raise SchemaError(foreign)
    newest = text("SELECT version, program FROM schema_version ORDER BY version DESC")
    row = connection.execute(newest).first()
    if row is None:
        raise SchemaError(foreign)
    needed, added = int(row.version), EMPTY
    if _ADDITIONS in tables:
        query = text("SELECT coalesce(max(version), 0) FROM schema_additions")
        added = int(connection.execute(query).scalar_one())
    return Schema(max(needed, added), needed, str(row.program))


def log_step(connection: Connection, step: Migration, now: datetime) -> None:
    """Write down that a step was taken."""
    log = _ADDITIONS if step.only_adds else _CHANGES
    connection.execute(
        text(f"INSERT INTO {log} VALUES (:version, :program, :applied_at)"),  # noqa: S608 - our own names
        {"version": step.version, "program": __version__, "applied_at": now.isoformat()},
    )
