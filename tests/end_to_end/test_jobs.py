"""Workers that share all jobs on PostgreSQL: whoever is killed, everybody gets one letter."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from newsletter.model import OutboxState
from newsletter.testing import ScriptedSmtpServer
from tests.conftest import NewDatabase
from tests.end_to_end.many_readers import Hand, Readership, at_work
from tests.end_to_end.next_hop import Witness

READERS = 240
AWHILE = Event()
"""Nobody sets it: it is for waiting."""
CONNECTIONS = 10


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database("postgresql migrated")


@pytest.fixture
def readership(url: str, server: ScriptedSmtpServer, tmp_path: Path) -> Iterator[Readership]:
    with Readership(tmp_path / "news", url, server.port, READERS) as ready:
        yield ready


def start(readership: Readership) -> Hand:
    hand = readership.start("worker")
    hand.await_line("Taking jobs")
    return hand


def test_workers_plan_and_send_everything_beside_a_scheduler(
    readership: Readership, witness: Witness
) -> None:
    # When nothing is planned, and two workers and a scheduler find it all by themselves
    hands = [start(readership), start(readership), readership.start("serve", "--port", "0")]
    with at_work(*hands):
        witness.await_letters(READERS)

    # Then everybody has one letter, which was written down before it went
    assert witness.copies() == Counter({readership.address(n): 1 for n in range(READERS)})
    assert witness.unrecorded == []
    assert witness.count() == {OutboxState.SENT: READERS}


def test_workers_that_are_killed_lose_nothing_and_others_go_on(
    readership: Readership, witness: Witness
) -> None:
    # When of three workers one is killed early and another one in the middle
    hands = [start(readership) for _ in range(3)]
    for hand, letters in zip(hands, (1, READERS // 2), strict=False):
        witness.await_letters(letters)
        hand.kill()

    # Then the last one finishes the work of all; what was in data then may have arrived, and waits
    with at_work(hands[-1]):
        while set(witness.count()) - {OutboxState.SENT, OutboxState.UNCERTAIN}:
            assert not AWHILE.wait(0.1)
    assert witness.count().get(OutboxState.UNCERTAIN, 0) <= 2 * CONNECTIONS
    later = datetime.now(UTC) + timedelta(minutes=11)
    assert readership.start("worker", "--until-empty", "--now", later.isoformat()).wait() == 0

    # And nobody is left out, and of what came twice each copy is the same
    assert witness.count() == {OutboxState.SENT: READERS}
    witness.look_back()
    copies = witness.copies()
    assert set(copies) == {readership.address(number) for number in range(READERS)}
    assert copies.total() - READERS <= 2 * CONNECTIONS
    assert all(len(one) == 1 for one in witness.record.accepted.values()), "of the same bytes"
    assert witness.unrecorded == []


def test_a_queue_that_is_not_there_is_told_with_those_that_are(readership: Readership) -> None:
    hand = readership.start("worker", "--queues", "letters,post")
    hand.await_line(r"--queues: there is no queue 'post'; there are: people, letters, plans")

    assert hand.wait() == 78
