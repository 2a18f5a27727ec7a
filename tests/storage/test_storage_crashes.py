"""Real processes: two at once, and some that are killed."""

import signal
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

import pytest

from newsletter.model import Accounting, Beginning, OutboxEvent, OutboxState, Settlement
from newsletter.storage import Database, MessageOutbox, SlotLedger, open_database
from newsletter.storage.migrations import MIGRATIONS
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from tests.forks import Script

NOW = FIRST_SLOT_AT

Admit = Callable[[Database, Iterable[str]], None]
NewDatabase = Callable[[str], str]

OPENING = """
import os, signal, sys
from newsletter.model import Beginning
from newsletter.storage import MessageOutbox, open_database
from newsletter.testing.plans import FIRST_SLOT_AT as NOW
database = open_database(sys.argv[1])
outbox = MessageOutbox(database)
"""
DIE_IN_DATA = """
first, second = outbox.claim(now=NOW, limit=2)
assert outbox.record(begun=[Beginning(first.id, "<1@x>", "ab")], now=NOW)
os.kill(os.getpid(), signal.SIGKILL)
"""
DIE_WRITING = """
from sqlalchemy import text
with database.writing() as connection:
    connection.execute(text("UPDATE outbox SET state = 'sent'"))
    os.kill(os.getpid(), signal.SIGKILL)
"""
CLAIM_ALL = """
while items := outbox.claim(now=NOW, limit=7):
    for item in items:
        print(item.id)
"""
MIGRATE = "print(database.migrate().after)"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    return new_database(f"{request.param} migrated")


@pytest.fixture
def database(url: str, admit: Admit) -> Iterator[Database]:
    opened = open_database(url)
    opened.migrate()
    names = [f"s{number}" for number in range(100)]
    admit(opened, names)
    SlotLedger(opened).plan([make_plan(name, ["a"]) for name in names])
    yield opened
    opened.close()


def start(url: str, program: str) -> Script:
    return Script(OPENING + program, url)


def run(url: str, program: str) -> int | None:
    with start(url, program) as script:
        script.rest()
    return script.exit_code


def recover(outbox: MessageOutbox, *, held: int) -> int:
    """Free what a killed process held; a server may notice its end a moment later than we do."""
    freed = 0
    for _ in range(2_000):
        freed += outbox.recover(now=NOW)
        if freed >= held:
            break
    return freed


def test_what_a_killed_process_held_is_free_and_what_was_in_data_uncertain(
    database: Database, url: str
) -> None:
    assert run(url, DIE_IN_DATA) == -signal.SIGKILL
    outbox = MessageOutbox(database)

    assert recover(outbox, held=2) == 2

    assert outbox.accounting() == Accounting(uncertain=1, waiting=99)
    (freed,) = outbox.find(states=frozenset({OutboxState.DEFERRED}))
    assert (freed.attempts, freed.crashes) == (1, 1)


def test_kills_again_and_again_lose_nothing(database: Database, url: str) -> None:
    outbox = MessageOutbox(database)
    for _ in range(4):
        run(url, DIE_IN_DATA)
        assert recover(outbox, held=2) == 2
    later = NOW + timedelta(minutes=10)  # until then an answer may still come, on a server
    while items := outbox.claim(now=later, limit=50):
        for item in items:
            outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=later)
        ends = [Settlement(item.id, OutboxEvent.ACCEPT, "250 ok") for item in items]
        outbox.record(ended=ends, now=later)
    assert outbox.accounting() == Accounting(sent=100)


def test_a_process_killed_while_it_writes_has_written_nothing(database: Database, url: str) -> None:
    assert run(url, DIE_WRITING) == -signal.SIGKILL
    assert MessageOutbox(database).accounting() == Accounting(waiting=100)


def test_two_processes_never_claim_the_same_message(database: Database, url: str) -> None:
    assert MessageOutbox(database).accounting() == Accounting(waiting=100)
    with start(url, CLAIM_ALL) as one, start(url, CLAIM_ALL) as two:
        claimed = (one.rest() + two.rest()).split()
    assert len(claimed) == len(set(claimed)) == 100


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_may_migrate_at_once(kind: str, new_database: NewDatabase) -> None:
    empty = new_database(kind)
    with start(empty, MIGRATE) as one, start(empty, MIGRATE) as two:
        assert one.rest() == two.rest() == f"{MIGRATIONS[-1].version}\n"
