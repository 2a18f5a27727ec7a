"""How many hits of a topic may be shown: the gate of rules.matching on an array."""

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.shelf import Numbers


def passing(chances: NDArray[np.float64], asked: int, budget: float) -> int:
    """Return how many of `chances`, which are in order, pass among as many entries as were `asked`."""
    places = np.arange(1, len(chances) + 1)
    within = np.flatnonzero(chances * asked <= places * budget)
    if not within.size:
        return 0
    return int(np.searchsorted(chances, chances[within[-1]], side="right"))


def lengths_within(topics: Numbers, limits: NDArray[np.float64], columns: Columns) -> Numbers:
    """Return how many hits of each column of `topics` have a chance of at most the limit beside it.

    Both are tables with one row for each subscriber; below 0 stands no column, which has no hit. Hits of
    which nothing was said, with the chance 0, always pass. The result is `Asked.lengths`.
    """
    if not len(columns):
        return np.zeros(topics.shape, np.int64)
    starts = columns.starts[topics]
    low = starts.copy()
    high = np.where(topics >= 0, starts + columns.sizes[topics], starts)
    while (is_open := low < high).any():
        middle = (low + high) >> 1
        passes = columns.chances[np.minimum(middle, len(columns) - 1)] <= limits
        low = np.where(is_open & passes, middle + 1, low)
        high = np.where(is_open & ~passes, middle, high)
    return low - starts
