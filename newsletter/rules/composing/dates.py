"""How are dates written? In English, whatever the locale of the machine."""

from datetime import date
from typing import Final

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SAME_WEEK_DAYS: Final = 6
_ABBREVIATION: Final = 3


def write_date(day: date) -> str:
    """Write a date in full: `Monday, 23 November 2026`."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def write_month(day: date) -> str:
    """Write the month of a day: `November 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def write_day(day: date, *, today: date) -> str:
    """Write a date briefly: `21 Nov`, with the year when it is not that of `today`."""
    brief = f"{day.day} {_MONTHS[day.month - 1][:_ABBREVIATION]}"
    return brief if day.year == today.year else f"{brief} {day.year}"


def write_since(since: date | None, *, today: date) -> str:
    """Write since when entries are new, with a blank before: ` since Friday`, ` since 3 November`.

    A day of the last six is named, an older one is dated. Empty when `since` is None, and when it
    lies after `today` (somebody moved to another time zone). The same day is `today` itself.
    """
    if since is None or since > today:
        return ""
    if since == today:
        return " today"
    if (today - since).days <= _SAME_WEEK_DAYS:
        return f" since {_DAYS[since.weekday()]}"
    dated = f" since {since.day} {_MONTHS[since.month - 1]}"
    return dated if since.year == today.year else f"{dated} {since.year}"
