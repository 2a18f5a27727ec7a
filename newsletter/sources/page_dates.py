"""Dates as a Daily Papers page writes them: `Jan 7, 2024 1`, `Oct 10 2`, `Jan 22`."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from newsletter.rules.months import MONTHS

_MONTHS: Final = {name: number for number, name in enumerate(MONTHS, 1)}
_DATE: Final = re.compile(
    r"(?P<month>[a-z]{3})[a-z]{0,6}\.?\s+(?P<day>\d{1,2})(?:,\s*(?P<year>\d{4}))?(?:\s+(?P<rest>\S.{0,40}))?",
    re.ASCII | re.IGNORECASE,
)
_COUNT: Final = re.compile(r"\d{1,3}(?:,\d{3}){0,2}|\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date as written; `year` is None where it is left out."""

    month: int
    day: int
    year: int | None
    rest: str
    """What stands after the date; empty when there is nothing."""

    @property
    def comments(self) -> int | None:
        """The count of comments after the date; None when there is none."""
        return int(self.rest.replace(",", "")) if _COUNT.fullmatch(self.rest) else None

    def in_year(self, year: int | None) -> date | None:
        """Return the day, in `year` where none is written; None when there is no such day."""
        chosen = self.year or year
        try:
            return date(chosen, self.month, self.day) if chosen else None
        except ValueError:
            return None


def read_date(text: str) -> PageDate | None:
    """Return the date with which `text` begins; None when it does not begin with one."""
    found = _DATE.fullmatch(text)
    month = _MONTHS.get(found["month"].lower()) if found else None
    if not found or not month:
        return None
    year = int(found["year"]) if found["year"] else None
    return PageDate(month, int(found["day"]), year, found["rest"] or "")
