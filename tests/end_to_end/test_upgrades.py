"""The program of before and that of today, one after the other and at once: everybody one letter."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Final

import pytest
from sqlalchemy import func, select

from newsletter.bootstrap import open_newsroom
from newsletter.model import OutboxState
from newsletter.storage import NEWEST_SCHEMA, open_database
from newsletter.storage.columns import table_of
from newsletter.storage.tables import OutboxRow
from newsletter.testing import ScriptedSmtpServer
from tests.conftest import NewDatabase
from tests.end_to_end.many_readers import Hand, Readership, plan_all
from tests.end_to_end.next_hop import PATIENCE_S, Witness
from tests.end_to_end.previous_release import SCHEMA, PreviousRelease, unpack_previous_release

READERS: Final = 60
AWHILE: Final = Event()
"""Nobody sets it: it is for waiting."""


@pytest.fixture(scope="session")
def previous(tmp_path_factory: pytest.TempPathFactory) -> PreviousRelease:
    return unpack_previous_release(tmp_path_factory.mktemp("previous"))


@pytest.fixture
def server() -> Iterator[ScriptedSmtpServer]:
    with ScriptedSmtpServer() as running:
        yield running


@contextmanager
def today(config: Path, *words: str) -> Iterator[Hand]:
    """Start `newsletter` as it is today; it ends with the block at the latest."""
    hand = Hand("--config", str(config), *words)
    try:
        yield hand
    finally:
        hand.kill()


def run_today(config: Path, *words: str) -> list[str]:
    with today(config, *words) as hand:
        said = hand.rest()
        assert hand.wait() == 0, said
    return said


def schema_of(url: str) -> int:
    with closing(open_database(url)) as database:
        return database.schema_version()


def before_the_answer(witness: Witness, number: int, act: Callable[[], None]) -> None:
    """Let something happen when so many letters came, before the server goes on."""
    look = witness.record.witness
    letters = itertools.count(1)

    def stop_short(recipient: str, message: bytes) -> None:
        look(recipient, message)
        if next(letters) == number:
            act()

    witness.record.witness = stop_short


def assert_everybody_has_one_letter(witness: Witness) -> None:
    assert witness.copies() == Counter({Readership.address(one): 1 for one in range(READERS)})
    assert witness.unrecorded == []
    assert witness.count() == {OutboxState.SENT: READERS}


def test_today_ends_what_the_previous_release_began(
    previous: PreviousRelease,
    new_database: NewDatabase,
    server: ScriptedSmtpServer,
    tmp_path: Path,
) -> None:
    # Given a house of the previous release, that ends in the middle of its letters
    url = new_database("sqlite")
    config = previous.make_readership(tmp_path / "news", url, server.port, READERS, planned=READERS)
    assert schema_of(url) == SCHEMA
    with closing(Witness(url, server)) as witness:
        with previous.start(config, "worker") as worker:

            def end_it() -> None:
                worker.tell_to_end()
                AWHILE.wait(0.5)  # until it knows

            before_the_answer(witness, READERS // 4, end_it)
            assert worker.wait() == 0, worker.said
        already = witness.copies().total()
        assert READERS // 4 <= already < READERS

        # When today's program goes on
        run_today(config, "send")

        # Then the schema is that of today, nobody is left out and nobody is mailed twice
        assert schema_of(url) == NEWEST_SCHEMA
        assert_everybody_has_one_letter(witness)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("sqlite", ("worker", "--until-empty")), ("postgresql", ("send",))],
    ids=["what today planned, on SQLite", "what it plans itself, on PostgreSQL"],
)
def test_the_previous_release_delivers_on_the_schema_of_today(
    kind: str,
    words: tuple[str, ...],
    previous: PreviousRelease,
    new_database: NewDatabase,
    server: ScriptedSmtpServer,
    tmp_path: Path,
) -> None:
    # Given a house of today
    url = new_database(kind)
    readership = Readership(tmp_path / "news", url, server.port, READERS)
    assert schema_of(url) == NEWEST_SCHEMA
    if words[0] == "worker":
        readership.plan()
    with closing(Witness(url, server)) as witness:
        # When the previous release works there
        previous.run(readership.config, *words)

        # Then everybody has a letter, today's program has nothing left to do, and its schema is there
        assert_everybody_has_one_letter(witness)
        with open_newsroom(readership.config) as room:
            assert plan_all(room) == 0
        assert schema_of(url) == NEWEST_SCHEMA


def test_old_and_new_workers_share_one_database_while_it_is_upgraded(
    previous: PreviousRelease,
    new_database: NewDatabase,
    server: ScriptedSmtpServer,
    tmp_path: Path,
) -> None:
    # Given a worker of the previous release that waits for an answer, and has the first half
    url, half = new_database("postgresql"), READERS // 2
    config = previous.make_readership(tmp_path / "news", url, server.port, READERS, planned=half)
    with closing(Witness(url, server)) as witness, ExitStack() as stack:
        have_shared: list[bool] = []
        before_the_answer(witness, 1, lambda: have_shared.append(await_two_workers(url)))
        old_worker = stack.enter_context(previous.start(config, "--json", "worker"))
        witness.await_letters(1)

        # When the schema goes ahead below it, and a worker of today comes, which plans the others
        said = run_today(config, "migrate")
        assert f"from schema {SCHEMA} to {NEWEST_SCHEMA}" in "".join(said)
        new_worker = stack.enter_context(today(config, "worker"))
        witness.await_letters(READERS)
        assert old_worker.is_at_work, old_worker.said
        old_worker.tell_to_end()
        assert old_worker.wait() == 0, old_worker.said
        assert new_worker.end() == 0

        # Then both had letters at one time, and everybody has one
        assert have_shared == [True]
        told = [json.loads(line)["event"] for line in old_worker.said.splitlines()]
        assert set(told) == {"accept"}
        assert half <= len(told) < READERS
        assert_everybody_has_one_letter(witness)


def await_two_workers(url: str) -> bool:
    """Wait until two hold letters at once; return whether they do. The server lets nobody end before."""
    outbox = table_of(OutboxRow)
    holders = select(func.count(outbox.c.lease.distinct()))
    with closing(open_database(url)) as database:
        for _ in range(round(PATIENCE_S * 5)):
            with database.reading() as connection:
                if connection.execute(holders).scalar_one() > 1:
                    return True
            AWHILE.wait(0.1)
    return False
