"""Finds the braces and the formulas of a text before anything of it is read.

One pass in linear time; whatever has no partner is simply not in the outline.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

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


@dataclass(frozen=True, slots=True)
class _Mark:
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
    while place < len(marks):
        taken = 0
        for width, formula in _candidates(text, marks, place):
            yield marks[place].place, formula
            taken = width
        place += taken or 1


def _candidates(text: str, marks: list[_Mark], place: int) -> Iterator[tuple[int, Formula]]:
    """Yield the formula that begins at this mark, with the number of marks it takes, or nothing."""
    mark, rest = marks[place], marks[place + 1 : place + 4]
    if mark.sign in _CLOSERS:
        if rest and rest[0].sign == _CLOSERS[mark.sign]:
            yield 2, Formula(mark.end, rest[0].place, rest[0].end)
        return
    if mark.sign != "$" or not rest or rest[0].sign != "$":
        return
    doubled = rest[0].place == mark.place + 1
    if doubled and len(rest) > 2 and _is_double(rest[1], rest[2]):  # noqa: PLR2004 - `$$` twice
        inside = Formula(rest[0].end, rest[1].place, rest[2].end)
        if text[inside.start : inside.end].strip():
            yield 4, inside
        return
    inside = Formula(mark.end, rest[0].place, rest[0].end)
    if is_formula(text, inside.start, inside.end):
        yield 2, inside


def _is_double(first: _Mark, second: _Mark) -> bool:
    return first.sign == second.sign == "$" and second.place == first.place + 1
