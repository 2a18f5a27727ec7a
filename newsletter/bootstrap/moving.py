"""Bringing the database of a config up to date, and moving it from its file to a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from newsletter.bootstrap.clocks import SystemClock
from newsletter.config import load_config
from newsletter.errors import ConfigError
from newsletter.ports import TellProgress
from newsletter.storage import (
    Database,
    Migrated,
    Moved,
    give_up_move,
    move_database,
    open_database,
    without_password,
)

_FILE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A move that was given up: the file, and where it was to go."""

    name: str
    place: str
    begun_at: datetime


@contextmanager
def migrated_database(path: Path) -> Iterator[tuple[Database, Migrated]]:
    """Yield the database of the config at `path`, with the schema of this program, and what that took.

    Raises ConfigError, SchemaError for a database that is newer, not ours or moved, StorageError.
    """
    with _opened(load_config(path).database_url) as database:
        yield database, database.migrate(now=SystemClock().now())


def move_newsletter(
    path: Path, url: str, *, copying: TellProgress, comparing: TellProgress
) -> Moved:
    """Move the newsletter of the config at `path` from its SQLite file to the database at `url`.

    See `storage.move_database`. Raises ConfigError where it lives on a server already.
    """
    without_password(url)  # it must be an address of a server before anything is opened
    with _the_file(path) as file, _opened(url) as server:
        now = SystemClock().now()
        return move_database(file, server, now=now, copying=copying, comparing=comparing)


def stay_with_file(path: Path, *, is_certain: bool) -> GivenUp:
    """Let the newsletter of the config at `path` be used from its SQLite file again.

    Raises ConfigError where it was not moved, and where all has arrived elsewhere and nobody is certain.
    """
    with _the_file(path) as file:
        move = give_up_move(file, is_certain=is_certain)
        return GivenUp(file.name, move.place, move.begun_at)


@contextmanager
def _the_file(path: Path) -> Iterator[Database]:
    url = load_config(path).database_url
    if not url.startswith(_FILE):
        message = (
            f"{path}: `database` is {without_password(url)}, which is no SQLite file;"
            " name the file there as before the move: sqlite:///data/newsletter.db"
        )
        raise ConfigError(message)
    file = Path(url.removeprefix(_FILE))
    if not file.is_file():
        message = f"{file}: is not there; there is nothing to move"
        raise ConfigError(message)
    with _opened(url) as database:
        yield database


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()
