"""SQLite on a disk that is full, or broken, or a file that is locked: no send without a record.

Each outage comes in the middle of a send, lasts until the worker noticed it several times, and goes.
Nobody helps: every letter must arrive, once.
"""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from newsletter.cli.delivering import deliver_all
from newsletter.errors import StorageError
from newsletter.model import OutboxState
from newsletter.storage import Database, open_database
from newsletter.testing import FakeClock, ScriptedSmtpServer
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.transports import Relay, SmtpTransport
from newsletter.workflows import DeliverOrder, DeliverPorts
from tests.end_to_end.many_readers import Hand, Readership
from tests.end_to_end.next_hop import Witness
from tests.end_to_end.outage_room import delivering, let_wait, working

LETTERS = 300
CONNECTIONS = 10
EARLY = 40
"""Letters that arrive before the outage."""
COMPLAINTS = 2
IO_ERROR = "disk I/O error"
"""The words of SQLITE_IOERR, fsync among them."""
PATIENCE = timedelta(milliseconds=100)
"""In place of the minute that a program waits for another one that writes."""


class Disk:
    """What a database file stands on. While it is full no page can be had: SQLite's own SQLITE_FULL.

    While it is broken a commit that wrote something ends as one whose fsync failed: nobody knows
    whether it is on the disk. With `is_late` it is, else it is not.
    """

    def __init__(self, *, is_late: bool = False) -> None:
        self.is_full = False
        self.is_broken = False
        self.is_late = is_late
        self.failures = 0

    def carry(self, database: Database) -> None:
        """Let the connections of `database` feel what this disk does."""
        engine = database._backend.engine
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "checkout", self._resize)
        engine.dispose()

    def _connect(self, _dialect: object, _record: object, _args: object, words: Any) -> None:
        disk = self

        class Connection(sqlite3.Connection):
            changes_before = 0

            def commit(self) -> None:
                wrote = self.total_changes != self.changes_before
                self.changes_before = self.total_changes
                if not (wrote and disk.is_broken):
                    super().commit()
                    return
                disk.failures += 1
                if disk.is_late:
                    super().commit()
                raise sqlite3.OperationalError(IO_ERROR)

        words["factory"] = Connection

    def _resize(self, dbapi: sqlite3.Connection, _record: object, _proxy: object) -> None:
        pages = 1 if self.is_full else 1 << 30  # fewer than there are already mean: no more
        dbapi.execute(f"PRAGMA max_page_count = {pages}").close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/news.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url, patience=PATIENCE)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def witness(database: Database, url: str, server: ScriptedSmtpServer) -> Iterator[Witness]:
    del database  # it makes the tables
    opened = Witness(url, server)
    yield opened
    opened.close()


@pytest.fixture
def readership(tmp_path: Path, url: str, witness: Witness) -> Iterator[Readership]:
    with Readership(tmp_path / "news", url, witness.port, LETTERS) as ready:
        ready.plan()
        yield ready


@pytest.fixture
def worker(database: Database, server: ScriptedSmtpServer) -> DeliverPorts:
    let_wait(database, [f"slow-ack.{number}" for number in range(LETTERS)])
    transport = SmtpTransport(Relay(server.host, server.port), connections=CONNECTIONS)
    return delivering(database, transport, FakeClock(FIRST_SLOT_AT))


def send_through(
    outage: AbstractContextManager[object], worker: DeliverPorts, witness: Witness, fact: str
) -> None:
    """Send all, with an outage among the letters that the worker notices more than once."""
    with working(worker, at_once=2 * CONNECTIONS) as complaints:
        witness.await_letters(EARLY)
        with outage:
            for _ in range(COMPLAINTS):
                assert fact in complaints.next()
            assert len(witness.record.envelopes) < LETTERS
        witness.await_letters(LETTERS)
    assert_sent_once(witness)


def assert_sent_once(witness: Witness) -> None:
    assert set(witness.copies().values()) == {1}
    assert witness.count() == {OutboxState.SENT: LETTERS}
    assert witness.unrecorded == []


@contextmanager
def full(disk: Disk) -> Iterator[None]:
    disk.is_full = True
    yield
    disk.is_full = False


@contextmanager
def broken(disk: Disk) -> Iterator[None]:
    disk.is_broken = True
    try:
        yield
    finally:
        disk.is_broken = False


@contextmanager
def locked(path: Path, how: str) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        yield
        other.execute("ROLLBACK")


@contextmanager
def unwritable(hand: Hand) -> Iterator[None]:
    """Let the system refuse every write of a process to a file: SQLite's own SQLITE_IOERR."""
    limits = resource.prlimit(hand.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(hand.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    yield
    resource.prlimit(hand.pid, resource.RLIMIT_FSIZE, limits)


def test_a_full_disk(database: Database, worker: DeliverPorts, witness: Witness) -> None:
    disk = Disk()
    disk.carry(database)
    send_through(full(disk), worker, witness, "full; make room on the disk")


@pytest.mark.parametrize("is_late", [False, True], ids=["not written", "written all the same"])
def test_a_commit_that_ends_in_an_error_of_fsync(
    database: Database, worker: DeliverPorts, witness: Witness, *, is_late: bool
) -> None:
    disk = Disk(is_late=is_late)
    disk.carry(database)
    send_through(broken(disk), worker, witness, "I/O error; look at the disk")


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_database_that_another_program_keeps_locked(
    database: Database, worker: DeliverPorts, witness: Witness, how: str
) -> None:
    assert database.path
    send_through(locked(database.path, how), worker, witness, "another program is writing")


@pytest.mark.parametrize(
    ("patience", "is_stopping"),
    [
        pytest.param(timedelta(0), False, id="its patience is over"),
        pytest.param(timedelta(hours=1), True, id="it is told to stop"),
    ],
)
def test_a_command_that_is_to_end_by_itself_does_not_wait_for_ever(
    database: Database, worker: DeliverPorts, patience: timedelta, *, is_stopping: bool
) -> None:
    disk = Disk()
    disk.carry(database)
    order = DeliverOrder(is_stopping=lambda: is_stopping and disk.failures > 0)
    with broken(disk), pytest.raises(StorageError, match=IO_ERROR):
        asyncio.run(deliver_all(worker, order, patience))


@pytest.mark.parametrize(
    "words",
    [["worker"], ["worker", "--until-empty"], ["serve", "--port", "0"], ["--quiet", "send"]],
    ids=" ".join,
)
def test_a_process_whose_writes_the_system_refuses(
    readership: Readership, witness: Witness, words: list[str]
) -> None:
    hand = readership.start(*words)
    witness.await_letters(EARLY)
    with unwritable(hand):
        for _ in range(COMPLAINTS):
            hand.await_line("I/O error; look at the disk")
        assert hand.is_at_work
    witness.await_letters(LETTERS)
    ends_by_itself = words[-1] in {"send", "--until-empty"}
    assert (hand.wait() if ends_by_itself else hand.end()) == 0
    assert_sent_once(witness)
