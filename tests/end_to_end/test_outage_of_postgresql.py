"""PostgreSQL is started again in the middle of a send, politely and by a crash: all go on by themselves."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.model import OutboxState
from newsletter.testing.postgresql import PostgresqlServer
from tests.conftest import NewDatabase
from tests.end_to_end.many_readers import Hand, Readership, at_work
from tests.end_to_end.next_hop import Witness

LETTERS = 400
EARLY = 60
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
"""What `pg_ctl restart -m fast` and `-m immediate` send to the server."""


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database("postgresql migrated")


@pytest.fixture
def readership(tmp_path: Path, url: str, witness: Witness) -> Iterator[Readership]:
    with Readership(tmp_path / "news", url, witness.port, LETTERS) as ready:
        ready.plan()
        yield ready


@pytest.mark.parametrize("how", [FAST, IMMEDIATE], ids=["fast", "immediate"])
def test_a_server_that_is_started_again_among_the_letters_of_many(
    readership: Readership, witness: Witness, postgresql: PostgresqlServer, how: signal.Signals
) -> None:
    workers = [readership.start("worker") for _ in range(2)]
    scheduler = readership.start("serve", "--port", "0")
    until_empty = readership.start("worker", "--until-empty")
    restart_among_letters(witness, postgresql, workers[0], how)
    assert until_empty.wait() == 0
    with at_work(*workers, scheduler):
        pass
    assert_sent_once(witness)


def test_a_server_that_crashes_among_the_letters_of_one_command(
    readership: Readership, witness: Witness, postgresql: PostgresqlServer
) -> None:
    command = readership.start("--quiet", "send")
    restart_among_letters(witness, postgresql, command, IMMEDIATE)
    assert command.wait() == 0
    assert_sent_once(witness)


def restart_among_letters(
    witness: Witness, postgresql: PostgresqlServer, hand: Hand, how: signal.Signals
) -> None:
    """Let the server be gone for as long as it takes `hand` to notice; wait until all is sent."""
    witness.await_letters(EARLY)
    postgresql.stop(how)
    try:
        hand.await_line("cannot be reached")
        assert len(witness.record.accepted) < LETTERS
    finally:
        postgresql.start()
    witness.await_letters(LETTERS)


def assert_sent_once(witness: Witness) -> None:
    witness.look_back()
    assert set(witness.copies().values()) == {1}
    assert witness.count() == {OutboxState.SENT: LETTERS}
    assert witness.unrecorded == []
