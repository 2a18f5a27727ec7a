"""Times of day and days, and what people mean who write them another way."""

import re
from calendar import monthrange
from datetime import date, time
from typing import Final

from newsletter.preferences.schema.validation import quote, wrong
from newsletter.preferences.schema.wording import DASHES
from newsletter.preferences.schema.words import plain_word
from newsletter.rules.months import MONTHS

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SPOKEN_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[.:h,](?P<minute>[0-9]{2})(?:[.:][0-9]{2})?|h|[ ]?uhr)?"
    r"[ ]?(?P<half>[ap]\.?m\.?)?"
)
_NAMED_TIMES: Final = {"noon": "12:00", "midday": "12:00", "midnight": "00:00", "morning": "07:30"}
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_HALF_DAY: Final = 12


def clock_time(value: object) -> time:
    """Read a local time of day to the minute, `7:30` or `07:30`."""
    if isinstance(value, list):
        raise wrong(
            message="a letter comes at one time a day", suggestion='write one, e.g. "07:30"'
        )
    written = plain_word(value)
    if found := _TIME.fullmatch(written):
        return time(int(found[1]), int(found[2]))
    message = f"{quote(written)} is no time of day"
    raise wrong(message, suggestion=_time_meant(written[:20].casefold()))


def _time_meant(written: str) -> str:
    if named := _NAMED_TIMES.get(written):
        return f'write "{named}"'
    found = _SPOKEN_TIME.fullmatch(written)
    if not found:
        return 'write hours and minutes from 00:00 to 23:59, e.g. "07:30"'
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] and 0 < hour <= _HALF_DAY:
        hour = hour % _HALF_DAY + (_HALF_DAY if found["half"].startswith("p") else 0)
    if minute > _LAST_MINUTE:
        return 'minutes go from 00 to 59, e.g. "07:30"'
    if hour == _LAST_HOUR + 1 and minute == 0:
        return 'write "00:00": the day begins with it'
    if hour > _LAST_HOUR:
        return 'the last time of a day is "23:59"'
    return f'write "{hour:02}:{minute:02}"'


_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR_FIRST: Final = re.compile(
    rf"([0-9]{{4}})[-/. {DASHES}]([0-9]{{1,2}})[-/. {DASHES}]([0-9]{{1,2}})\.?"
)
_YEAR_LAST: Final = re.compile(
    rf"([0-9]{{1,2}})([-/.{DASHES}]) ?([0-9]{{1,2}})[-/.{DASHES}] ?([0-9]{{4}})"
)
_WITH_MONTH: Final = re.compile(
    r"(?:(?P<before>[0-9]{1,2})(?:st|nd|rd|th|\.)? )?(?P<month>[a-z]{3,9})\.? "
    r"(?:(?P<after>[0-9]{1,2})(?:st|nd|rd|th)?,? )?(?P<year>[0-9]{4})"
)
_LAST_YEAR: Final = 2199
_FAR_AWAY: Final = "write a day of this century; to get no letters any more, unsubscribe"
_DAY_EXAMPLE: Final = "write year, month and day, e.g. 2027-01-04"


def calendar_day(value: object) -> date:
    """Read a day as 2027-01-04 (ISO 8601)."""
    written = plain_word(value)
    if (found := _DAY.fullmatch(written)) and (day := _day(*map(int, found.groups()))):
        if day.year > _LAST_YEAR:
            raise wrong(f"{quote(written)} is too far away", suggestion=_FAR_AWAY)
        return day
    meant = _day_meant(written[:40].casefold())
    raise wrong(f"{quote(written)} is no date", suggestion=meant or _DAY_EXAMPLE)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_meant(written: str) -> str | None:
    if found := _YEAR_FIRST.fullmatch(written):
        year, month, day = map(int, found.groups())
        return _write(year, month, day) or _last_of_month(year, month, day)
    if found := _YEAR_LAST.fullmatch(written):
        return _either_order(int(found[4]), int(found[1]), int(found[3]), found[2])
    found = _WITH_MONTH.fullmatch(written)
    if found and found["month"][:3] in MONTHS:
        month = MONTHS.index(found["month"][:3]) + 1
        return _write(int(found["year"]), month, int(found["before"] or found["after"] or 1))
    if written in {"no", "never", "false", "off", "none"}:
        return "for no pause remove the line"
    return None


def _either_order(year: int, first: int, second: int, sign: str) -> str | None:
    """Europe writes the day before the month, America the month; with dots only the day comes first."""
    european, american = _day(year, second, first), _day(year, first, second)
    if european and american and european != american and sign != ".":
        return f"write {european} or {american}: year, month, day"
    one = european or american
    return f"write {one}" if one else None


def _write(year: int, month: int, day: int) -> str | None:
    found = _day(year, month, day)
    return f"write {found}" if found else None


def _last_of_month(year: int, month: int, day: int) -> str | None:
    if not (1 <= year <= date.max.year and 1 <= month <= len(MONTHS)) or day == 0:
        return None
    last = date(year, month, monthrange(year, month)[1])
    return f"that month has {last.day} days: write {last}"
