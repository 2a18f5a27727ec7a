"""An almanac of its own for the tests: what the clocks of each zone show, as pieces between changes.

It knows nothing of folds and gaps: the slot of a day and a time is the first moment, in any piece,
at which the clocks show that time or a later one.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from newsletter.model import Cadence, Every

ZONES = sorted(available_timezones())
FIRST_DAY = date(2026, 1, 1)
LAST_DAY = date(2028, 12, 31)
_LOOK_EVERY = timedelta(days=4)
"""Closer than two changes of one zone: Morocco changes twice within five weeks."""


@dataclass(frozen=True)
class Piece:
    """The clocks show `moment + offset` from `start` on and before `end`."""

    start: datetime
    end: datetime
    offset: timedelta


def pieces_of(zone: str, first: date = FIRST_DAY, last: date = LAST_DAY) -> list[Piece]:
    """Return the pieces of the years from `first` to `last`, some days more at both ends."""
    start = datetime.combine(first, time(0), tzinfo=UTC) - timedelta(days=60)
    end = datetime.combine(last, time(0), tzinfo=UTC) + timedelta(days=60)
    info = ZoneInfo(zone)
    pieces: list[Piece] = []
    begun, moment = start, start
    while moment < end:
        following = moment + _LOOK_EVERY
        if _offset(moment, info) != _offset(following, info):
            change = _change_between(moment, following, info)
            pieces.append(Piece(begun, change, _offset(moment, info)))
            begun = change
        moment = following
    return [*pieces, Piece(begun, moment, _offset(begun, info))]


def first_showing(day: date, at: time, pieces: list[Piece]) -> datetime:
    """Return the first moment at which the clocks show `at` of `day`, or more."""
    wall = datetime.combine(day, at, tzinfo=UTC)
    return next(
        moment for piece in pieces if (moment := max(piece.start, wall - piece.offset)) < piece.end
    )


def slots_of(cadence: Cadence, pieces: list[Piece]) -> Iterator[tuple[date, datetime]]:
    """Yield the day and moment of every slot of the three years."""
    day = FIRST_DAY
    while day <= LAST_DAY:
        if is_day_of(cadence, day):
            yield day, first_showing(day, cadence.at, pieces)
        day += timedelta(days=1)


def is_day_of(cadence: Cadence, day: date) -> bool:
    """Tell whether a letter is due on `day`, in the words of the documentation."""
    match cadence.every:
        case Every.DAY:
            return True
        case Every.WEEKDAY:
            return f"{day:%a}" not in {"Sat", "Sun"}
        case Every.WEEK | Every.DAYS:
            return f"{day:%a}".upper() in {one.name for one in cadence.days}
        case Every.MONTH:
            wanted = cadence.month_day or 1
            if wanted <= day.day:
                return day.day == wanted
            return day.day == monthrange(day.year, day.month)[1]


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after
