"""The lines of a copied page, and where its header ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from newsletter.sources.page_dates import read_date
from newsletter.sources.plaintext import one_line

_LAST_HEADER_LINE: Final = re.compile(r"by\s*AK and the research community", re.IGNORECASE)
_HEADER_LINES: Final = frozenset(
    {"new", "get trending papers in your email inbox!", "subscribe", "daily papers"}
)
_LONGEST_HEADER: Final = 100
"""Lines: a copy of the whole window begins with the menu of the site."""

_LONGEST_TITLE: Final = 300
"""Characters."""
_MANY_WORDS: Final = 25
_SOME_WORDS: Final = 8
_QUESTION_WITHIN: Final = re.compile(r"[!?][)\"'”]?\s+\S")
"""Some titles ask and then answer; only many words make prose of that."""
_SENTENCE_WITHIN: Final = re.compile(r"[a-z]{3}[)\"'”]*\.\s+\S")
"""Not `vs. ` and the like."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text on it. `number` counts from 1; lines of one `block` have no empty line between."""

    number: int
    block: int
    text: str


Block = Sequence[Line]


def lines_of(text: str) -> Sequence[Line]:
    """Return the lines of `text` that are not empty."""
    found: list[Line] = []
    block = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        shown = one_line(raw)
        if shown:
            found.append(Line(number, block, shown))
        else:
            block += 1
    return found


def skip_header(lines: Sequence[Line]) -> tuple[Sequence[Line], bool]:
    """Return the lines after the header, and whether there was one.

    The header ends with the line of the page's maker, wherever it stands among the first
    lines; without that line it is as many of the other well-known lines as come first. The
    page's own date after it belongs to the header.
    """
    end = _header_end(lines)
    has_header = any(line.text.casefold() != "new" for line in lines[:end])
    if end < len(lines) and _is_heading(lines[end]):
        end += 1
    return lines[end:], has_header


def _header_end(lines: Sequence[Line]) -> int:
    for at, line in enumerate(lines[:_LONGEST_HEADER]):
        if _LAST_HEADER_LINE.fullmatch(line.text):
            return at + 1
    for at, line in enumerate(lines):
        if line.text.casefold() not in _HEADER_LINES:
            return at
    return len(lines)


def blocks_of(lines: Sequence[Line]) -> Sequence[Block]:
    """Return lines grouped into blocks, without those that are nothing but the date of a day."""
    groups = (tuple(group) for _, group in groupby(lines, key=lambda line: line.block))
    return [group for group in groups if len(group) > 1 or not _is_heading(group[0])]


def text_of(block: Block) -> str:
    """Return a block as one line."""
    return " ".join(line.text for line in block)


def reads_as_prose(text: str) -> bool:
    """Tell whether `text` is rather part of an abstract than a title, a name or a button."""
    if len(text) > _LONGEST_TITLE:
        return True
    words = len(text.split())
    if words >= _MANY_WORDS and _QUESTION_WITHIN.search(text):
        return True
    is_sentence = text.endswith(".") or _SENTENCE_WITHIN.search(text) is not None
    return words >= _SOME_WORDS and is_sentence


def _is_heading(line: Line) -> bool:
    found = read_date(line.text)
    return found is not None and not found.rest
