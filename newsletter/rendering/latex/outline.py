"""Finds the braces and the formulas of a text before anything of it is read.

One pass in linear time; whatever has no partner is simply not in the outline.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from newsletter.rendering.latex.looks import is_formula

_MARK: Final = re.compile(
    r"""(?P<environment>\\(?:begin|end)\{(?:equation|align|gather|multline|eqnarray|math)\*?\})
    | \\[A-Za-z]+ | \\. | [{}$]""",
    re.VERBOSE | re.DOTALL,
)
_CLOSERS: Final = {r"\(": r"\)", r"\[": r"\]", "begin": "end"}
_DELIMITERS: Final = frozenset({"$", *_CLOSERS, *_CLOSERS.values()})
_OUTSIDE: Final = -1


@dataclass(frozen=True, slots=True)
class Formula:
    """Where the inside of a formula begins and ends, and where the text goes on."""

    start: int
    end: int
    after: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A text with the places that belong together; all positions count characters from 0."""

    text: str
    braces: dict[int, int] = field(default_factory=dict)
    """Opening brace → its closing brace."""
    formulas: dict[int, Formula] = field(default_factory=dict)
    """Where the opening delimiter stands → the formula."""


class _Mark(NamedTuple):
    sign: str
    place: int
    end: int


def outline(text: str) -> Outline:
    """Match the braces of `text` and the delimiters of formulas within the same braces."""
    braces: dict[int, int] = {}
    open_braces: list[int] = []
    delimiters: defaultdict[int, list[_Mark]] = defaultdict(list)
    for match in _MARK.finditer(text):
        sign, place = match.group(), match.start()
        width = len(sign)
        if match["environment"]:
            sign = "begin" if sign.startswith(r"\begin") else "end"
        if sign == "{":
            open_braces.append(place)
        elif sign == "}" and open_braces:
            braces[open_braces.pop()] = place
        elif sign in _DELIMITERS:
            mark = _Mark(sign, place, place + width)
            delimiters[open_braces[-1] if open_braces else _OUTSIDE].append(mark)
    formulas = {
        start: formula for marks in delimiters.values() for start, formula in _formulas(text, marks)
    }
    return Outline(text, braces, formulas)


def _formulas(text: str, marks: list[_Mark]) -> Iterator[tuple[int, Formula]]:
    """Pair the delimiters that stand within the same braces, from left to right."""
    place = 0
    while place < len(marks) - 1:
        width, formula = _formula_at(text, marks, place)
        if formula:
            yield marks[place].place, formula
        place += width


def _formula_at(text: str, marks: list[_Mark], place: int) -> tuple[int, Formula | None]:
    """Return how many marks are done with, and the formula that begins with the first, if any."""
    mark, following = marks[place], marks[place + 1]
    if mark.sign in _CLOSERS:
        if following.sign == _CLOSERS[mark.sign]:
            return 2, Formula(mark.end, following.place, following.end)
        return 1, None
    if mark.sign != "$" or following.sign != "$":
        return 1, None
    if following.place == mark.end:
        return _display_at(text, marks, place)
    if is_formula(text, mark.end, following.place):
        return 2, Formula(mark.end, following.place, following.end)
    return 1, None


def _display_at(text: str, marks: list[_Mark], place: int) -> tuple[int, Formula | None]:
    """Read a formula between double dollars; such dollars are never two single ones."""
    closing = marks[place + 2 : place + 4]
    if len(closing) < 2 or not _is_double(*closing):  # noqa: PLR2004 - `$$` has two
        return 1, None
    inside = Formula(marks[place + 1].end, closing[0].place, closing[1].end)
    if text[inside.start : inside.end].strip():
        return 4, inside
    return 1, None


def _is_double(first: _Mark, second: _Mark) -> bool:
    return first.sign == second.sign == "$" and second.place == first.place + 1
