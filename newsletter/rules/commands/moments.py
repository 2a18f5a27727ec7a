"""Days, times of day and lengths of time as people write them, written in one way."""

import re
from datetime import date
from typing import Final

from newsletter.rules.commands.form import Arguments, Setting, Wrong
from newsletter.rules.commands.nearest import nearest
from newsletter.rules.commands.words import doubt

DEFAULT_PAUSE_DAYS: Final = 14
MAX_PAUSE_DAYS: Final = 366
LONGEST_MONTH: Final = 31

_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_SHORT: Final = {
    **{day[:3]: day for day in _WEEKDAYS},
    **{f"{day}s": day for day in _WEEKDAYS},
    **{day: day for day in _WEEKDAYS},
    "tues": "tuesday",
    "thur": "thursday",
    "thurs": "thursday",
}
_UNITS: Final = {
    **dict.fromkeys(("d", "day", "days"), 1),
    **dict.fromkeys(("w", "week", "weeks"), 7),
    **dict.fromkeys(("month", "months"), 30),
}
_LENGTH: Final = re.compile(r"([0-9]{1,3}|a|an|one|two) ?([a-z]{1,6})")
_NUMBER_WORDS: Final = {"a": 1, "an": 1, "one": 1, "two": 2}
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))? ?(am|pm|a\.m\.|p\.m\.|h|o'clock)?")
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_NOON: Final = 12


def weekday(word: str) -> str | None:
    """Return the short name of a day of the week, `mon`, from any usual one; None: it is none."""
    full = _SHORT.get(word)
    return full[:3] if full else None


def iso_date(word: str) -> str | None:
    """Return a date of the calendar as it was written, 2027-01-04; None: it is none."""
    if not _ISO_DATE.fullmatch(word):
        return None
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        return None


def time_of_day(text: str) -> str | None:
    """Return `07:30` from 7:30, 07.30, 7h30, 7:30 am, 7; None: it is no time of day."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
    if half in {"am", "pm"}:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour <= _LAST_HOUR and minute <= _LAST_MINUTE else None


def pause(_word: str, rest: str, _setting: Setting) -> Arguments | Wrong | None:
    """Read how long: ("days", "14") or ("until", "2027-01-04"). Nothing said: 14 days."""
    advice = "pause until 2027-01-04"
    said = rest.casefold()
    if not said:
        return "days", str(DEFAULT_PAUSE_DAYS)
    day = said.removeprefix("until ").removeprefix("till ").removeprefix("to ")
    if written := iso_date(day):
        return "until", written
    if day != said:
        return Wrong("needs a date: year, month and day", advice)
    found = _LENGTH.fullmatch(said.removeprefix("for "))
    if found is None or found[2] not in _UNITS:
        return doubt(said, "needs days, weeks or a date", advice)
    count = _NUMBER_WORDS.get(found[1]) or int(found[1])
    days = count * _UNITS[found[2]]
    if not 1 <= days <= MAX_PAUSE_DAYS:
        return Wrong(f"a pause lasts 1 to {MAX_PAUSE_DAYS} days", advice)
    return "days", str(days)


def day_in_question(_word: str, rest: str, _setting: Setting) -> Arguments | Wrong | None:
    """Read one day: a date, `today`, `yesterday`, or `mon` for the last Monday. Nothing: ()."""
    said = rest.casefold().removeprefix("on ").removeprefix("last ")
    if not said:
        return ()
    if said in {"today", "yesterday"}:
        return (said,)
    if found := weekday(said) or iso_date(said):
        return (found,)
    meant = nearest(said, (*_WEEKDAYS, "yesterday", "today"))
    return doubt(said, "needs a day", f"why {meant or '2026-11-23'}")
