"""Everything that holds for SQLite alone: the file, its settings, its way to begin and to be copied."""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from newsletter.errors import StorageError

WRITES: Final = "newsletter_writes"
"""The execution option of a connection that is going to write."""


def open_engine(path: Path, patience: timedelta) -> Engine:
    """Return an engine for the database file at `path`, which is made when it is not there.

    `patience` is how long a connection waits for another program that writes. The file's folder
    is made too; a new file can be read by its owner alone, for it holds addresses.
    Raises StorageError when that cannot be done.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        message = (
            f"{path}: cannot be opened: {error.strerror}; check the folder and its permissions"
        )
        raise StorageError(message) from error
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": patience.total_seconds()})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def use_write_ahead_log(engine: Engine) -> None:
    """Let readers go on while one writes. The file remembers it.

    Raises StorageError when another program keeps the file busy.
    """
    connection = engine.raw_connection()  # no transaction: the journal cannot change in one
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        message = f"{engine.url.database}: {error}; another program is using it: try again"
        raise StorageError(message) from error
    finally:
        connection.close()


def copy_file(engine: Engine, to: Path) -> None:
    """Copy the database to `to` while it is in use, whole or not at all.

    Uses SQLite's online backup, since the file alone lacks what is still in the write-ahead log.
    Raises StorageError when the copy cannot be written.
    """
    partial = to.with_name(f"{to.name}.partial")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with engine.connect() as connection, closing(sqlite3.connect(partial)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - this module made the engine
            source.backup(copy)
        partial.replace(to)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        message = f"{to}: the copy of the database cannot be written: {error}"
        raise StorageError(message) from error


def _set_up(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    cursor = dbapi.cursor()
    # FULL: what is committed survives a power cut, which the promise "never twice" needs.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is erased is overwritten, and does not stay behind in unused pages of the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # Two readers that both turn into writers would wait for each other; a writer says so at once.
    is_writer = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")
