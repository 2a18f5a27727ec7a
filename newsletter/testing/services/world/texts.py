"""Reads the texts that were written for the world.

A file has lines that begin with `@` (openings, closings, categories), then papers: `= Title` and
the sentences that belong to it. ⟨a⟩, ⟨b⟩, ⟨c⟩ and ⟨h⟩ stand for numbers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from newsletter.testing.services.world.dice import pick

FIELDS: Final = ("robotics", "language", "biology", "neuroscience", "statistics")

_FOLDER: Final = Path(__file__).parent
_NUMBERS: Final = {"a": (3, 36, 1), "b": (2, 8, 1), "c": (100, 90, 10), "h": (51, 47, 1)}
"""First number, how many there are, and the step."""


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """What was written for one field."""

    name: str
    marks: Mapping[str, tuple[str, ...]]
    pieces: tuple[tuple[str, str], ...]
    """Title and core of each paper."""

    def abstract(self, index: int, key: str) -> str:
        """Return the abstract of a piece: an opening, its core, a closing, with numbers."""
        openings, closings = self.marks["opening"], self.marks["closing"]
        opening = openings[pick(f"{key} opening", len(openings))]
        closing = closings[pick(f"{key} closing", len(closings))]
        return with_numbers(f"{opening} {self.pieces[index][1]} {closing}", key)


@cache
def field_texts(name: str) -> FieldTexts:
    """Return the texts of a field."""
    head, _, body = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    marks: dict[str, tuple[str, ...]] = {}
    for line in head.splitlines():
        mark, _, text = line.removeprefix("@").partition(" ")
        marks[mark] = (*marks.get(mark, ()), text)
    return FieldTexts(name, marks, _pieces(body))


@cache
def post_texts() -> Sequence[tuple[str, str]]:
    """Return title and text of every post."""
    return _pieces((_FOLDER / "posts.txt").read_text(encoding="utf-8"))


@cache
def comment_texts() -> Sequence[str]:
    """Return what authors say beside their papers."""
    return (_FOLDER / "comments.txt").read_text(encoding="utf-8").splitlines()


def with_numbers(text: str, key: str) -> str:
    """Return the text with a number in place of each mark."""
    place = 0

    def number(found: re.Match[str]) -> str:
        nonlocal place
        place += 1
        first, count, step = _NUMBERS[found[1]]
        return str(first + step * pick(f"{key} number {place}", count))

    return re.sub("⟨([abch])⟩", number, text)


def _pieces(text: str) -> tuple[tuple[str, str], ...]:
    pieces = []
    for block in re.split(r"^= ", text, flags=re.MULTILINE)[1:]:
        title, _, core = block.partition("\n")
        pieces.append((title.strip(), " ".join(core.split())))
    return tuple(pieces)
