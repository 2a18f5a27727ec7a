"""How many entries that nobody asked for would stand in a letter?

The gate of letters promises a number: the entries off the topic that one is ready to see per letter. It is
put to the test with letters made of documents that are not relevant, so whatever such a letter shows is
spurious. A part of the collection plays the entries of the last weeks, by which chances are told; letters are
drawn from the others.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from newsletter.rules.evaluation.measures import Scores

BUDGET: Final = 0.1
"""Entries off the topic that one is ready to see per letter: those of strictness normal."""

LARGEST_BACKGROUND: Final = 5_000
LEAST_BACKGROUND: Final = 500
"""Fewer cannot tell how rare a high score is."""
LETTER_SIZE: Final = 200
"""New entries of which a letter is made: about a day of a few categories."""
_LEAST_OTHERS: Final = 100
"""Documents beside the background, at least: fewer make no letter that is like any."""
_MOST_OTHERS: Final = 20_000
"""A hundred letters tell enough, and chances of more documents cost time."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Rows of the documents that play the last weeks, and of those letters are drawn from, in that order."""

    background: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gated:
    """What became of letters for one query, or for several together.

    `letters` without anything relevant in them show `spurious` entries, `letters_with_any` of them at
    least one. `found` of the `relevant` documents that are not in the background would be shown.
    """

    letters: int = 0
    spurious: int = 0
    letters_with_any: int = 0
    relevant: int = 0
    found: int = 0

    @classmethod
    def together(cls, many: Iterable[Self]) -> Self:
        """Return the sums."""
        kept = list(many)
        return cls(
            sum(one.letters for one in kept),
            sum(one.spurious for one in kept),
            sum(one.letters_with_any for one in kept),
            sum(one.relevant for one in kept),
            sum(one.found for one in kept),
        )


def part(shuffled: Sequence[int]) -> Parts | None:
    """Split the rows of a collection, given in an order of chance; None where they are too few.

    Half of them are the background, at least 500 and at most 5,000.
    """
    size = min(max(len(shuffled) // 2, LEAST_BACKGROUND), LARGEST_BACKGROUND)
    others = shuffled[size : size + _MOST_OTHERS]
    if len(others) < _LEAST_OTHERS:
        return None
    return Parts(tuple(shuffled[:size]), tuple(others))


def gate(chances: Scores, others: Sequence[int], relevant: Collection[int], budget: float) -> Gated:
    """Return what letters show when each entry is shown whose chance times the letter's size is in `budget`.

    `chances` has for each of `others` the probability that a document off the topic scores as high. Those
    that are not relevant are put into letters in their order; what is left behind the last whole one is not
    used.
    """
    is_relevant = np.isin(others, list(relevant))
    spurious, wanted = chances[~is_relevant], chances[is_relevant]
    size = min(LETTER_SIZE, len(spurious))
    count = len(spurious) // size if size else 0
    shown = (spurious[: count * size] * size <= budget).reshape(count, size).sum(axis=1)
    return Gated(
        letters=count,
        spurious=int(shown.sum()),
        letters_with_any=int(np.count_nonzero(shown)),
        relevant=len(wanted),
        found=int(np.count_nonzero(wanted * (size or LETTER_SIZE) <= budget)),
    )
