"""Which word was meant?"""

from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 20
_SURE: Final = 4
"""A word of more letters may differ in two of them, if it is long, else in one."""
_LONG: Final = 8
_FURTHEST: Final = 2


def distance(one: str, other: str) -> int:
    """Return how many letters were changed, lost, added or swapped with their neighbour.

    Words of more than 20 letters are 20 apart. This is optimal string alignment: no letter is
    moved twice.
    """
    if max(len(one), len(other)) > _LONGEST:
        return _LONGEST
    before: list[int] = []
    row = list(range(len(other) + 1))
    for line, letter in enumerate(one, 1):
        last, row, before = before, [line], row
        for column, against in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != against))
            is_swap = line > 1 and column > 1 and letter == other[column - 2]
            if is_swap and one[line - 2] == against:
                cost = min(cost, last[column - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the word of `known` that `word` is a slip of; None: there is none near enough.

    A short word with one other letter is another word (`Mike` is not `like`): up to four letters
    only a swapped, lost or added letter counts.
    """
    best: tuple[int, str] | None = None
    for candidate in known:
        if abs(len(word) - len(candidate)) > _FURTHEST:
            continue
        apart = distance(word, candidate)
        if apart and apart <= _allowed(word, candidate) and (best is None or apart < best[0]):
            best = apart, candidate
    return best[1] if best else None


def _allowed(word: str, candidate: str) -> int:
    shorter = min(len(word), len(candidate))
    if shorter > _LONG - 1:
        return _FURTHEST
    if shorter > _SURE:
        return 1
    is_substitution = len(word) == len(candidate) and sorted(word) != sorted(candidate)
    return 0 if is_substitution or shorter < _SURE - 1 else 1
