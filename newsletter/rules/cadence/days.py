"""On which days does a rhythm fall?"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from newsletter.model import Cadence, Every, Weekday

WORKING_DAYS: Final = frozenset(Weekday) - {Weekday.SAT, Weekday.SUN}
_EVERY_DAY: Final = frozenset(Weekday)
_DEFAULT_DAYS: Final = frozenset({Weekday.MON})
_DEFAULT_MONTH_DAY: Final = 1
_SHORTEST_MONTH: Final = 28
_OVER_ANY_MONTH: Final = timedelta(days=31)
_DAY: Final = timedelta(days=1)


class Direction(IntEnum):
    """Which way to look through the calendar, in days."""

    BACK = -1
    ON = 1


def weekdays_of(cadence: Cadence) -> frozenset[Weekday]:
    """Return the days of the week of a rhythm that is no month; Monday where it names none."""
    if cadence.every is Every.DAY:
        return _EVERY_DAY
    if cadence.every is Every.WEEKDAY:
        return WORKING_DAYS
    return cadence.days or _DEFAULT_DAYS


def falls_on(cadence: Cadence, day: date) -> bool:
    """Tell whether `cadence` has a slot on `day`; a month without a date means the 1st.

    A date beyond the end of a month is its last day.
    """
    if cadence.every is not Every.MONTH:
        return day.weekday() in weekdays_of(cadence)
    wanted = cadence.month_day or _DEFAULT_MONTH_DAY
    if day.day >= wanted or wanted <= _SHORTEST_MONTH:
        return day.day == wanted
    return day.day == monthrange(day.year, day.month)[1]


def days_of(cadence: Cadence, start: date, direction: Direction) -> Iterator[date]:
    """Yield the days of `cadence` from `start` on in that direction, `start` included, without end."""
    if cadence.every is Every.MONTH:
        yield from _days_of_months(cadence.month_day or _DEFAULT_MONTH_DAY, start, direction)
    wanted, step = weekdays_of(cadence), timedelta(days=direction)
    day = start
    while True:
        if day.weekday() in wanted:
            yield day
        day += step


def _days_of_months(wanted: int, start: date, direction: Direction) -> Iterator[date]:
    to_another = _OVER_ANY_MONTH if direction is Direction.ON else -_DAY  # from its first day
    month = start.replace(day=1)
    while True:
        length = monthrange(month.year, month.month)[1]
        day = month.replace(day=min(wanted, length))
        if (day - start).days * direction >= 0:
            yield day
        month = (month + to_another).replace(day=1)
