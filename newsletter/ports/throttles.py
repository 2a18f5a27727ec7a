"""Where it is kept how fast letters may leave, and the time by which they do."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from newsletter.model import Lane, LaneName

Lanes = Mapping[LaneName, Lane]

DecideLanes = Callable[[Lanes], Lanes]
"""Takes the lanes asked for as they are and returns those that change; pure."""


class Throttles(Protocol):
    """The lanes of all workers. A lane never heard of is an empty Lane."""

    def lanes(self) -> Lanes:
        """Return every lane that is kept."""
        ...

    def change(self, names: Collection[LaneName], decide: DecideLanes) -> Lanes:
        """Change lanes while nobody else can; return them as they are now.

        A lane that becomes an empty one is forgotten.
        """
        ...


class PaceClock(Protocol):
    """The machine's time, which letters are paced by: it goes on also under `--now`."""

    def now(self) -> datetime:
        """Return now as aware UTC."""
        ...

    async def sleep(self, time: timedelta) -> None:
        """Let time pass."""
        ...
