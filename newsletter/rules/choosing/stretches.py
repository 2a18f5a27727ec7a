"""What was learned of some topics, cut out for others who choose from the same entries."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from newsletter.model import Topic
from newsletter.rules.choosing.shelf import Numbers


class Stretch(NamedTuple):
    """Some columns of `Columns`, one behind the other; numbers of places and spots are those of one index."""

    topics: Sequence[Topic]
    budgets: Sequence[float]
    sizes: Numbers
    """How many hits each topic has."""
    places: NDArray[np.int32]
    values: NDArray[np.float64]
    chances: NDArray[np.float64]
    counts: Numbers
    """How many spots each hit has."""
    spots: NDArray[np.uint32]

    def part(self, wanted: Sequence[int]) -> "Stretch":
        """Return the same of some of the topics, by their numbers from 0 on, in order."""
        if len(wanted) == len(self.topics):
            return self
        is_wanted = np.zeros(len(self.topics), np.bool_)
        is_wanted[list(wanted)] = True
        hits = np.repeat(is_wanted, self.sizes)
        return Stretch(
            [self.topics[number] for number in wanted],
            [self.budgets[number] for number in wanted],
            self.sizes[is_wanted],
            self.places[hits],
            self.values[hits],
            self.chances[hits],
            self.counts[hits],
            self.spots[np.repeat(hits, self.counts)],
        )


class Exchange(Protocol):
    """Where those who plan side by side tell each other what they learned.

    `about` names what it was learned of: the same index and the same entries of it. What gets lost on the way
    is learned anew: nothing is raised.
    """

    def give(self, about: str, stretch: Stretch) -> None:
        """Let others know it."""
        ...

    def take(self, about: str) -> Iterable[Stretch]:
        """Return what others gave since it was asked last."""
        ...
