"""Public editions are planned beside everything else, when a day may be over."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from newsletter.errors import StorageError
from newsletter.scheduler import Rounds, Scheduler
from newsletter.scheduler.quiet_rounds import QuietRound
from newsletter.workflows import Adoption

PATIENCE_S = 10


def scheduler_of(archive: Callable[[Callable[[], bool]], int]) -> Scheduler:
    async def deliver(*_: object) -> None:
        return None

    rounds = Rounds(
        sources=[],
        intervals={},
        last_pulls=dict,
        collect=NotImplemented,
        changes=lambda _: iter(()),
        adopt=lambda: Adoption(0, ()),
        publish=tuple,
        get_ready=lambda: None,
        receive=lambda _: 0,
        deliver=deliver,
        archive=archive,
    )
    return Scheduler(rounds)


def test_it_is_asked_soon_after_the_start_and_four_times_an_hour() -> None:
    scheduler = scheduler_of(lambda _: 0)
    scheduler.start()
    try:
        (job,) = [one for one in scheduler._jobs.get_jobs() if one.id == "archive"]
        assert job.next_run_time - datetime.now(UTC) < timedelta(minutes=3)
        first = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        moments = []
        for _ in range(5):
            first = job.trigger.get_next_fire_time(None, first + timedelta(seconds=1))
            moments.append(first.minute)
        assert moments == [5, 20, 35, 50, 5]
    finally:
        scheduler.stop()


def test_an_archive_that_takes_long_hears_that_the_program_ends() -> None:
    heard = threading.Event()
    begun = threading.Event()

    def archive(is_stopping: Callable[[], bool]) -> int:
        begun.set()
        while not is_stopping():
            threading.Event().wait(0.01)
        heard.set()
        return 1

    scheduler = scheduler_of(archive)
    scheduler.start()
    scheduler._begin_archiving()
    assert begun.wait(PATIENCE_S)
    scheduler.stop()
    assert heard.wait(PATIENCE_S)


def test_a_round_that_fails_is_begun_again() -> None:
    tried = threading.Semaphore(0)

    def archive(_: Callable[[], bool]) -> int:
        tried.release()
        message = "the disk is full"
        raise StorageError(message)

    scheduler = scheduler_of(archive)
    for _ in range(2):
        while not tried.acquire(timeout=0.05):
            scheduler._begin_archiving()


def test_a_quiet_round_goes_on_once_at_a_time() -> None:
    go_on = threading.Event()
    begun = threading.Semaphore(0)

    def work() -> None:
        begun.release()
        go_on.wait(PATIENCE_S)

    quiet = QuietRound("test", work)
    quiet.begin()
    assert begun.acquire(timeout=PATIENCE_S)
    quiet.begin()
    assert not begun.acquire(blocking=False)
    go_on.set()
