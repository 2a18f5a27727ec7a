"""What the topics of many subscribers find together: one long row of finds, subscriber behind subscriber."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.shelf import NOTHING, Numbers, as_units
from newsletter.rules.matching import FURTHER_TOPIC_SHARE
from newsletter.rules.runs import runs

MOST_TOPICS: Final = 16
"""Bits of a mask. Who has more topics is decided on alone."""

_NOT_FOUND: Final = -1.0

_SORTED_BITS: Final = 63
"""Of a number that is sorted."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is wanted by subscribers to whom the same entries are new, one row for each.

    `topics` are numbers of columns in the subscriber's order, no number twice, NOTHING behind them;
    `at_most` is how many entries a letter shows. `lengths` is how many of the first hits of each
    column count, None: all.
    """

    topics: Numbers
    at_most: Numbers
    lengths: Numbers | None = None

    def part(self, rows: slice | Numbers) -> "Asked":
        """Return the same of some subscribers."""
        lengths = None if self.lengths is None else self.lengths[rows]
        return Asked(self.topics[rows], self.at_most[rows], lengths)


@dataclass(frozen=True, slots=True, eq=False)
class Finds:
    """One entry that topics of one subscriber find, behind the other; each has a number.

    Its hits stand in `slots` and `values`, `counts` of them from `starts` on, in the subscriber's order of
    topics: which topic that is, and what it gives.
    """

    starts: Numbers
    counts: Numbers
    masks: NDArray[np.uint16]
    """The bits of the topics that find the entry."""
    best_topics: NDArray[np.int8]
    best_values: NDArray[np.float64]
    slots: Numbers
    values: NDArray[np.float64]
    sources: Numbers
    """Which of all hits in `Columns` each is."""

    def hits(self, numbers: Numbers, most: int) -> tuple[Numbers, NDArray[np.float64], Numbers]:
        """Return slots, values and sources of these finds, a row for each; below 0 behind those there are.

        Only of the sources it is not said where there are none.
        """
        turn = np.arange(most)
        is_one = turn < self.counts[numbers][:, None]
        places = np.where(is_one, self.starts[numbers][:, None] + turn, 0)
        slots = np.where(is_one, self.slots[places], NOTHING)
        return slots, np.where(is_one, self.values[places], _NOT_FOUND), self.sources[places]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Tables with one row for each subscriber.

    `ranked` holds the keys from the best to the least, `best` the best key of each topic and `own` what
    the topic gives to that. `numbers` has one value for each place of the shelf, the number of the find: of
    use only where there is one.
    """

    finds: Finds
    ranked: Numbers
    best: Numbers
    own: NDArray[np.float64]
    numbers: NDArray[np.int32]

    @property
    def is_any(self) -> bool:
        """Return whether any topic of anybody finds anything."""
        return len(self.finds.starts) > 0

    def number(self, rows: Numbers, places: Numbers) -> Numbers:
        """Return the numbers of finds; 0, of use no more than another, for no place."""
        return np.where(places >= 0, self.numbers[rows, places], 0)

    def part(self, rows: Numbers) -> "Found":
        """Return the same of some subscribers."""
        best, own, numbers = self.best[rows], self.own[rows], self.numbers[rows]
        return Found(self.finds, self.ranked[rows], best, own, numbers)


@dataclass(frozen=True, slots=True, eq=False)
class _Hits:
    """All hits: topic behind topic of each subscriber, and these one behind the other.

    `sizes` says how many hits each topic has, `rows` whose a hit is, `slots` of which topic, `sources` which
    one of `Columns`.
    """

    sizes: Numbers
    rows: Numbers
    slots: Numbers
    places: Numbers
    values: NDArray[np.float64]
    sources: Numbers


def sizes_of(asked: Asked, columns: Columns) -> Numbers:
    """Return how many hits each topic of each subscriber has."""
    sizes = columns.sizes[asked.topics] if asked.lengths is None else asked.lengths
    return np.where(asked.topics >= 0, sizes, 0)


