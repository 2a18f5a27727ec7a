"""Two schedulers and two senders on one database: nobody is left out, nobody gets two."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from newsletter.bootstrap import open_newsroom
from newsletter.model import Accounting, OutboxState
from newsletter.storage.columns import table_of
from newsletter.storage.tables import SlotRow
from newsletter.testing import ScriptedSmtpServer
from tests.conftest import NewDatabase
from tests.end_to_end.many_readers import Readership, at_work, plan_all
from tests.end_to_end.next_hop import Witness

READERS = 300
PLANNERS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    return new_database(f"{request.param} migrated")


@pytest.fixture
def readership(url: str, server: ScriptedSmtpServer, tmp_path: Path) -> Iterator[Readership]:
    with Readership(tmp_path / "news", url, server.port, READERS) as ready:
        yield ready


def test_two_schedulers_and_two_senders_lose_nothing_and_repeat_nothing(
    readership: Readership, witness: Witness
) -> None:
    # When two programs plan and send, and two more send, all on one database
    workers = [readership.start("--quiet", "worker") for _ in range(2)]
    schedulers = [readership.start("serve", "--port", "0") for _ in range(2)]
    with at_work(*workers, *schedulers):
        looks = [witness.count()]
        while looks[-1].get(OutboxState.SENT, 0) < READERS:
            witness.await_letters(min(len(witness.record.envelopes) + 1, READERS))
            looks.append(witness.count())

    # Then everybody has one letter, which was written down before it went
    assert witness.copies() == Counter({readership.address(n): 1 for n in range(READERS)})
    assert witness.unrecorded == []
    assert witness.count() == {OutboxState.SENT: READERS}

    # And at each look every letter stood in one state, and none was lost again
    sums = [sum(states.values()) for states in looks]
    sent = [states.get(OutboxState.SENT, 0) for states in looks]
    assert sums == sorted(sums)
    assert sent == sorted(sent)
    bad = {OutboxState.FAILED, OutboxState.CANCELLED, OutboxState.UNCERTAIN}
    assert not bad & {state for states in looks for state in states}
    assert len(looks) > len(schedulers)


def test_planners_that_race_for_the_same_slots_plan_each_once(readership: Readership) -> None:
    with ExitStack() as stack:
        rooms = [stack.enter_context(open_newsroom(readership.config)) for _ in range(PLANNERS)]
        with ThreadPoolExecutor(PLANNERS) as hands:
            letters = sum(hands.map(plan_all, rooms))
        assert letters == READERS, "of those that raced one wrote each letter, and said so"
        assert rooms[0].outbox.accounting() == Accounting(waiting=READERS)
        with rooms[0].database.reading() as connection:
            slots = connection.scalar(select(func.count()).select_from(table_of(SlotRow)))
        assert slots == READERS
