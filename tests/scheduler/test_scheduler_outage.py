"""A database that fails ends no round of `serve` for good: the next one does the work."""

import threading
from collections.abc import Callable, Iterator

import pytest

from newsletter.errors import StorageError
from newsletter.scheduler import Rounds, Scheduler
from newsletter.workflows import Adoption, Published

PATIENCE_S = 30.0


class Outage:
    """Rounds that fail until somebody ends the outage, and count themselves."""

    def __init__(self) -> None:
        self.is_over = False
        self.failed = threading.Semaphore(0)
        self.published = threading.Semaphore(0)
        self.delivered = threading.Semaphore(0)
        self.lead_s = 0.0

    def scheduler(self) -> Scheduler:
        rounds = Rounds(
            sources=(),
            intervals={},
            last_pulls=dict,
            collect=lambda _: pytest.fail("there are no sources"),
            changes=lambda _: iter(()),
            adopt=lambda: Adoption(0, ()),
            publish=self._publish,
            get_ready=lambda: None,
            receive=lambda _: 0,
            deliver=self._deliver,
        )
        return Scheduler(rounds, lead_s=lambda: self.lead_s)

    def begin_rounds_anew(self) -> None:
        """Set the clock, so that nobody must wait for the next whole minute."""
        self.lead_s += 86_400

    def _publish(self) -> Iterator[Published]:
        self._touch(self.published)
        yield Published((), ())

    async def _deliver(self, _: Callable[..., None], __: Callable[[], bool]) -> None:
        self._touch(self.delivered)

    def _touch(self, done: threading.Semaphore) -> None:
        if not self.is_over:
            self.failed.release()
            message = "news.db: disk I/O error"
            raise StorageError(message)
        done.release()


def test_rounds_that_failed_are_done_by_the_next_ones() -> None:
    outage = Outage()
    scheduler = outage.scheduler()
    scheduler.start()
    try:
        for _ in range(2):
            assert outage.failed.acquire(timeout=PATIENCE_S)
        outage.is_over = True
        outage.begin_rounds_anew()
        assert outage.published.acquire(timeout=PATIENCE_S)
        assert outage.delivered.acquire(timeout=PATIENCE_S)
    finally:
        scheduler.stop()
