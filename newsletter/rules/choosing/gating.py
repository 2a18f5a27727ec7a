"""How many hits of a topic may be shown: the gate of rules.matching on an array."""

import numpy as np
from numpy.typing import NDArray


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


def count_unsaid(chances: NDArray[np.float64]) -> int:
    """Return of how many hits nothing is said: their chances, below 0, stand before all others."""
    return int(np.searchsorted(chances, 0.0))
