"""Real processes: two at once, and some that are killed."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from newsletter.model import Accounting, Beginning, OutboxEvent, OutboxState, Settlement
from newsletter.storage import Database, MessageOutbox, SlotLedger, open_database
from newsletter.storage.migrations import MIGRATIONS
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

NOW = FIRST_SLOT_AT

Admit = Callable[[Database, Iterable[str]], None]

OPENING = """
import os, signal, sys
from newsletter.model import Beginning
from newsletter.storage import MessageOutbox, open_database
from newsletter.testing.plans import FIRST_SLOT_AT as NOW
database = open_database("sqlite:///" + sys.argv[1])
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


@pytest.fixture
def database(tmp_path: Path, admit: Admit) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/news.db")
    opened.migrate()
    names = [f"s{number}" for number in range(100)]
    admit(opened, names)
    SlotLedger(opened).plan([make_plan(name, ["a"]) for name in names])
    yield opened
    opened.close()


def start(path: Path, program: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", OPENING + program, str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def run(path: Path, program: str) -> int:
    with start(path, program) as process:
        process.communicate()
    return process.returncode


def test_what_a_killed_process_held_is_free_and_what_was_in_data_uncertain(
    database: Database,
) -> None:
    assert run(database.path, DIE_IN_DATA) == -signal.SIGKILL
    outbox = MessageOutbox(database)

    assert outbox.recover(now=NOW) == 2

    assert outbox.accounting() == Accounting(uncertain=1, waiting=99)
    (freed,) = outbox.find(states=frozenset({OutboxState.DEFERRED}))
    assert (freed.attempts, freed.crashes) == (1, 1)


def test_kills_again_and_again_lose_nothing(database: Database) -> None:
    outbox = MessageOutbox(database)
    for _ in range(4):
        run(database.path, DIE_IN_DATA)
        outbox.recover(now=NOW)
    while items := outbox.claim(now=NOW, limit=50):
        for item in items:
            outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
        ends = [Settlement(item.id, OutboxEvent.ACCEPT, "250 ok") for item in items]
        outbox.record(ended=ends, now=NOW)
    assert outbox.accounting() == Accounting(sent=100)


def test_a_process_killed_while_it_writes_has_written_nothing(database: Database) -> None:
    assert run(database.path, DIE_WRITING) == -signal.SIGKILL
    assert MessageOutbox(database).accounting() == Accounting(waiting=100)


def test_two_processes_never_claim_the_same_message(database: Database) -> None:
    with start(database.path, CLAIM_ALL) as one, start(database.path, CLAIM_ALL) as two:
        claimed = (one.communicate()[0] + two.communicate()[0]).split()
    assert len(claimed) == len(set(claimed)) == 100


def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with start(path, MIGRATE) as one, start(path, MIGRATE) as two:
        assert one.communicate()[0] == two.communicate()[0] == f"{MIGRATIONS[-1].version}\n"
