"""A move from a file to a server, as tests tell it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlmodel import SQLModel

from newsletter.ports import TellProgress
from newsletter.storage import Database, Moved, move_database

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Unplugged(Exception):  # noqa: N818 - no error: it is what happens
    """The program ends here."""


def unplug_at(rows: int) -> TellProgress:
    def tell(done: int, _total: int) -> None:
        if done >= rows:
            raise Unplugged

    return tell


def quietly(_done: int, _total: int) -> None:
    pass


def move(file: Database, server: Database, copying: TellProgress = quietly) -> Moved:
    return move_database(file, server, now=NOW, copying=copying, comparing=quietly)


def path_of(file: Database) -> Path:
    assert file.path
    return file.path


def url_of(server: Database) -> str:
    return str(server._backend.engine.url.set(drivername="postgresql"))


def count(database: Database, table: str) -> int:
    query = select(func.count()).select_from(SQLModel.metadata.tables[table])
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())
