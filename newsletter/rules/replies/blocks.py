"""The blocks between the two marker lines, and how far from the writer's own words each stands.

A mail may hold the block that was edited, the one that was sent and older ones. What was quoted
more often is older; some programs put a rule or a header above a quotation in place of marks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.rules.replies.lines import MailLine

# Programs make a heading, a list item or bold text of "# …", and some write it in small letters.
_MARKER: Final = re.compile(
    r"[\W\d_]{0,40}(?P<which>begin|end)[\W_]{1,8}preferences[\W_]{0,40}", re.IGNORECASE
)
_END_WITH_MORE: Final = re.compile(r"[#＃* ]{1,6}END PREFERENCES\s+\S.{0,200}")  # noqa: RUF001
_LONGEST_MARKER: Final = 300
_RULE: Final = re.compile(r"(?:[-_=*—]{10,}|[-_]{3,} ?[^\s_-].{2,60}[^\s_-] ?[-_]{3,})")
_HEADER_LINE: Final = re.compile(r"[*_]{0,2}[^\W\d_][\w .-]{0,20}[*_]{0,2} ?[:：]")  # noqa: RUF001
_HEADER_LINES: Final = 3
_LONGEST_ATTRIBUTION: Final = 300
_ONE_BOUNDARY: Final = 8
"""Boundaries so close together are one: a rule, then a header."""


@dataclass(frozen=True, slots=True)
class Block:
    """The lines between a pair of marker lines. `rank` 0: in the writer's own words."""

    lines: tuple[MailLine, ...]
    rank: int
    start: int
    """The number of the marker line above it."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """All blocks, the least quoted first, and the ranks of marker lines that have no partner."""

    whole: tuple[Block, ...]
    strays: tuple[int, ...]


def find_blocks(lines: Sequence[MailLine]) -> Blocks:
    """Return what stands between marker lines. Linear in the number of lines."""
    spans, strays = _spans(lines)
    ranks = _ranks(lines, spans)
    whole = [
        Block(tuple(lines[begin + 1 : end]), ranks[begin], lines[begin].number)
        for begin, end in spans
    ]
    whole.sort(key=lambda block: block.rank)
    return Blocks(tuple(whole), tuple(sorted(ranks[one] for one in strays)))


def _spans(lines: Sequence[MailLine]) -> tuple[list[tuple[int, int]], list[int]]:
    spans: list[tuple[int, int]] = []
    strays: list[int] = []
    begin: int | None = None
    for index, line in enumerate(lines):
        which = _marker(line.text, is_open=begin is not None)
        if which == "begin":
            strays.extend([] if begin is None else [begin])
            begin = index
        elif which == "end" and begin is not None:
            spans.append((begin, index))
            begin = None
        elif which == "end":
            strays.append(index)
    strays.extend([] if begin is None else [begin])
    return spans, strays


def _marker(text: str, *, is_open: bool) -> str:
    text = text.strip()
    if not text or len(text) > _LONGEST_MARKER:
        return ""
    if found := _MARKER.fullmatch(text):
        return found["which"].lower()
    # A signature may have slipped up to the marker line.
    return "end" if is_open and _END_WITH_MORE.fullmatch(text) else ""


def _ranks(lines: Sequence[MailLine], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each line how deep it is quoted plus how many boundaries stand above it."""
    inside = {index for begin, end in spans for index in range(begin, end + 1)}
    outside = [index for index, line in enumerate(lines) if index not in inside and line.text]
    boundaries: set[int] = set()
    last = -_ONE_BOUNDARY
    for place, index in enumerate(outside):
        if index - last >= _ONE_BOUNDARY and _is_boundary(lines, outside[place : place + 3]):
            boundaries.add(index)
            last = index
    ranks: list[int] = []
    passed = 0
    for index, line in enumerate(lines):
        passed += index in boundaries
        ranks.append(passed + line.depth)
    return ranks


def _is_boundary(lines: Sequence[MailLine], following: Sequence[int]) -> bool:
    texts = [lines[index].text.strip()[:_LONGEST_ATTRIBUTION] for index in following]
    if _RULE.fullmatch(texts[0]):
        return True
    if texts[0].endswith((":", "：")) and _names_somebody(texts[0]):  # noqa: RUF001
        return True
    is_header = len(texts) == _HEADER_LINES and all(_HEADER_LINE.match(text) for text in texts)
    return is_header and any(_names_somebody(text) for text in texts)


def _names_somebody(text: str) -> bool:
    return "@" in text or any(char.isdigit() for char in text)
