"""The tables of procrastinate, beside ours: made, and brought up to date with the library."""

from importlib import resources
from typing import Final

from sqlalchemy import Connection, text

from newsletter.storage import Database

_LOCK: Final = text("SELECT pg_advisory_xact_lock(7310868735422522228)")
_IS_THERE: Final = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_KNOWN: Final = text("SELECT name FROM job_steps ORDER BY name DESC LIMIT 1")
_NOTE: Final = text("INSERT INTO job_steps (name) VALUES (:name) ON CONFLICT DO NOTHING")


def prepare_jobs(database: Database) -> tuple[str, ...]:
    """Make the tables that jobs wait in, or bring them up to date; return the steps that were taken.

    Safe to call twice, and by several at once. The library names its steps by version and number, so
    that their names sort in their order; which the database has had is written beside our schema.
    """
    with database.writing() as connection:
        connection.execute(_LOCK)
        steps = _steps()
        if not connection.execute(_IS_THERE).scalar_one():
            _apply(connection, _read("schema.sql"))
            taken = tuple(steps[-1:])
        else:
            last = connection.execute(_KNOWN).scalar() or ""
            taken = tuple(step for step in steps if step > last)
            for step in taken:
                _apply(connection, _read("migrations", step))
        for step in taken:
            connection.execute(_NOTE, {"name": step})
    return taken


def _steps() -> list[str]:
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))


def _read(*place: str) -> str:
    return resources.files("procrastinate.sql").joinpath(*place).read_text("utf-8")


def _apply(connection: Connection, statements: str) -> None:
    # Many statements without parameters, as the driver takes them in one go.
    connection.connection.driver_connection.execute(statements)  # type: ignore[union-attr]
