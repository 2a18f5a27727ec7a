"""What differs between one database program and another, and how their errors become ours."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from newsletter.errors import SchemaError, StorageError
from newsletter.storage.driver import Driver
from newsletter.storage.leases import Leases

Failure = DBAPIError | PoolTimeoutError | UnicodeEncodeError
"""What a statement can end in through no fault of the program."""

Translate = Callable[[Failure], StorageError | SchemaError]


class Backend(Protocol):
    """One database of one program."""

    @property
    def name(self) -> str:
        """What messages call the database; never holds a password."""
        ...

    @property
    def path(self) -> Path | None:
        """The file, None where there is none on this machine."""
        ...

    @property
    def engine(self) -> Engine:
        """Its connections. They reconnect by themselves after an error."""
        ...

    @property
    def leases(self) -> Leases:
        """The workers of this database."""
        ...

    @property
    def reading(self) -> Mapping[str, object]:
        """The execution options of a connection that sees one moment and writes nothing."""
        ...

    @property
    def writing(self) -> Mapping[str, object]:
        """The execution options of a connection that is going to write."""
        ...

    @property
    def is_one_writer(self) -> bool:
        """Whether who writes writes alone, whatever they write."""
        ...

    @property
    def do_not_wait(self) -> str | None:
        """The statement that lets a transaction end before it is on the disk, where there is one."""
        ...

    def wrote_much(self) -> None:
        """Learn that thousands of rows were written; what is to be done then waits for nobody."""
        ...

    def close(self) -> None:
        """Close every connection. The database can be opened again."""
        ...

    def translate(self, error: Failure) -> StorageError | SchemaError:
        """Return the error with the database, the fact and the remedy."""
        ...

    def begin_writing(self, driver: Driver) -> None:
        """Begin a transaction that writes, where the driver does not do that by itself."""
        ...

    def prepare(self) -> None:
        """Make the database ready for its tables, outside of any transaction."""
        ...

    def lock_schema(self, connection: Connection) -> None:
        """Let no other program change the schema until the transaction of `connection` ends."""
        ...

    def in_dialect(self, statement: str) -> str:
        """Return a statement that makes or changes tables, in the words of this program."""
        ...

    def keep(self, version: int) -> Path | None:
        """Copy what has schema `version` before it is changed; None where that is not our task."""
        ...

    def copy(self, to: Path) -> None:
        """Copy the whole database to the file `to`; raises StorageError."""
        ...


@contextmanager
def translated(translate: Translate) -> Iterator[None]:
    """Turn what statements inside end in into errors of ours."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, UnicodeEncodeError) as error:
        raise translate(error) from error


def fact_of(error: Failure) -> str:
    """Return what the database program said, its first line: never the values of the statement."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.partition("\n")[0].strip()
