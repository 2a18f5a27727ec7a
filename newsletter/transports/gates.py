"""The pace of one relay: each letter waits for its moment, whichever worker has it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from newsletter.model import Lane, LaneName
from newsletter.ports import PaceClock, Throttles
from newsletter.rules.throttle import book_lane, relay_lane

_STEP: Final = timedelta(seconds=1)
_LONGEST_WAIT: Final = timedelta(minutes=10)
"""Nothing is booked so far ahead: the clock was moved meanwhile."""


class Gate(Protocol):
    """Lets letters through one by one."""

    async def let_through(self) -> None:
        """Wait for the moment of one letter."""
        ...


class RelayGate:
    """The Gate of a relay that takes `per_minute` letters; all workers share its lane.

    Within one worker one letter at a time books its moment, so that none is booked far ahead.
    Within one event loop at a time.
    """

    def __init__(self, relay: str, per_minute: int, throttles: Throttles, clock: PaceClock) -> None:
        self._lane = relay_lane(relay)
        self._per_minute = per_minute
        self._throttles = throttles
        self._clock = clock
        self._turn = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def let_through(self) -> None:
        """Wait for the moment of one letter. Raises StorageError when it cannot be booked."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # each round has a loop of its own
            self._turn, self._loop = asyncio.Lock(), loop
        async with self._turn:
            due_at = await asyncio.to_thread(self._book)
            while timedelta() < (rest := due_at - self._clock.now()) <= _LONGEST_WAIT:
                await self._clock.sleep(min(rest, _STEP))

    def _book(self) -> datetime:
        now, moments = self._clock.now(), [self._clock.now()]

        def decide(lanes: Mapping[LaneName, Lane]) -> Mapping[LaneName, Lane]:
            moments[0], lane = book_lane(lanes[self._lane], self._per_minute, now)
            return {self._lane: lane}

        self._throttles.change([self._lane], decide)
        return moments[0]
