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


class Talk(Protocol):
    """Hears and tells what was learned of some entries of one index. What gets lost is learned anew."""

    def give(self, stretch: Stretch) -> None:
        """Let others know it, and who has to learn all anew."""
        ...

    def take(self) -> Iterable[Stretch]:
        """Return what was given since it was asked last; at first all."""
        ...


class Exchange(Protocol):
    """Where those who plan side by side tell each other what they learned. It raises nothing."""

    def about(self, name: str) -> Talk:
        """Begin to hear of what has this name: the same for the same entries of the same index."""
        ...
