"""What others may ask of the clock while it runs."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.scheduler import Rounds, Scheduler
from newsletter.testing.sources import FakeSource
from newsletter.workflows import Adoption

PATIENCE_S = 20.0
WIRE = SourceName("wire")


class House:
    """A scheduler whose one source was pulled a minute ago, and is due in an hour."""

    def __init__(self) -> None:
        self.collected = threading.Semaphore(0)
        now = datetime.now(UTC) - timedelta(minutes=1)
        report = SourceReport(WIRE, "fake", SourceState.FRESH, pulled_at=now)
        rounds = Rounds(
            sources=[FakeSource(WIRE)],
            intervals={WIRE: timedelta(hours=1)},
            last_pulls=lambda: {WIRE: report},
            collect=lambda _: self._collect(),
            changes=lambda _: iter(()),
            adopt=lambda: Adoption(0, ()),
            publish=tuple,
            get_ready=lambda: None,
            receive=lambda _: 0,
            deliver=self._deliver,
        )
        self.scheduler = Scheduler(rounds)

    def _collect(self) -> SourceReport:
        self.collected.release()
        return SourceReport(WIRE, "fake", SourceState.EMPTY)

    async def _deliver(self, _: Callable[..., None], __: Callable[[], bool]) -> None:
        return None


def test_a_source_is_pulled_at_once_when_somebody_wants_it() -> None:
    house = House()
    house.scheduler.start()
    try:
        assert not house.collected.acquire(timeout=0.2), "it is not due"
        assert house.scheduler.control.pull_soon(WIRE)
        assert house.collected.acquire(timeout=PATIENCE_S)
        assert not house.scheduler.control.pull_soon(SourceName("nowhere"))
    finally:
        house.scheduler.stop()


def test_the_clock_is_alive_from_its_start_to_its_end() -> None:
    house = House()
    control = house.scheduler.control
    assert not control.is_alive()
    house.scheduler.start()
    try:
        assert control.is_alive()
    finally:
        house.scheduler.stop()
    assert not control.is_alive()
