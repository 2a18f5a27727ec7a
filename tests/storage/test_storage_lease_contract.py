"""A lease lasts as long as its worker, on every kind of database."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

import psycopg
import pytest

from newsletter.model import Accounting, Beginning, OutboxEvent, OutboxItem, OutboxState, Settlement
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger, open_database
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from newsletter.testing.postgresql import PostgresqlServer
from tests.forks import Script

NOW = FIRST_SLOT_AT
PATIENCE_S = 10.0
HOLD = """
import sys
from newsletter.storage import open_database
database = open_database(sys.argv[1])
print(database.leases.hold(), flush=True)
sys.stdin.read()
"""
CLAIM = """
import sys
from newsletter.model import Beginning
from newsletter.storage import MessageOutbox, open_database
from newsletter.testing.plans import FIRST_SLOT_AT as NOW
outbox = MessageOutbox(open_database(sys.argv[1]))
first, second = outbox.claim(now=NOW, limit=2)
outbox.record(begun=[Beginning(first.id, "<1@x>", "ab")], now=NOW)
print("claimed", flush=True)
sys.stdin.read()
"""

Admit = Callable[[Database, Iterable[str]], None]
NewDatabase = Callable[[str], str]
OpenAgain = Callable[[str], Database]
Start = Callable[[str, str], Script]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    return new_database(f"{request.param} migrated")


@pytest.fixture
def server_url(new_database: NewDatabase) -> str:
    return new_database("postgresql migrated")


@pytest.fixture
def start_worker() -> Iterator[Start]:
    """Give the means to start another process, which ends with the test at the latest."""
    with ExitStack() as stack:
        yield lambda program, url: stack.enter_context(Script(program, url))


@pytest.fixture
def open_again() -> Iterator[OpenAgain]:
    """Give the means to open a database as many workers would."""
    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(open_database(url))
        opened[-1].migrate()
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


def dies(database: Database, holder: Holder) -> bool:
    """Say whether a worker counts as dead within seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while database.leases.is_alive(holder):
        if time.monotonic() > deadline:
            return False
    return True


def break_session(url: str) -> None:
    """End the session that holds a lease, as a network that fails does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
            " AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )


def two_letters(database: Database, admit: Admit) -> tuple[MessageOutbox, OutboxItem, OutboxItem]:
    """Return an outbox that holds two letters."""
    admit(database, ["ada", "bob"])
    SlotLedger(database).plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    outbox = MessageOutbox(database)
    first, second = outbox.claim(now=NOW, limit=2)
    return outbox, first, second


def begins(outbox: MessageOutbox, item: OutboxItem) -> bool:
    return bool(outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW))


def test_a_worker_lives_from_its_first_hold_until_it_is_closed(
    url: str, open_again: OpenAgain
) -> None:
    one, two = open_again(url), open_again(url)
    assert one.leases.holder is None
    assert one.leases.renew() is None

    name = one.leases.hold()

    assert one.leases.hold() == one.leases.renew() == one.leases.holder == name
    assert one.leases.was_mine(name)
    assert not two.leases.was_mine(name)
    assert two.leases.is_alive(name)
    with two.writing() as connection:
        assert two.leases.bury(connection, [name]) == []
    one.leases.close()
    assert dies(two, name)
    with two.writing() as connection:
        assert two.leases.bury(connection, [name]) == [name]
    assert one.leases.hold() != name


def test_another_process_lives_until_it_is_killed(
    url: str, open_again: OpenAgain, start_worker: Start
) -> None:
    database, process = open_again(url), start_worker(HOLD, url)
    name = Holder(process.line())
    assert database.leases.is_alive(name)
    database.leases.sweep()
    assert database.leases.is_alive(name)

    process.kill()

    assert dies(database, name)


def test_what_a_killed_worker_held_is_free_within_seconds(
    url: str, open_again: OpenAgain, start_worker: Start, admit: Admit
) -> None:
    database = open_again(url)
    admit(database, ["ada", "bob"])
    SlotLedger(database).plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    outbox, process = MessageOutbox(database), start_worker(CLAIM, url)
    assert process.line() == "claimed"
    assert outbox.recover(now=NOW) == 0

    process.kill()

    deadline = time.monotonic() + PATIENCE_S
    freed = 0
    while not freed and time.monotonic() < deadline:
        freed = outbox.recover(now=NOW)
    assert freed == 2
    assert outbox.accounting() == Accounting(uncertain=1, waiting=1)


@pytest.mark.parametrize("name", ["", "x", "0b2f-boot/4711/88123", "../news", "g" * 16 + "-1"])
def test_a_name_that_is_none_of_ours_holds_nothing(
    url: str, open_again: OpenAgain, name: str
) -> None:
    assert not open_again(url).leases.is_alive(Holder(name))


def test_a_lease_that_broke_is_taken_again_when_nobody_noticed(
    server_url: str, open_again: OpenAgain, admit: Admit
) -> None:
    database = open_again(server_url)
    outbox, first, second = two_letters(database, admit)
    name = database.leases.holder

    break_session(server_url)

    assert begins(outbox, first)
    assert database.leases.holder == name
    break_session(server_url)
    assert database.leases.hold() == name
    assert begins(outbox, second)


def test_who_lost_the_lease_and_was_taken_for_dead_begins_nothing_more(
    server_url: str, open_again: OpenAgain, admit: Admit
) -> None:
    one, two = open_again(server_url), open_again(server_url)
    outbox, first, second = two_letters(one, admit)
    assert begins(outbox, first)

    break_session(server_url)
    assert MessageOutbox(two).recover(now=NOW) == 2

    assert not begins(outbox, second)
    outbox.record(ended=[Settlement(first.id, OutboxEvent.ACCEPT, "250 ok")], now=NOW)
    states = {item.id: item.state for item in outbox.find()}
    assert states == {first.id: OutboxState.SENT, second.id: OutboxState.DEFERRED}


def test_while_a_worker_is_being_buried_it_cannot_come_back(
    server_url: str, open_again: OpenAgain, admit: Admit
) -> None:
    one, two = open_again(server_url), open_again(server_url)
    outbox, first, second = two_letters(one, admit)
    name = one.leases.holder
    assert name
    break_session(server_url)

    with two.writing() as connection:
        assert two.leases.bury(connection, [name]) == [name]
        assert one.leases.renew() is None
        assert not begins(outbox, first)

    assert one.leases.hold() != name
    assert one.leases.was_mine(name)
    outbox.record(ended=[Settlement(first.id, OutboxEvent.DEFER, "451")], now=NOW)
    assert not begins(outbox, second)


def test_a_restart_of_the_server_takes_no_letter_from_the_living(
    server_url: str, open_again: OpenAgain, admit: Admit, postgresql: PostgresqlServer
) -> None:
    one, two = open_again(server_url), open_again(server_url)
    outbox, first, second = two_letters(one, admit)
    assert begins(outbox, first)

    postgresql.restart(signal.SIGQUIT)

    assert MessageOutbox(two).recover(now=NOW) == 0
    outbox.record(ended=[Settlement(first.id, OutboxEvent.ACCEPT, "250 ok")], now=NOW)
    assert begins(outbox, second)
    assert outbox.accounting() == Accounting(sent=1, waiting=1)
    present = two.leases.hold().partition("-")[2]
    assert two.leases.is_alive(Holder("0" * 16 + "-1"))
    assert not two.leases.is_alive(Holder("0" * 16 + f"-{present}"))
