"""One database: its transactions, its schema version, its copies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from newsletter.errors import ConfigError, SchemaError
from newsletter.storage import postgresql, sqlite
from newsletter.storage.backend import Backend, translated
from newsletter.storage.driver import Driver, transaction
from newsletter.storage.migrations import MIGRATIONS, Migration
from newsletter.storage.moves import read_move, refusal
from newsletter.storage.schema_log import CREATE_LOGS, EMPTY, Schema, log_step, read_schema


@dataclass(frozen=True, slots=True)
class Migrated:
    """What `migrate` did: versions before (0: the database was empty) and after, and the copy made."""

    before: int
    after: int
    copy: Path | None = None


class Database:
    """A SQLite file or a PostgreSQL database. Any thread may use it; each process opens its own.

    `name` is what messages call it, `path` the file, None on PostgreSQL. `leases` are held for the
    process that opened it.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._reading = backend.engine.execution_options(**backend.reading)
        self._writing = backend.engine.execution_options(**backend.writing)
        self.name = backend.name
        self.path = backend.path
        self.leases = backend.leases
        self.is_one_writer = backend.is_one_writer
        """Whether who writes writes alone, whatever they write: then fewer transactions are less waiting."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database.

        Raises StorageError when the database cannot be read.
        """
        with translated(self._backend.translate), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that may write; commit at the end, roll back on an error.

        On SQLite nobody else writes meanwhile. On PostgreSQL others do: what is read to be changed
        is read with a lock on its rows, or after `lock_series`. Raises StorageError when the
        database stays locked, is full, damaged or not to be reached.
        """
        with translated(self._backend.translate), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def writing_much(self) -> Iterator[Connection]:
        """Do as `writing` does, for thousands of rows: SQLite begins to move them into its file."""
        with self.writing() as connection:
            yield connection
        self._backend.wrote_much()

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """Do as `writing` does, without waiting for the disk where that can be had.

        For what may be lost when the power fails: not before what is committed later.
        """
        with self.writing() as connection:
            if self._backend.do_not_wait:
                connection.exec_driver_sql(self._backend.do_not_wait)
            yield connection

    @contextmanager
    def writing_plainly(self) -> Iterator[Driver]:
        """Do as `writing` does, in a tenth of the time, for what is written many times a second.

        It takes the few statements that are made for it.
        """
        backend = self._backend
        with (
            translated(backend.translate),
            transaction(backend.engine, backend.begin_writing) as driver,
        ):
            yield driver

    def schema(self) -> Schema:
        """Return which schema there is, and which one a program must know.

        Raises SchemaError for a database of another program.
        """
        with self.reading() as connection:
            return read_schema(connection, self.name)

    def schema_version(self) -> int:
        """Return the version of the schema, 0 for an empty database; raises as `schema`."""
        return self.schema().version

    def migrate(
        self, *, now: datetime | None = None, steps: Sequence[Migration] = MIGRATIONS
    ) -> Migrated:
        """Bring the schema to the version of this program, in one transaction.

        A file that holds something is copied beside itself first, as `newsletter.db.schema-1`.
        What a newer program only added is left as it is: `after` is then the version of that one.
        `now` is what the log of versions says; None for the present. Raises SchemaError when a
        newer program wrote the database, or another one altogether, and where the newsletter was
        moved from here, or has not arrived here yet.
        """
        before = self.schema()
        self._refuse_moved()
        wanted = steps[-1].version
        before.refuse_newer(self.name, wanted)
        if before.version >= wanted:
            return Migrated(before.version, before.version)
        copy = self._backend.keep(before.version) if before.version != EMPTY else None
        self._backend.prepare()
        with self.writing() as connection:
            self._backend.lock_schema(connection)
            present = read_schema(connection, self.name)  # another process may have been faster
            present.refuse_newer(self.name, wanted)
            for log in CREATE_LOGS:
                connection.exec_driver_sql(self._backend.in_dialect(log))
            for step in steps:
                if step.version > present.version:
                    self._apply(connection, step, now or datetime.now(UTC))
        return Migrated(before.version, max(present.version, wanted), copy)

    def backup(self, to: Path) -> None:
        """Copy the whole database to the file `to` while it is in use; replaces an older copy.

        Raises StorageError when the copy cannot be written, and for a database on a server.
        """
        with translated(self._backend.translate):
            self._backend.copy(to)

    def close(self) -> None:
        """Close every connection and end the leases. The database can be opened again."""
        self.leases.close()
        self._backend.close()

    def _refuse_moved(self) -> None:
        with self.reading() as connection:
            move = read_move(connection)
        why = refusal(self.name, move) if move else ""
        if why:
            raise SchemaError(why)

    def _apply(self, connection: Connection, step: Migration, now: datetime) -> None:
        for statement in step.statements:
            if isinstance(statement, str):
                connection.exec_driver_sql(self._backend.in_dialect(statement))
            elif connection.dialect.name == statement.dialect:
                connection.exec_driver_sql(statement.text)
        log_step(connection, step, now)


def open_database(url: str, *, patience: timedelta = timedelta(minutes=1)) -> Database:
    """Open the database that `url` names: a SQLite file or a database on a PostgreSQL server.

    `sqlite:///` and a path, absolute or from the working folder: folder and file are made where
    they are missing. `postgresql://user@host/name`: the database must be there, and nothing is
    asked of the server yet. `Database.migrate` makes the tables. After `patience` of waiting for
    another program that writes, the database counts as locked. Raises ConfigError for another
    kind of URL, or without a driver; StorageError when the file cannot be made.
    """
    if url.startswith(postgresql.SCHEME):
        return Database(postgresql.open_server(url, patience))
    place = url.removeprefix(sqlite.SCHEME)
    if place == url or place in {"", ":memory:"}:
        message = (
            "database: cannot be used; write sqlite:/// and the path of a file,"
            " or postgresql://user@host/name"
        )
        raise ConfigError(message)
    return Database(sqlite.open_file(Path(place), patience))
