"""Transactions on PostgreSQL that want the same messages: no order in which two wait for each other."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from newsletter.errors import StorageError
from newsletter.model import Beginning, OutboxEvent, OutboxId, OutboxItem, Settlement
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger
from newsletter.storage.again import repeated
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

NOW = FIRST_SLOT_AT
NAMES = ("ada", "bob", "eve")
_LOCK = text("SELECT id FROM outbox WHERE id = :id FOR UPDATE")
_LOCK_NOW = text("SELECT id FROM outbox WHERE id = :id FOR UPDATE NOWAIT")
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]


@pytest.fixture
def database(open_stored: OpenStored, admit: Admit) -> Database:
    opened = open_stored("postgresql")
    admit(opened, NAMES)
    SlotLedger(opened).plan([make_plan(name, ["x"]) for name in NAMES])
    return opened


@contextmanager
def in_thread(work: Callable[[], object]) -> Iterator["Future[object]"]:
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(work)


def wait_until_somebody_waits(database: Database) -> None:
    for _ in range(2_000):
        with database.reading() as connection:
            if connection.execute(_WAITING).scalar_one():
                return
        threading.Event().wait(0.005)
    pytest.fail("nobody waited for a lock")


def lock(connection: Connection, item: OutboxItem) -> None:
    connection.execute(_LOCK, {"id": item.id})


def page(outbox: MessageOutbox, ended: OutboxItem, begun: OutboxItem) -> Callable[[], object]:
    ends = [Settlement(ended.id, OutboxEvent.DEFER, "451 later")]
    begins = [Beginning(begun.id, "<1@x>", "ab")]
    return lambda: outbox.record(ended=ends, begun=begins, now=NOW)


def test_a_page_locks_all_its_messages_in_the_order_of_their_numbers(database: Database) -> None:
    outbox = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
    first, _, last = outbox.claim(now=NOW, limit=3)
    with database.writing() as other:
        lock(other, first)
        with in_thread(page(outbox, ended=last, begun=first)) as written:
            wait_until_somebody_waits(database)
            try:
                other.execute(_LOCK_NOW, {"id": last.id})
            except OperationalError as error:
                other.rollback()
                pytest.fail(f"the end was locked before the beginning of a smaller number: {error}")
            other.commit()
            assert written.result(timeout=30) == {first.id}


def test_what_the_server_gave_up_in_a_deadlock_is_done_again(database: Database) -> None:
    outbox = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
    first, _, last = outbox.claim(now=NOW, limit=3)
    with database.writing() as other:
        other.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # the page looks first
        lock(other, last)
        with in_thread(page(outbox, ended=last, begun=first)) as written:
            wait_until_somebody_waits(database)
            lock(other, first)  # each waits for the other now, until the server gives the page up
            other.commit()
            assert written.result(timeout=30) == {first.id}


def test_after_a_lost_session_the_answer_to_a_final_dot_has_its_ten_minutes(
    database: Database,
) -> None:
    """The worker may live on and hear it: then nothing is sent twice."""
    one = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
    (item,) = one.claim(now=NOW, limit=1)
    one.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
    heir = MessageOutbox(database, holder=Holder("two"), is_holder_alive=lambda one: one != "one")
    heir.recover(now=NOW)
    assert item.id not in {other.id for other in heir.claim(now=NOW, limit=9)}
    (uncertain,) = heir.get([item.id])
    assert uncertain.not_before == NOW + timedelta(minutes=10)

    one.record(ended=[Settlement(item.id, OutboxEvent.ACCEPT, "250 ok")], now=NOW)
    assert list(heir.claim(now=NOW + timedelta(minutes=10), limit=9)) == []


def test_other_errors_are_raised_at_once() -> None:
    tries: list[int] = []

    @repeated
    def fail() -> OutboxId:
        tries.append(1)
        message = "the disk is full"
        raise StorageError(message)

    with pytest.raises(StorageError, match="disk"):
        fail()
    assert len(tries) == 1


def test_conflicts_without_end_are_raised() -> None:
    class DeadlockError(Exception):
        sqlstate = "40P01"

    tries: list[float] = []

    @repeated
    def fail() -> None:
        tries.append(time.monotonic())
        message = "deadlock detected"
        raise StorageError(message) from OperationalError("UPDATE", {}, DeadlockError())

    with pytest.raises(StorageError, match="deadlock"):
        fail()
    assert len(tries) == 4
