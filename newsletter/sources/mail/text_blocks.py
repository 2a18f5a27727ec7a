"""The blocks of a plain mail: its lines, with the addresses that stand in them."""
# ruff: noqa: RUF001 - dashes and quotation marks of all kinds

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Final

from newsletter.rules.plain_lines import PlainLine
from newsletter.sources.mail.blocks import MOST_BLOCKS, Anchor, Block
from newsletter.sources.plaintext import one_line

_MOST_LINES: Final = 40_000
_LONGEST_LINE: Final = 4_000
_MARKS: Final = re.compile(r"(?:[ ]?>)*[ ]?")
_ADDRESS: Final = re.compile(
    r"\[(?P<text>[^\[\]]{1,400})\]\((?P<url>https?://[^\s()<>]{1,3000})\)"
    r"|(?P<bare>https?://[^\s<>\"]{1,3000})"
    r"|\b(?P<id>(?:arxiv|doi):\s?[\w./()-]{6,200})",
    re.IGNORECASE,
)
_AFTER_ADDRESS: Final = ".,;:!?'*_|]}»”’"
_FIRST_PAPER: Final = re.compile(r"[a-z]*:\s?", re.IGNORECASE)


def lines_of(text: str) -> Iterator[PlainLine]:
    """Yield the lines of a plain part, with how deep each is quoted."""
    for number, line in enumerate(islice(text.split("\n"), _MOST_LINES), 1):
        marks = _MARKS.match(line)
        end = marks.end() if marks and ">" in marks[0] else 0
        yield PlainLine(number, line[end : end + _LONGEST_LINE], line.count(">", 0, end))


def text_blocks(lines: Iterable[PlainLine]) -> tuple[Block, ...]:
    """Return the lines that hold text as blocks; those between two empty lines are one paragraph."""
    return tuple(islice(_blocks(lines), MOST_BLOCKS))


def _blocks(lines: Iterable[PlainLine]) -> Iterator[Block]:
    for paragraph, ((has_text, depth), group) in enumerate(groupby(lines, key=_kind)):
        for line in group if has_text else ():
            text = one_line(line.text)
            yield Block(text, tuple(_anchors(text)), depth=depth, paragraph=paragraph)


def _kind(line: PlainLine) -> tuple[bool, int]:
    return bool(line.text.strip()), line.depth


def _anchors(text: str) -> Iterator[Anchor]:
    if "://" not in text and ":" not in text:
        return
    for found in _ADDRESS.finditer(text):
        if found["url"]:
            yield Anchor(found["url"], found["text"].strip(), found.start(), found.end())
        elif found["bare"]:
            url = _without_end(found["bare"])
            yield Anchor(url, "", found.start(), found.start() + len(url))
        else:
            yield from _paper(found["id"], found.start())


def _without_end(url: str) -> str:
    """Return an address without the marks of the sentence that it stands in."""
    bare = url.rstrip(_AFTER_ADDRESS)
    while bare.endswith(")") and bare.count("(") < bare.count(")"):
        bare = bare[:-1].rstrip(_AFTER_ADDRESS)
    return bare


def _paper(written: str, start: int) -> Iterator[Anchor]:
    """Yield the address of a paper that is named by its id (`arXiv:2605.01234`)."""
    bare = _without_end(written)
    number = _FIRST_PAPER.sub("", bare, count=1)
    place = "arxiv.org/abs" if bare.lower().startswith("arxiv") else "doi.org"
    yield Anchor(f"https://{place}/{number}", "", start, start + len(bare))
