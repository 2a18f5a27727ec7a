"""When the services announce, in the time of New York.

arXiv: what was submitted until 14:00 is announced at 20:00 from Sunday to Thursday, and stands in
the feeds of the next day, which are built at midnight. None on holidays of the USA. Hugging Face:
the list of a day opens at 21:30 of the day before.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

EASTERN: Final = ZoneInfo("America/New_York")
DAY: Final = timedelta(days=1)

_CUT_OFF: Final = time(14)
_HUB_OPENS: Final = time(21, 30)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY = 0, 3, 4, 5


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the days of `year` on whose evening nothing is announced."""
    fixed = {date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 12, 25)}
    moving = {
        _nth(year, 1, _MONDAY, 3),
        _nth(year, 6, _MONDAY, 1) - 7 * DAY,  # the last Monday of May
        _nth(year, 9, _MONDAY, 1),
        _nth(year, 11, _THURSDAY, 4),
    }
    return frozenset(fixed | moving)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def announces(evening: date) -> bool:
    """Whether arXiv announces on that evening."""
    return evening.weekday() not in {_FRIDAY, _SATURDAY} and evening not in holidays(evening.year)


def has_batch(day: date) -> bool:
    """Whether the feeds of a day hold anything: the announcement of the evening before."""
    return announces(day - DAY)


def midnight(day: date) -> datetime:
    """Return when a day begins in New York."""
    return datetime.combine(day, time(), EASTERN)


def next_midnight(moment: datetime) -> datetime:
    """Return when the next day begins in New York."""
    return midnight(feed_day(moment) + DAY)


def feed_day(moment: datetime) -> date:
    """Return the day whose feed stands at `moment`."""
    return moment.astimezone(EASTERN).date()


def cut_off(day: date) -> datetime:
    """Return until when one had to submit, to stand in the feeds of `day`."""
    evening = day - DAY
    while evening.weekday() >= _SATURDAY:
        evening -= DAY
    return datetime.combine(evening, _CUT_OFF, EASTERN)


def hub_opens(day: date) -> datetime:
    """Return when the daily list of `day` opens."""
    return datetime.combine(day - DAY, _HUB_OPENS, EASTERN)


def hub_day(moment: datetime) -> date:
    """Return the latest day whose list is open."""
    local = moment.astimezone(EASTERN)
    return local.date() + DAY * (local.time() >= _HUB_OPENS)


def batch_days(around: date, before: int, after: int) -> tuple[date, ...]:
    """Return days with an announcement: `before` up to `around`, and `after` later ones."""
    past: list[date] = []
    day = around
    while len(past) < before:
        if has_batch(day):
            past.append(day)
        day -= DAY
    coming: list[date] = []
    day = around + DAY
    while len(coming) < after:
        if has_batch(day):
            coming.append(day)
        day += DAY
    return (*reversed(past), *coming)
