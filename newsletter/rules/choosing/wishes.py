"""What many subscribers want, as arrays: which columns of topics, and how many of their hits."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.model import Order, Strictness, Topic
from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.learning import Learned
from newsletter.rules.choosing.shelf import NOTHING, Numbers
from newsletter.rules.matching import share_of

_STRICTNESS_OF: Final = tuple(Strictness)
_STRICTNESSES: Final = {one: place for place, one in enumerate(_STRICTNESS_OF)}
_ORDER_OF: Final = tuple(Order)
_ORDERS: Final = {one: place for place, one in enumerate(_ORDER_OF)}
_COUNTS: Final = MOST_TOPICS + 1


Wish = tuple[Sequence[Topic], Strictness, int, Order]
"""What one subscriber wants: topics, how sure they must be, how many entries a letter has, in which order."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Wishes in numbers, a row for each.

    `topics` are columns in the subscriber's order, NOTHING behind them; `lengths` how many hits of each
    pass the gate. Of use where the row `is_known`: not where arrays cannot choose it, nor where a topic was
    not learned yet for as wide a gate.
    """

    topics: Numbers
    lengths: Numbers
    at_most: Numbers
    orders: Numbers
    is_known: NDArray[np.bool_]
    is_open: NDArray[np.bool_]
    """Where it might be known, once the topics are learned."""

    def keys(self) -> list[bytes]:
        """Return what is equal for rows of which the letters are: the same in every batch."""
        numbers = [self.topics, self.lengths, self.at_most[:, None], self.orders[:, None]]
        joined = np.concatenate(numbers, axis=1, dtype=np.int32)
        whole = np.dtype((np.void, joined.dtype.itemsize * joined.shape[1]))
        keys: list[bytes] = np.ascontiguousarray(joined).view(whole)[:, 0].tolist()
        return keys

    def fill_in(self, rows: Numbers, others: "Wanted") -> None:
        """Put others in place of some rows."""
        self.topics[rows], self.lengths[rows] = others.topics, others.lengths
        self.is_known[rows], self.is_open[rows] = others.is_known, others.is_open

    def part(self, rows: Numbers) -> "Wanted":
        """Return some of the rows."""
        return Wanted(
            self.topics[rows],
            self.lengths[rows],
            self.at_most[rows],
            self.orders[rows],
            self.is_known[rows],
            self.is_open[rows],
        )

    def asked(self) -> Asked:
        """Return what all rows ask for."""
        most = int((self.topics >= 0).sum(axis=1).max())
        return Asked(self.topics[:, :most], self.at_most, self.lengths[:, :most])

    def order_of(self) -> list[Order]:
        """Return the order of the letter of each row."""
        return [_ORDER_OF[order] for order in self.orders.tolist()]


def look_up(wishes: Sequence[Wish], learned: Learned) -> Wanted:
    """Return what is known of some wishes, one at least."""
    named, stricts, at_most, orders = zip(*wishes, strict=True)
    sizes = np.fromiter(map(len, named), np.int64, len(wishes))
    is_possible = (sizes > 0) & (sizes <= MOST_TOPICS)
    sizes[~is_possible] = 0
    topics = np.full((len(wishes), MOST_TOPICS), NOTHING, np.int64)
    is_one = np.arange(MOST_TOPICS) < sizes[:, None]
    told = list(chain.from_iterable(compress(named, is_possible.tolist())))
    topics[is_one] = learned.columns.numbers(told)
    is_one &= topics >= 0
    lengths = _lengths(topics, is_one, stricts, learned)
    is_known = is_possible & (is_one.sum(axis=1) == sizes) & (lengths >= 0).all(axis=1)
    is_open = is_possible & ~is_known
    is_known[is_known] = ~_has_name_twice(topics[is_known], learned.columns)
    most, places = np.array(at_most, np.int64), np.array(list(map(_ORDERS.__getitem__, orders)))
    return Wanted(topics, lengths, most, places, is_known, is_open)


def _lengths(
    topics: Numbers, is_one: NDArray[np.bool_], stricts: Sequence[Strictness], learned: Learned
) -> Numbers:
    """Return how many hits of each column pass the gate of who asks; below 0 where that is not known."""
    whose = np.nonzero(is_one)[0][learned.columns.has_about[topics[is_one]]]
    counts = np.bincount(whose, minlength=len(topics))
    gates = np.array(list(map(_STRICTNESSES.__getitem__, stricts))) * _COUNTS + counts
    lengths = np.zeros_like(topics)
    for gate in np.unique(gates).tolist():
        strictness = _STRICTNESS_OF[gate // _COUNTS]
        here = (gates == gate)[:, None] & is_one
        lengths[here] = learned.lengths(topics[here], share_of(strictness, gate % _COUNTS))
    return lengths


def _has_name_twice(topics: Numbers, columns: Columns) -> NDArray[np.bool_]:
    """Return which rows have two topics of one name; perhaps another too, which is then chosen for alone."""
    none = -1 - np.arange(MOST_TOPICS)  # each another one
    names = np.sort(np.where(topics >= 0, columns.names[topics], none), axis=1)
    return np.asarray((names[:, 1:] == names[:, :-1]).any(axis=1), np.bool_)
