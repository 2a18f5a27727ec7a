"""Everything that holds for SQLite alone: the file, its settings, its way to begin and to be copied."""

import os
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from newsletter.errors import SchemaError, StorageError
from newsletter.storage.backend import Failure, fact_of
from newsletter.storage.driver import Driver, driver_of
from newsletter.storage.leases import FileLeases
from newsletter.storage.log_copies import LOG_PAGES, LogCopier

SCHEME: Final = "sqlite:///"

_LOOK_AGAIN_S: Final = 0.001
"""How long who wants to write waits until the next look whether another still writes."""
_SOON_S: Final = 0.25
_LOOK_LATER_S: Final = 0.01
"""Who writes longer than that takes long: a migration."""

_CACHE_KIB: Final = 8 * 1024
"""As much as a connection may hold of the file; what others wrote meanwhile makes it begin anew."""

_PRIMARY_CODE: Final = 0xFF
"""Of an error code of SQLite: what it is, without what made it so (https://www.sqlite.org/rescode.html)."""

_WRITES: Final = "newsletter_writes"
"""The execution option of a connection that is going to write."""


class SqliteFile:
    """A database file, as a `Backend`."""

    reading: Mapping[str, object] = {}
    writing: Mapping[str, object] = {_WRITES: True}
    is_one_writer: bool = True
    do_not_wait: str | None = None

    def __init__(self, engine: Engine, path: Path, patience: timedelta) -> None:
        self.engine = engine
        self.name = str(path)
        self.path = path
        self.leases = FileLeases(path.with_name(f"{path.name}.workers"))
        self._patience = patience
        self._copier = LogCopier(path)
        event.listen(engine, "begin", self._begin)

    def translate(self, error: Failure) -> StorageError | SchemaError:
        """Return the error with the file, the fact and the remedy."""
        fact = fact_of(error)
        if "not a database" in fact:
            return SchemaError(f"{self.path}: is no database of this program; name another file")
        return StorageError(f"{self.path}: {fact}{_remedy(fact)}")

    def wrote_much(self) -> None:
        """Have the log copied into the file meanwhile: it is not long enough to be yet."""
        self._copier.wake()

    def close(self) -> None:
        """Close every connection, and what copies the log."""
        try:
            self._copier.close()
        finally:
            self.engine.dispose()

    def begin_writing(self, driver: Driver) -> None:
        """Wait until nobody else writes, as long as we are patient.

        SQLite would look again ever more seldom, each tenth of a second in the end: two planners that write
        in turn would wait longer than the other one writes.
        """
        began = time.monotonic()
        until = began + self._patience.total_seconds()
        try:
            driver.run("PRAGMA busy_timeout = 0")
            while not _is_begun(driver, is_last_try=(now := time.monotonic()) >= until):
                time.sleep(_LOOK_AGAIN_S if now - began < _SOON_S else _LOOK_LATER_S)
        finally:
            driver.run(f"PRAGMA busy_timeout = {_in_ms(self._patience)}")

    def _begin(self, connection: Connection) -> None:
        # Two readers that both turn into writers would wait for each other; a writer says so at once.
        driver = driver_of(connection)
        if connection.get_execution_options().get(_WRITES):
            self.begin_writing(driver)
        else:
            driver.run("BEGIN")

    def prepare(self) -> None:
        """Let readers go on while one writes. The file remembers it.

        Raises StorageError when another program keeps the file busy.
        """
        connection = (
            self.engine.raw_connection()
        )  # no transaction: the journal cannot change in one
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error as error:
            message = f"{self.path}: {error}; another program is using it: try again"
            raise StorageError(message) from error
        finally:
            connection.close()

    def lock_schema(self, connection: Connection) -> None:
        """Do nothing: who writes, writes alone."""

    def in_dialect(self, statement: str) -> str:
        """Return the statement: migrations are written in the words of SQLite."""
        return statement

    def keep(self, version: int) -> Path:
        """Copy the file beside itself, as `newsletter.db.schema-1`."""
        copy = self.path.with_name(f"{self.path.name}.schema-{version}")
        self.copy(copy)
        return copy

    def copy(self, to: Path) -> None:
        """Copy the database to `to` while it is in use, whole or not at all.

        Uses SQLite's online backup, since the file alone lacks what is still in the write-ahead
        log. Raises StorageError when the copy cannot be written.
        """
        partial = to.with_name(f"{to.name}.partial")
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            os.close(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with self.engine.connect() as connection, closing(sqlite3.connect(partial)) as copy:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)  # noqa: S101 - this module made the engine
                source.backup(copy)
            partial.replace(to)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            message = f"{to}: the copy of the database cannot be written: {error}"
            raise StorageError(message) from error


def open_file(path: Path, patience: timedelta) -> SqliteFile:
    """Return the database in the file at `path`, which is made when it is not there.

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
    return SqliteFile(engine, path, patience)


def _set_up(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    cursor = dbapi.cursor()
    # FULL: what is committed survives a power cut, which the promise "never twice" needs.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is erased is overwritten, and does not stay behind in unused pages of the file.
    cursor.execute("PRAGMA secure_delete = ON")
    # Planning for many writes into ten trees at once: what is left of 2 MB, the default, is read anew
    # for every row, and with 1,000 pages of the log copied back at a time every page of them twice.
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    cursor.close()


def _is_begun(driver: Driver, *, is_last_try: bool) -> bool:
    """Begin to write, and say whether that could be done: not while another program writes."""
    try:
        driver.run("BEGIN IMMEDIATE")
    except DBAPIError as error:
        code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if is_last_try or code & _PRIMARY_CODE != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _in_ms(time_span: timedelta) -> int:
    return round(time_span / timedelta(milliseconds=1))


def _remedy(fact: str) -> str:
    if "locked" in fact:
        return "; another program is writing: wait for it, or end it"
    if "full" in fact:
        return "; make room on the disk"
    if "I/O error" in fact:
        return "; look at the disk: its health, its room, its quota"
    if "malformed" in fact:
        return "; put the last backup in its place"
    if "no such table" in fact:
        return "; run the migrations first"
    return ""
