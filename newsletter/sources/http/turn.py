"""The turn at a service: taken before each request, and given back after its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from newsletter.errors import BusyError, OutOfTimeError
from newsletter.model import Manners, PullOrder, PullStep
from newsletter.ports import Paces
from newsletter.rules.fetching import SLOW
from newsletter.sources.http.countdown import Countdown
from newsletter.sources.http.machine import Machine

_GRACE: Final = timedelta(seconds=5)
_WORTH_TELLING_S: Final = 0.05
_SHORTEST_SLEEP_S: Final = 0.001


class Turns:
    """Waits for turns under the deadline of one visit."""

    def __init__(
        self,
        paces: Paces,
        manners: Manners,
        order: PullOrder,
        countdown: Countdown,
        machine: Machine,
    ) -> None:
        self._paces = paces
        self._manners = manners
        self._order = order
        self._countdown = countdown
        self._machine = machine
        self._rest = manners.interval

    @property
    def left_s(self) -> float:
        """Seconds to the deadline."""
        return self._countdown.left_s

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it; afterwards the service rests.

        Raises BusyError when the service rests for longer than there is time for, OutOfTimeError
        when others had their turns up to the deadline.
        """
        self._wait()
        self._rest = self._manners.interval
        try:
            yield
        finally:
            free_at = self._machine.now() + self._rest
            self._paces.give_back(self._manners.pace, free_at=free_at)

    def rest(self, time: timedelta) -> None:
        """Let the service rest for so long after the present turn, in place of the usual interval."""
        self._rest = time

    def _wait(self) -> None:
        has_waited, started_s = False, self._machine.monotonic()
        while again_at := self._take():
            self._sleep_until(again_at)
            has_waited = True
        took_s = self._machine.monotonic() - started_s
        if has_waited and took_s > _WORTH_TELLING_S:
            took = timedelta(seconds=took_s)
            self._order.on_step(PullStep(f"waited for the pace of {self._manners.pace}", took))

    def _take(self) -> datetime | None:
        if self._countdown.is_over:
            raise OutOfTimeError(self._late(), remedy=SLOW)
        now = self._machine.now()
        until = now + timedelta(seconds=self._countdown.left_s) + _GRACE
        return self._paces.take(self._manners.pace, now=now, until=until)

    def _sleep_until(self, moment: datetime) -> None:
        wait = moment - self._machine.now()
        if wait.total_seconds() <= self._countdown.left_s:
            self._machine.sleep(max(wait.total_seconds(), _SHORTEST_SLEEP_S))
            return
        if wait <= self._manners.interval:
            raise OutOfTimeError(self._late(), remedy=SLOW)
        raise BusyError(f"{self._manners.pace}: may be asked again at {clock(moment)}, not before")

    def _late(self) -> str:
        seconds = f"{self._countdown.limit.total_seconds():g}"
        return f"{self._manners.pace}: no turn to ask was left within {seconds} s"


def clock(moment: datetime) -> str:
    """Return a moment as messages show it: a busy service is to be asked at the next full second."""
    rounded = moment + timedelta(seconds=1) if moment.microsecond else moment
    return f"{rounded:%Y-%m-%d %H:%M:%S} UTC"