def find(asked: Asked, columns: Columns) -> Found:
    """Put together what all topics find; what several find is worth the best whole, the others in part."""
    people, most = asked.topics.shape
    width = len(columns.shelf.ids)
    hits = _hits(asked, columns)
    order, cells = _in_order(hits.rows * width + hits.places)
    begins = np.flatnonzero(np.diff(cells, prepend=-1))
    finds, units = _finds(hits.slots[order], hits.values[order], hits.sources[order], begins)
    cells, rows = cells[begins], hits.rows[order[begins]]
    keys = columns.shelf.keys(cells - rows * width, units)
    numbers = np.empty((people, width), np.int32)
    numbers.reshape(-1)[cells] = np.arange(len(cells))
    keys_of_hits = np.empty(len(order), np.int64)
    keys_of_hits[order] = np.repeat(keys, finds.counts)
    best, own = _best(hits, keys_of_hits, people)
    shape = people, most
    return Found(
        finds, _ranked(keys, rows, people), best.reshape(shape), own.reshape(shape), numbers
    )


def _hits(asked: Asked, columns: Columns) -> _Hits:
    sizes = sizes_of(asked, columns).reshape(-1)
    source = runs(columns.starts[asked.topics].reshape(-1), sizes)
    people, most = asked.topics.shape
    rows = np.repeat(np.arange(people), sizes.reshape(people, most).sum(axis=1))
    slots = np.repeat(np.tile(np.arange(most), people), sizes)
    places = columns.places[source].astype(np.int64)
    return _Hits(sizes, rows, slots, places, columns.values[source], source)


def _in_order(cells: Numbers) -> tuple[Numbers, Numbers]:
    """Return in which order the cells stand one behind the other, equal ones as they came; and these."""
    bits = len(cells).bit_length()
    ordered = (cells << bits) | np.arange(len(cells))
    ordered.sort()  # of whole numbers that is several times as fast as `argsort`
    return ordered & ((1 << bits) - 1), ordered >> bits


def _finds(
    slots: Numbers, values: NDArray[np.float64], sources: Numbers, begins: Numbers
) -> tuple[Finds, Numbers]:
    """Return the finds that begin there, and what each is worth by its topics, in units."""
    counts = np.diff(begins, append=len(slots))
    best_topics, best_values = slots[begins].astype(np.int8), values[begins]
    masks = np.left_shift(np.uint16(1), best_topics.astype(np.uint16))
    finds = Finds(begins, counts, masks, best_topics, best_values, slots, values, sources)
    units = as_units(best_values)
    several = np.flatnonzero(counts > 1)
    if len(several):
        theirs, given, _ = finds.hits(several, int(counts.max()))
        is_one = theirs >= 0
        bits = np.where(is_one, np.left_shift(1, np.maximum(theirs, 0)), 0)
        masks[several] = np.bitwise_or.reduce(bits, axis=1)
        best = given.argmax(axis=1)  # of equal values that of the first topic
        rows = np.arange(len(several))
        best_topics[several] = theirs[rows, best]
        best_values[several] = highest = given[rows, best]
        in_part = as_units(np.where(is_one, given, 0.0) * FURTHER_TOPIC_SHARE)
        in_part[rows, best] = 0
        units[several] = as_units(highest) + in_part.sum(axis=1)
    return finds, units


def _ranked(keys: Numbers, rows: Numbers, people: int) -> Numbers:
    """Return the keys of each subscriber from the best to the least, NOTHING behind them; none is below 0."""
    counts = np.bincount(rows, minlength=people)
    width = max(1, int(counts.max(initial=0)))
    table = np.full((people, width), NOTHING, np.int64)
    begins = np.cumsum(counts) - counts
    places = np.arange(len(keys)) + (np.arange(people) * width - begins)[rows]
    bits = int(keys.max(initial=0)).bit_length()
    if bits + people.bit_length() <= _SORTED_BITS:  # nearly always
        last = 2**bits - 1
        ordered = (rows << bits) | (last - keys)
        ordered.sort()
        table.reshape(-1)[places] = last - (ordered & last)
        return table
    table.reshape(-1)[places] = keys
    table.sort(axis=1)  # with all that stands behind the keys of most
    return table[:, ::-1]


def _best(hits: _Hits, keys: Numbers, people: int) -> tuple[Numbers, NDArray[np.float64]]:
    """Return the best key among the hits of each topic, NOTHING where there is none, and its value."""
    best = np.full(len(hits.sizes), NOTHING, np.int64)
    own = np.zeros(len(hits.sizes))
    has_any = hits.sizes > 0
    if has_any.any():
        begins = (np.cumsum(hits.sizes) - hits.sizes)[has_any]
        best[has_any] = np.maximum.reduceat(keys, begins)
        is_best = np.flatnonzero(keys == np.repeat(best, hits.sizes))
        most = len(hits.sizes) // people
        own[hits.rows[is_best] * most + hits.slots[is_best]] = hits.values[is_best]
    return best, own
