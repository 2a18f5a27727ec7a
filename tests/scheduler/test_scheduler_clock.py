"""When somebody sets the clock, `serve` goes on by the new one at once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.scheduler import Rounds, Scheduler, clock_lead_s
from newsletter.testing.sources import FakeSource
from newsletter.workflows import Adoption, Published

PATIENCE_S = 20.0
WIRE = SourceName("wire")


class Counted:
    """Counts what the rounds do and lets a test wait for it."""

    def __init__(self, pulled_at: datetime | None = None) -> None:
        self.source = FakeSource(WIRE)
        self.collected = threading.Semaphore(0)
        self.published = threading.Semaphore(0)
        self.lead_s = 0.0
        self._pulled_at = pulled_at

    def scheduler(self) -> Scheduler:
        rounds = Rounds(
            sources=[self.source],
            intervals={WIRE: timedelta(hours=1)},
            last_pulls=self._last_pulls,
            collect=lambda _: self._collect(),
            changes=lambda _: iter(()),
            adopt=lambda: Adoption(0, ()),
            publish=self._publish,
            get_ready=lambda: None,
            receive=lambda _: 0,
            deliver=self._deliver,
        )
        return Scheduler(rounds, lead_s=lambda: self.lead_s)

    def _last_pulls(self) -> dict[SourceName, SourceReport]:
        report = SourceReport(WIRE, "fake", SourceState.FRESH, pulled_at=self._pulled_at)
        return {WIRE: report} if self._pulled_at else {}

    def _collect(self) -> SourceReport:
        self.collected.release()
        return SourceReport(WIRE, "fake", SourceState.EMPTY)

    def _publish(self) -> tuple[Published, ...]:
        self.published.release()
        return ()

    async def _deliver(self, _: Callable[..., None], __: Callable[[], bool]) -> None:
        return None


def test_a_clock_that_was_set_begins_every_round_anew() -> None:
    given = Counted()
    scheduler = given.scheduler()
    scheduler.start()
    try:
        assert given.collected.acquire(timeout=PATIENCE_S)
        assert given.published.acquire(timeout=PATIENCE_S)
        given.lead_s = -10 * 365 * 86_400.0
        assert given.collected.acquire(timeout=PATIENCE_S), "its hour was not over"
        assert given.published.acquire(timeout=PATIENCE_S)
    finally:
        scheduler.stop()


def test_a_source_that_was_read_by_a_clock_in_the_future_is_read_at_once() -> None:
    given = Counted(pulled_at=datetime.now(UTC) + timedelta(days=3650))
    scheduler = given.scheduler()
    scheduler.start()
    try:
        assert given.collected.acquire(timeout=PATIENCE_S)
    finally:
        scheduler.stop()


def test_the_lead_of_the_clock_stays_the_same_while_nobody_sets_it() -> None:
    assert abs(clock_lead_s() - clock_lead_s()) < 1
