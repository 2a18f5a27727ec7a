"""The clock of a run: the machine's, or one that stands still for `--now`."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return now as aware UTC."""
        return datetime.now(UTC)

    async def sleep(self, time: timedelta) -> None:
        """Let time pass."""
        await asyncio.sleep(time.total_seconds())


@dataclass(frozen=True, slots=True)
class StandingClock:
    """A clock that always tells `moment`."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment as aware UTC."""
        return self.moment.astimezone(UTC)
