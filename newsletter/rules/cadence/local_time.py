"""From a local date and time to the one moment that it means.

Time zones are read from the system's IANA database or, where there is none, from the package
`tzdata`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.errors import PreferencesError

_SECOND: Final = timedelta(seconds=1)


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
    wall = datetime.combine(day, at)
    # PEP 495: fold=0 is the first of two, and in a gap the offset that held before it.
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _wall(moment, zone) == wall:
        return moment
    return _end_of_gap(wall, zone, latest=moment)


def _end_of_gap(wall: datetime, zone: ZoneInfo, *, latest: datetime) -> datetime:
    """Return the first moment at which the clocks show more than `wall`, at most `latest`."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while latest - before > _SECOND:
        middle = before + (latest - before) // _SECOND // 2 * _SECOND
        if _wall(middle, zone) > wall:
            latest = middle
        else:
            before = middle
    return latest


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
