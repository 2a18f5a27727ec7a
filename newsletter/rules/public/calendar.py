"""Days of the archive, laid out as the months of a calendar."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from newsletter.rules.composing import write_month

_MONDAY_FIRST: Final = Calendar(firstweekday=0)  # ISO 8601 begins its week so

Week = tuple[tuple[int, date | None], ...]
"""Seven places from Monday on: the day of the month, 0 where the week belongs to another one, and the
day itself where there is something to read."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month with its weeks. `title` is `November 2026`."""

    title: str
    weeks: tuple[Week, ...]


def months(days: Iterable[date]) -> Sequence[Month]:
    """Return the months in which any of `days` falls, the latest first."""
    known = frozenset(days)
    found = sorted({(day.year, day.month) for day in known}, reverse=True)
    return [_month(year, month, known) for year, month in found]


def _month(year: int, month: int, known: frozenset[date]) -> Month:
    weeks = tuple(
        tuple((number, _known(year, month, number, known)) for number in week)
        for week in _MONDAY_FIRST.monthdayscalendar(year, month)
    )
    return Month(write_month(date(year, month, 1)), weeks)


def _known(year: int, month: int, number: int, known: frozenset[date]) -> date | None:
    day = date(year, month, number) if number else None
    return day if day in known else None
