"""The tables of procrastinate, beside ours: made, and brought up to date with the library."""

from importlib import resources
from typing import Final

from newsletter.errors import SchemaError
from newsletter.storage import Database

_LOCK: Final = "SELECT pg_advisory_xact_lock(7310868735422522228)"
_IS_THERE: Final = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL"
_KNOWN: Final = "SELECT name FROM job_steps ORDER BY name DESC LIMIT 1"
_NOTE: Final = "INSERT INTO job_steps (name) VALUES (%(name)s) ON CONFLICT DO NOTHING"


def prepare_jobs(database: Database) -> tuple[str, ...]:
    """Make the tables that jobs wait in, or bring them up to date; return the steps that were taken.

    Safe to call twice, and by several at once. The library names its steps by version and number, so
    that their names sort in their order; which the database has had is written beside our schema.
    Raises SchemaError where the jobs of another program wait.
    """
    with database.writing() as connection:
        run = connection.exec_driver_sql
        run(_LOCK)
        steps = _steps()
        if run(_IS_THERE).scalar_one():
            last = run(_KNOWN).scalar()
            if last is None:
                message = (
                    f"{database.name}: holds the jobs of another program (tables procrastinate_…); "
                    "give the newsletter a database of its own"
                )
                raise SchemaError(message)
            taken = tuple(step for step in steps if step > last)
            texts = [_read("migrations", step) for step in taken]
        else:
            taken, texts = tuple(steps[-1:]), [_read("schema.sql")]
        cursor = connection.connection.cursor()
        for text in texts:
            cursor.execute(text)  # by the driver itself: a text may hold signs of percentage
        for step in taken:
            run(_NOTE, {"name": step})
    return taken


def _steps() -> list[str]:
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))


def _read(*place: str) -> str:
    return resources.files("procrastinate.sql").joinpath(*place).read_text("utf-8")
