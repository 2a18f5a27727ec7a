"""A clock that stands still until it is told to move."""

from datetime import datetime, timedelta


class FakeClock:
    """Implements `ports.Clock`."""

    def __init__(self, now: datetime) -> None:
        if now.utcoffset() != timedelta(0):
            raise ValueError(f"{now.isoformat()} is not in UTC")
        self._now = now

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self._now

    def move(self, by: timedelta) -> datetime:
        """Let time pass and return the new moment."""
        self._now += by
        return self._now
