"""Times as operators read them: in their own zone, and in UTC where they point at one."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400


class Times:
    """Writes moments for people of one zone, as it was at `now`."""

    def __init__(self, timezone: str, now: datetime) -> None:
        self.zone = timezone
        self._zone = ZoneInfo(timezone)
        self._now = now

    def local(self, at: datetime) -> str:
        """Write `21 Nov 20:50`, with the year where it is another one."""
        here = at.astimezone(self._zone)
        is_this_year = here.year == self._now.astimezone(self._zone).year
        return f"{here:%-d %b %H:%M}" if is_this_year else f"{here:%-d %b %Y %H:%M}"

    def iso(self, at: datetime) -> str:
        """Write it for machines."""
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def utc(self, at: datetime) -> str:
        """Write `2026-11-21 19:50:00 UTC`."""
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

    def day(self, day: date) -> str:
        """Write `Sat 21 Nov`."""
        return f"{day:%a %-d %b}"

    def ago(self, at: datetime) -> str:
        """Write how long ago, in the largest unit that fits."""
        return lasting(self._now - at)


def lasting(span: timedelta) -> str:
    """Write a span of time: `42 s`, `7 min`, `3 h`, `2 days`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"
