"""From a local date and time to the one moment that it means.

Time zones are read from the system's IANA database or, where there is none, from the package
`tzdata`.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.errors import PreferencesError

_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_NOON: Final = time(12)
_NOTHING: Final = timedelta(0)


@lru_cache(maxsize=1_024)  # all there are; zoneinfo itself keeps eight and reads the others again
def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone `name`; raise PreferencesError when this machine knows none of that name."""
    try:
        return ZoneInfo(name)
    # A name that is a folder ("America") or leads out of the database is an OSError or a ValueError.
    except (KeyError, ValueError, OSError) as error:
        message = f"send.timezone: {name!r} is no time zone known here; write one like Europe/Paris"
        raise PreferencesError(message) from error


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which the clocks of `zone` first show `at` on `day`.

    A time that is skipped (spring change) is the first moment after the gap; one that comes twice
    (autumn change) is its first coming.
    """
    wall = datetime.combine(day, at, tzinfo=UTC)
    # PEP 495: fold=0 is the first of two, and in a gap the offset that held before it.
    before, after = _offsets(day, at, zone)
    if before >= after:
        return wall - before
    return _end_of_gap(wall, zone, wall - after, wall - before)


def is_left_out(day: date, zone: ZoneInfo) -> bool:
    """Tell whether the clocks of `zone` never showed `day`, as 2011-12-30 in Samoa.

    That happens where a country moves over the date line; no change that is known for the future
    does it.
    """
    before, after = _offsets(day, _NOON, zone)
    return after - before >= _DAY


def _offsets(day: date, at: time, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """Return what the clocks are ahead of UTC by with fold=0 and with fold=1."""
    wall = datetime.combine(day, at, tzinfo=zone)
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    return before or _NOTHING, after or _NOTHING


def _end_of_gap(wall: datetime, zone: ZoneInfo, before: datetime, latest: datetime) -> datetime:
    """Return the first moment after `before` at which the clocks show more than `wall` (as if UTC)."""
    while latest - before > _SECOND:
        middle = before + (latest - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).replace(tzinfo=UTC) > wall:
            latest = middle
        else:
            before = middle
    return latest
