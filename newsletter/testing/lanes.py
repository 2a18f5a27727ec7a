"""Lanes in memory, and a time that passes as soon as everybody waits for it."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Lane, LaneName
from newsletter.ports import DecideLanes, Lanes
from newsletter.testing.ledger import MemoryLedger

_OTHERS_WORK_S: Final = 0.002
_LONGEST_HOP: Final = timedelta(seconds=1)
"""A thread may still be at work, and wish to sleep for less."""


class MemoryLanes:
    """The Throttles port over the memory that a MemoryOutbox works on."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def lanes(self) -> Lanes:
        """Return every lane that is kept."""
        return {name: lane for name, lane in self._ledger.lanes.items() if lane != Lane()}

    def change(self, names: Collection[LaneName], decide: DecideLanes) -> Lanes:
        """Change lanes; return them as they are now."""
        kept = self._ledger.lanes
        before = {name: kept.get(name, Lane()) for name in names}
        after = {**before, **decide(before)}
        kept.update(after)
        return after


class FakePaceClock:
    """Implements `ports.PaceClock`: hours pass in a moment.

    Time goes on to the first of all who sleep, once the others had time to do what they can.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._lead = timedelta()
        self._sleepers: list[datetime] = []

    def now(self) -> datetime:
        """Return the moment that was reached, as the clock shows it."""
        return self._now + self._lead

    def move(self, by: timedelta) -> datetime:
        """Let time pass while nobody sleeps and return the new moment."""
        self._now += by
        return self.now()

    def set_by(self, lead: timedelta) -> datetime:
        """Set the clock while no time passes and return what it shows: who sleeps does not notice."""
        self._lead += lead
        return self.now()

    async def sleep(self, time: timedelta) -> None:
        """Wait until the time has come, which is soon."""
        until = self._now + time
        self._sleepers.append(until)
        try:
            while self._now < until:
                await asyncio.sleep(_OTHERS_WORK_S)
                hop = min(min(self._sleepers) - self._now, _LONGEST_HOP)
                self._now += max(hop, timedelta())
        finally:
            self._sleepers.remove(until)
