"""One database: its transactions, its schema version, its copies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from newsletter import __version__
from newsletter.errors import ConfigError, SchemaError, StorageError
from newsletter.storage.leases import Leases
from newsletter.storage.migrations import MIGRATIONS, Migration
from newsletter.storage.sqlite import WRITES, copy_file, open_engine, use_write_ahead_log

_SQLITE: Final = "sqlite:///"
_VERSIONS: Final = "schema_version"
_EMPTY: Final = 0


@dataclass(frozen=True, slots=True)
class Migrated:
    """What `migrate` did: versions before (0: the database was empty) and after, and the copy made."""

    before: int
    after: int
    copy: Path | None = None


class Database:
    """A database file. May be used from any thread; each process opens its own.

    `leases` are held for the process that opened it.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path
        self.leases = Leases(path.with_name(f"{path.name}.workers"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database.

        Raises StorageError when the database cannot be read.
        """
        with self._translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the one connection that may write now; commit at the end, roll back on an error.

        Raises StorageError when the database stays locked, is full or damaged.
        """
        with self._translated(), self._engine.connect() as connection:
            writer = connection.execution_options(**{WRITES: True})
            with writer.begin():
                yield writer

    def schema_version(self) -> int:
        """Return the version of the schema, 0 for an empty database.

        Raises SchemaError for a file that is no database of ours.
        """
        try:
            with self.reading() as connection:
                return self._read_version(connection)[0]
        except StorageError as error:
            if "not a database" in str(error):
                message = f"{self.path}: is no database of this program; name another file"
                raise SchemaError(message) from error
            raise

    def migrate(
        self, *, now: datetime | None = None, steps: Sequence[Migration] = MIGRATIONS
    ) -> Migrated:
        """Bring the schema to the version of this program, in one transaction.

        A database that holds something is copied beside itself first, as
        `newsletter.db.schema-1`. `now` is what the log of versions says; None for the present.
        Raises SchemaError when a newer program wrote the database, or another one altogether.
        """
        before = self.schema_version()
        wanted = steps[-1].version
        self._refuse_newer(before, wanted)
        if before == wanted:
            return Migrated(before, wanted)
        copy = self._copy_beside(before) if before != _EMPTY else None
        use_write_ahead_log(self._engine)
        with self.writing() as connection:
            present, _ = self._read_version(connection)  # another process may have been faster
            self._refuse_newer(present, wanted)
            for step in steps:
                if step.version > present:
                    _apply(connection, step, now or datetime.now(UTC))
        return Migrated(before, wanted, copy)

    def backup(self, to: Path) -> None:
        """Copy the whole database to the file `to` while it is in use; replaces an older copy.

        Raises StorageError when the copy cannot be written.
        """
        with self._translated():
            copy_file(self._engine, to)

    def close(self) -> None:
        """Close every connection and end the leases. The database can be opened again."""
        self._engine.dispose()
        self.leases.close()

    def _copy_beside(self, version: int) -> Path:
        copy = self.path.with_name(f"{self.path.name}.schema-{version}")
        self.backup(copy)
        return copy

    def _read_version(self, connection: Connection) -> tuple[int, str]:
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return _EMPTY, __version__
        foreign = f"{self.path}: holds the tables of another program; name another file"
        if _VERSIONS not in tables:
            raise SchemaError(foreign)
        columns = {column["name"] for column in inspect(connection).get_columns(_VERSIONS)}
        if not columns >= {"version", "program"}:
            raise SchemaError(foreign)
        newest = text("SELECT version, program FROM schema_version ORDER BY version DESC")
        row = connection.execute(newest).first()
        if row is None:
            raise SchemaError(foreign)
        return int(row.version), str(row.program)

    def _refuse_newer(self, present: int, wanted: int) -> None:
        if present <= wanted:
            return
        with self.reading() as connection:
            _, program = self._read_version(connection)
        message = (
            f"{self.path}: has schema {present}, made by newsletter {program}; this program "
            f"({__version__}) knows schema {wanted}: use newsletter {program} or later"
        )
        raise SchemaError(message)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeoutError, UnicodeEncodeError) as error:
            fact = str(error.orig) if isinstance(error, DBAPIError) else str(error)
            raise StorageError(f"{self.path}: {fact}{_remedy(fact)}") from error


def open_database(url: str, *, patience: timedelta = timedelta(minutes=1)) -> Database:
    """Open the database that `url` names: `sqlite:///` and a path, absolute or from the working folder.

    Makes folder and file where they are missing; `Database.migrate` makes the tables. After
    `patience` of waiting for another program that writes, the database counts as locked.
    Raises ConfigError for another kind of URL, StorageError when the file cannot be made.
    """
    place = url.removeprefix(_SQLITE)
    if place == url or place in {"", ":memory:"}:
        message = f"database: {url!r} cannot be used; write sqlite:/// and the path of a file"
        raise ConfigError(message)
    path = Path(place)
    return Database(open_engine(path, patience), path)


def _apply(connection: Connection, step: Migration, now: datetime) -> None:
    if step.version == 1:
        connection.execute(
            text(
                "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY,"
                " program VARCHAR NOT NULL, applied_at VARCHAR NOT NULL)"
            )
        )
    for statement in step.statements:
        connection.exec_driver_sql(statement)
    connection.execute(
        text("INSERT INTO schema_version VALUES (:version, :program, :applied_at)"),
        {"version": step.version, "program": __version__, "applied_at": now.isoformat()},
    )


def _remedy(fact: str) -> str:
    if "locked" in fact:
        return "; another program is writing: wait for it, or end it"
    if "full" in fact:
        return "; make room on the disk"
    if "malformed" in fact:
        return "; put the last backup in its place"
    if "no such table" in fact:
        return "; run the migrations first"
    return ""
