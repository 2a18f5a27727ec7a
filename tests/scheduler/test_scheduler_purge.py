"""What is old is forgotten once a day, whatever the clock on the wall says."""

import threading
from datetime import UTC, datetime, timedelta

from newsletter.ports import Forgotten
from newsletter.scheduler import Rounds, Scheduler
from newsletter.workflows import Adoption, Purged

PATIENCE_S = 10


def scheduler_of(purged: threading.Semaphore) -> Scheduler:
    async def deliver(*_: object) -> None:
        return None

    def purge() -> Purged:
        purged.release()
        return Purged(1, 2, Forgotten(3, 4, 5, 6))

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
        purge=purge,
    )
    return Scheduler(rounds)


def test_a_purge_comes_a_minute_after_the_start_and_then_once_a_day() -> None:
    scheduler = scheduler_of(threading.Semaphore(0))
    scheduler.start()
    try:
        (job,) = [one for one in scheduler._jobs.get_jobs() if one.id == "purge"]
        wait = job.next_run_time - datetime.now(UTC)
        assert timedelta(seconds=30) < wait < timedelta(minutes=2)
        assert job.trigger.interval == timedelta(days=1)
    finally:
        scheduler.stop()


def test_a_clock_that_is_set_ahead_brings_no_second_purge() -> None:
    purged = threading.Semaphore(0)
    scheduler = scheduler_of(purged)
    scheduler._begin_purging()
    assert purged.acquire(timeout=PATIENCE_S)
    scheduler._begin_purging()
    assert not purged.acquire(blocking=False)
