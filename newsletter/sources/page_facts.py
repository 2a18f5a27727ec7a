"""The three lines about an entry: who made it, a lone dot, when and how much it was talked about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.sources.page_dates import PageDate, read_date
from newsletter.sources.page_lines import Line, reads_as_prose

_DOTS: Final = frozenset("·•∙⋅")
_AUTHORS: Final = re.compile(r"(?P<name>.*?)\s*[•·∙⋅]\s*(?P<count>\d{1,6})\s+authors?", re.ASCII)
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """What the three lines say, and that they are the lines `start` to `end` - 1 of the body."""

    start: int
    end: int
    line: int
    date: PageDate
    author_count: int | None = None
    organization: str | None = None


def find_facts(lines: Sequence[Line]) -> Sequence[Facts]:
    """Return all of them, in the order of the page: wherever a date follows a lone dot."""
    found: list[Facts] = []
    for at in range(len(lines) - 1):
        day = read_date(lines[at + 1].text) if lines[at].text in _DOTS else None
        if day:
            free = found[-1].end if found else 0
            found.append(_facts(lines, at, free, day))
    return found


def _facts(lines: Sequence[Line], dot: int, free: int, day: PageDate) -> Facts:
    """Read the line before the dot, unless it belongs to the entry before (is below `free`)."""
    above = lines[dot - 1].text if dot > free else ""
    number = lines[dot + 1].number
    if len(above) > _LONGEST_NAME:
        return Facts(dot, dot + 2, number, day)
    authors = _AUTHORS.fullmatch(above)
    if authors:
        count, name = int(authors["count"]), organization_name(authors["name"])
        return Facts(dot - 1, dot + 2, number, day, count, name)
    if not above or reads_as_prose(above):
        return Facts(dot, dot + 2, number, day)
    return Facts(dot - 1, dot + 2, number, day, None, organization_name(above))


def organization_name(text: str) -> str | None:
    """Return the name in `amazon Amazon`: what follows the account, a word without spaces.

    A single word is the name itself; None when there is no word.
    """
    account, _, name = text.partition(" ")
    return name.strip() or account or None
