"""How often, in words that people use and the schema does not."""

import re
from collections.abc import Iterable
from typing import Final

from newsletter.model import Weekday
from newsletter.preferences.schema.wording import nearest

DAY_NAMES: Final = tuple(day.name.lower() for day in Weekday)
_LONG_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHERWISE: Final = {"tues": "tue", "thur": "thu", "thurs": "thu", "weds": "wed"}
_BETWEEN_DAYS: Final = re.compile(r"(?:[,;/+& ]|\band\b)+")

_WORDS: Final = {
    **dict.fromkeys(("daily", "everyday", "days", "each day", "every day", "täglich"), "day"),
    **dict.fromkeys(("workday", "workdays", "weekdays", "business days", "mon-fri"), "weekday"),
    **dict.fromkeys(("weekly", "weeks", "wöchentlich"), "week"),
    **dict.fromkeys(("monthly", "months", "monatlich"), "month"),
}
_LISTS: Final = {
    **dict.fromkeys(("weekend", "weekends"), "[sat, sun]"),
    **dict.fromkeys(("2 days", "two days", "other day", "second day"), "[mon, wed, fri]"),
    **dict.fromkeys(("3 days", "three days"), "[mon, thu]"),
    **dict.fromkeys(("twice a week", "biweekly"), "[mon, thu]"),
}
_NOT_OFFERED: Final = {
    **dict.fromkeys(
        ("hour", "hourly", "minute", "instantly", "immediately"),
        "write day: a letter a day is the most there is",
    ),
    **dict.fromkeys(("2 weeks", "two weeks", "fortnight", "fortnightly"), "write week or month"),
    **dict.fromkeys(("year", "yearly", "quarter"), "write month, the longest time between letters"),
    **dict.fromkeys(
        ("never", "no", "none", "off"),
        "write pause_until and a day for a break; to leave, unsubscribe",
    ),
}


def weekday_meant(written: str) -> str | None:
    """Return the short name of a day that was written as a word, in short or not; else None."""
    plain = written.casefold().rstrip(".s") if len(written) <= 12 else ""  # noqa: PLR2004
    plain = _OTHERWISE.get(written.casefold(), plain)
    if plain in DAY_NAMES:
        return plain
    return next((name[:3] for name in _LONG_NAMES if plain == name), None)


def days_meant(written: Iterable[str]) -> tuple[str, ...]:
    """Return the short names of days in words of any kind, each once; nothing when one is no day."""
    pieces = [one for text in written for one in _BETWEEN_DAYS.split(text[:60].casefold()) if one]
    days = [weekday_meant(one) or _misspelt_day(one) for one in pieces]
    return tuple(dict.fromkeys(days)) if all(days) else ()


def _misspelt_day(written: str) -> str:
    near = nearest(written, _LONG_NAMES)
    return near[:3] if near else ""


def rhythm_meant(written: str) -> str | None:
    """Return what to write for a rhythm in other words, or None."""
    plain = " ".join(written[:60].casefold().split()).removeprefix("every ").removeprefix("a ")
    if word := _WORDS.get(plain):
        return f'did you mean "{word}"?'
    if listed := _LISTS.get(plain):
        return f"write {listed}"
    if advice := _NOT_OFFERED.get(plain):
        return advice
    days = days_meant([plain])
    return f"write [{', '.join(days)}]" if days else None


def word_for(written: str) -> str:
    """Return the rhythm that is meant by a word, a day where none is known."""
    plain = written[:60].casefold().strip()
    return _WORDS.get(plain) or _LISTS.get(plain) or "day"
