"""When arXiv announces: lists of Monday to Friday, rebuilt at midnight in New York."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("America/New_York")
_SETTLED: Final = timedelta(hours=1)
"""After midnight the feeds of a new day may take that long."""
_SATURDAY: Final = 5


def due_list(now: datetime) -> date:
    """Return the day of the latest list that should be there; holidays are not known here."""
    day = (now.astimezone(ZONE) - _SETTLED).date()
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day


def is_weekend(now: datetime) -> bool:
    """Whether no list is made today: there, not here."""
    return now.astimezone(ZONE).weekday() >= _SATURDAY


def missed_days(last: date, now: datetime) -> tuple[date, date] | None:
    """Return the days between the last list read and the one that is there now; None: none.

    First and last day; the one of the present list is left out, since its feed tells it.
    """
    first, until = last + timedelta(days=1), due_list(now) - timedelta(days=1)
    days = (first + timedelta(days=n) for n in range((until - first).days + 1))
    return (first, until) if any(day.weekday() < _SATURDAY for day in days) else None
