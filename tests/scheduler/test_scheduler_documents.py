"""What `serve` says of documents: each change once, and nothing of what stays as it is."""

import logging
import threading
from collections.abc import Iterator

import pytest

from newsletter.errors import StorageError
from newsletter.model import Problem
from newsletter.scheduler import Rounds, Scheduler
from newsletter.workflows import Adoption

BROKEN = Problem("subscribers/ada.yaml", 3, 1, "sned", "unknown key", 'did you mean "send"?')
OTHER = Problem("subscribers/ada.yaml", 4, 1, "sned", "unknown key", 'did you mean "send"?')
PATIENCE_S = 30


class House:
    """Rounds that only look at documents: what each look finds is laid out before."""

    def __init__(self) -> None:
        self.adoption: Adoption | StorageError = Adoption(1, ())
        self.looks = threading.Semaphore(0)
        self.saved = threading.Semaphore(0)

    def adopt(self) -> Adoption:
        self.looks.release()
        if isinstance(self.adoption, StorageError):
            raise self.adoption
        return self.adoption

    def changes(self, stopping: threading.Event) -> Iterator[None]:
        while not stopping.is_set():
            if self.saved.acquire(timeout=0.05):
                yield

    def scheduler(self) -> Scheduler:
        async def deliver(*_: object) -> None: ...

        rounds = Rounds(
            sources=(),
            intervals={},
            last_pulls=dict,
            collect=lambda _: pytest.fail("there are no sources"),
            changes=self.changes,
            adopt=self.adopt,
            publish=lambda: (),
            get_ready=lambda: None,
            receive=lambda _: 0,
            deliver=deliver,
        )
        return Scheduler(rounds)


@pytest.fixture
def house() -> House:
    return House()


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("newsl")]
    caplog.clear()
    return lines


def test_a_problem_is_logged_once_until_it_is_another_or_gone(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    scheduler = house.scheduler()
    house.adoption = Adoption(1, (BROKEN,))
    scheduler._adopt()
    assert told(caplog) == [f"document: {BROKEN}"]
    scheduler._adopt()
    assert told(caplog) == []
    house.adoption = Adoption(1, (OTHER,))
    scheduler._adopt()
    assert told(caplog) == [f"document: {OTHER}", "documents problems_gone=1 problems_left=1"]
    house.adoption = Adoption(1, (), changed=1)
    scheduler._adopt()
    assert told(caplog) == [
        "documents changed=1 gone=0",
        "documents problems_gone=1 problems_left=0",
    ]
    house.adoption = Adoption(1, (BROKEN,))
    scheduler._adopt()
    assert told(caplog) == [f"document: {BROKEN}"]


def test_thousands_of_problems_do_not_flood_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.adoption = Adoption(0, tuple(Problem("a.yaml", n, 1, "", "wrong") for n in range(2000)))
    house.scheduler()._adopt()
    lines = told(caplog)
    assert len(lines) == 51
    assert lines[-1] == "document: 1950 more problems; see newsletter check"


def test_what_is_saved_is_looked_at_without_waiting_for_the_minute(house: House) -> None:
    scheduler = house.scheduler()
    scheduler._watch.start()
    for _ in range(3):
        house.saved.release()
        assert house.looks.acquire(timeout=PATIENCE_S)
    scheduler._stopping.set()
    scheduler._watch.join(timeout=PATIENCE_S)
    assert not scheduler._watch.is_alive()


def test_a_look_that_fails_does_not_end_the_watch(house: House) -> None:
    house.adoption = StorageError("news.db: locked")
    scheduler = house.scheduler()
    scheduler._watch.start()
    for _ in range(2):
        house.saved.release()
        assert house.looks.acquire(timeout=PATIENCE_S)
    scheduler._stopping.set()
    scheduler._watch.join(timeout=PATIENCE_S)
