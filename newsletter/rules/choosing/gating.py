"""How many hits of a topic may be shown: the gate of rules.matching on an array."""

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.runs import runs


def passing(chances: NDArray[np.float64], asked: int, budget: float) -> int:
    """Return how many of `chances`, which are in order, pass among as many entries as were `asked`.

    Of which nothing is said, and what is certain, all pass, and are no reason for others to do.
    """
    outright = int(np.searchsorted(chances, 0.0, side="right"))
    told = chances[outright:]
    places = np.arange(1, len(told) + 1)
    within = np.flatnonzero(told * asked <= places * budget)
    if not within.size:
        return outright
    return outright + int(np.searchsorted(told, told[within[-1]], side="right"))


def may_pass(
    chances: NDArray[np.float64], topics: NDArray[np.intp], budgets: NDArray[np.float64], asked: int
) -> NDArray[np.bool_]:
    """Return which hits may be among those that pass, in any order: few do of many that need not be sorted.

    A hit that passes is as probable as one of as many that pass with it, which are no more than there are.
    """
    counts = np.bincount(topics, minlength=len(budgets))
    return np.asarray(chances * asked <= (counts * budgets)[topics], np.bool_)


def passing_each(
    chances: NDArray[np.float64], topics: NDArray[np.intp], budgets: NDArray[np.float64], asked: int
) -> NDArray[np.bool_]:
    """Return which hits of many topics pass, each topic with its own budget; among as many `asked`.

    The hits of each topic stand side by side, topics in order, with their chances in order, none of which
    is 0 or unsaid. What `passing` says of each.
    """
    begins = np.flatnonzero(np.diff(topics, prepend=-1))
    sizes = np.diff(begins, append=len(topics))
    places = runs(1, sizes)
    is_within = chances * asked <= places * budgets[topics]
    if not len(begins):
        return is_within
    limits = np.maximum.reduceat(np.where(is_within, chances, -1.0), begins)
    return chances <= np.repeat(limits, sizes)


def count_unsaid(chances: NDArray[np.float64]) -> int:
    """Return of how many hits nothing is said: their chances, below 0, stand before all others."""
    return int(np.searchsorted(chances, 0.0))
