"""The pieces of a formula, and the spaces between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from newsletter.rendering.latex.lettering import Script


class Kind(Enum):
    """How a piece of a formula stands to its neighbours, after the classes of the TeXbook, ch. 18."""

    ORDINARY = auto()
    FRACTION = auto()
    """Wrapped in parentheses where it touches a neighbour."""
    FUNCTION = auto()
    """A name such as log: set apart from letters, not from parentheses."""
    BINARY = auto()
    """Spaced as the author did; `+`, `=` and `<` too."""
    RELATION = auto()
    """Spaced on both sides, except at the beginning."""
    OPENING = auto()
    CLOSING = auto()
    PUNCTUATION = auto()
    SPACE = auto()
    """White space of the author: counts once, and never at an end."""


@dataclass(slots=True)
class Atom:
    """One piece with its scripts."""

    text: str
    kind: Kind = Kind.ORDINARY
    low: str = ""
    high: str = ""

    def written(self) -> str:
        """Write the piece with its scripts: first the one that Unicode has characters for."""
        text = self.text
        if self.kind is Kind.FRACTION and (self.low or self.high):
            text = f"({text})"
        if self.low.startswith(Script.LOW) and not self.high.startswith(Script.HIGH):
            return text + self.high + self.low
        return text + self.low + self.high

    def ends_open(self) -> bool:
        """Tell whether a following letter would be taken for a part of the last script."""
        return self.low.startswith(Script.LOW) or self.high.startswith(Script.HIGH)


_SIGNS: Final = frozenset({Kind.BINARY, Kind.RELATION})
_FACTORS: Final = frozenset({Kind.ORDINARY, Kind.CLOSING, Kind.FUNCTION})
_SOLID: Final = frozenset({Kind.ORDINARY, Kind.FRACTION, Kind.CLOSING, Kind.FUNCTION})


@dataclass(slots=True)
class _Line:
    """What is written so far."""

    text: str = ""
    last: Atom | None = None
    spaced: bool = False
    """Whether the author left white space behind the last piece."""
    tight: bool = False
    """Whether the last piece is a sign that wants its right neighbour at once: -1, ≥40."""


def joined(atoms: Sequence[Atom]) -> str:
    """Write the pieces in a line. A sign at the end stays with its number: 8x."""
    line = _Line()
    parts: list[str] = []
    end = len(atoms)
    while end and atoms[end - 1].kind is Kind.SPACE:
        end -= 1
    for place, atom in enumerate(atoms[:end]):
        if atom.kind is Kind.SPACE:
            line.spaced = line.last is not None
            continue
        following = atoms[place + 1] if place + 1 < end else None
        is_last_sign = following is None and atom.kind is Kind.BINARY
        gap = "" if is_last_sign else _gap(line, atom)
        is_beside = not gap or (line.last and line.last.kind is Kind.FUNCTION)
        parts += (gap, _wrapped(atom, line.last if is_beside else None, following))
        line.tight = _is_tight(line, atom, gap)
        line.last, line.spaced = atom, False
    return "".join(parts)


def _wrapped(atom: Atom, before: Atom | None, after: Atom | None) -> str:
    text = atom.written()
    if atom.kind is not Kind.FRACTION or atom.low or atom.high:
        return text
    touches = before is not None and before.kind in _FACTORS
    if after is not None:
        is_factor = after.kind is Kind.ORDINARY and after.text[:1].isalnum()
        touches = touches or is_factor or after.kind in {Kind.OPENING, Kind.FRACTION}
    return f"({text})" if touches else text


def _gap(line: _Line, atom: Atom) -> str:
    last = line.last
    is_sign_alone = last is not None and last.kind is Kind.BINARY and atom.kind is Kind.RELATION
    if last is None or last.kind is Kind.OPENING or (line.tight and not is_sign_alone):
        return ""
    if _is_separated(last, atom, line.spaced):
        return " "
    return ""


def _is_separated(last: Atom, atom: Atom, spaced: bool) -> bool:  # noqa: FBT001 - the author's space
    if Kind.RELATION in {last.kind, atom.kind}:
        return last.kind is not Kind.PUNCTUATION or spaced
    if atom.kind in {Kind.PUNCTUATION, Kind.CLOSING}:
        return False
    if last.kind is Kind.BINARY:
        return True
    if atom.kind is Kind.FUNCTION and last.kind in _SOLID:
        return spaced or last.text != "/"
    if last.kind is Kind.FUNCTION and atom.kind in {Kind.ORDINARY, Kind.FRACTION}:
        return True
    runs_on = last.ends_open() and atom.text[:1].isalnum()
    return spaced or runs_on


def _is_tight(line: _Line, atom: Atom, gap: str) -> bool:
    """A sign without a left neighbour is a prefix; a sign that touches its left one is even."""
    if atom.kind not in _SIGNS:
        return False
    last = line.last
    if last is None or last.kind in {Kind.OPENING, Kind.PUNCTUATION}:
        return True
    return atom.kind is Kind.BINARY and (last.kind in _SIGNS or not gap)
