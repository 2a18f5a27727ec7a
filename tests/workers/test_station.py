"""A worker on a server that is away: it waits, and ends when it is told to."""

from pathlib import Path
from threading import Event, Thread

from newsletter.workers import Board
from newsletter.workers.jobs.station import GRACE_S, LANE_GRACE_S, Station
from newsletter.workflows.deliver import GRACE
from tests.workers.office import Office

LOOKS = 5


class Soon(Event):
    """Is set after a few looks at it."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = 0

    def is_set(self) -> bool:
        self._looks += 1
        return self._looks > LOOKS


def test_a_worker_that_cannot_connect_ends_when_it_is_told_to(tmp_path: Path) -> None:
    url = f"postgresql://news@/news?host={tmp_path}"
    station = Station(url, Office().errands(), Board(), stopped=Soon())

    thread = Thread(target=station.run, daemon=True)
    thread.start()
    thread.join(GRACE_S + 2)

    assert not thread.is_alive()


def test_who_delivers_gives_back_what_it_took_before_its_lane_gives_up() -> None:
    # Else the letters look as if the worker had been killed while it had them
    assert GRACE.total_seconds() + 0.5 < LANE_GRACE_S < GRACE_S
