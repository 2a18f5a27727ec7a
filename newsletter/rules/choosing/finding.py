"""What the topics of many subscribers find together: one table of keys, a row for each of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.shelf import NOTHING, Numbers, as_units
from newsletter.rules.matching import FURTHER_TOPIC_SHARE

MOST_TOPICS: Final = 16
"""Bits of a mask. Who has more topics is decided on alone."""

_NOT_FOUND: Final = -1.0


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
class Found:
    """Tables with one row for each subscriber.

    `ranked` holds the keys from the best to the least, `best` the best key of each topic. `masks` has one
    value for each place of the shelf, the bits of the topics that find the entry, and `values` a layer of
    such for each topic: what that gives, of use only where its bit is set.
    """

    ranked: Numbers
    masks: NDArray[np.uint16]
    values: NDArray[np.float64]
    best: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Hits:
    """All hits of one topic of each subscriber: where they stand in the tables, row behind row."""

    cells: Numbers
    sizes: Numbers


def find(asked: Asked, columns: Columns) -> Found:
    """Put together what all topics find; what several find is worth the best whole, the others in part."""
    people, most = asked.topics.shape
    width = len(columns.shelf.ids)
    keys = np.full(people * width, NOTHING, np.int64)
    masks = np.zeros(people * width, np.uint16)
    values = np.empty((most, people * width), np.float64)
    layers, met = [], []
    for slot in range(most):
        hits, source = _hits(asked, slot, columns)
        cells = hits.cells
        before = masks[cells]
        met.append(cells[before > 0])
        masks[cells] = before | np.uint16(1 << slot)
        given = columns.values[source]
        keys[cells] = columns.shelf.keys(columns.places[source].astype(np.int64), as_units(given))
        values[slot, cells] = given
        layers.append(hits)
    _add_up(np.concatenate(met), keys, masks, values, columns)
    best = np.stack([_best(hits, keys) for hits in layers], axis=1)
    shape = people, width
    # To sort all is quicker than to take out the best: most are NOTHING.
    ranked = np.sort(keys.reshape(shape), axis=1)[:, ::-1]
    return Found(ranked, masks.reshape(shape), values.reshape(most, *shape), best)


def best_topics(found: Found, rows: Numbers, places: Numbers) -> Numbers:
    """Return which topic of each subscriber an entry answers best; 0, of no use, for no entry."""
    masks = np.maximum(found.masks[rows, places], np.uint16(1))
    topics = np.bitwise_count(masks - np.uint16(1)).astype(np.int64)  # of a single bit its number
    several = np.nonzero(has_several(masks))
    if len(several[0]):
        people = np.broadcast_to(rows, places.shape)[several]
        given = values_at(masks[several], found.values[:, people, places[several]])
        topics[several] = given.argmax(axis=0)
    return topics


def has_several(masks: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which masks have more than one bit."""
    return (masks & (masks - np.uint16(1))) > 0


def values_at(masks: NDArray[np.uint16], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each topic gives (the first axis), below 0 where it does not find the entry."""
    bits = np.arange(len(values)).reshape(-1, *(1,) * masks.ndim)
    is_found = (masks[None] >> bits) & 1
    return np.where(is_found, values, _NOT_FOUND)


def _hits(asked: Asked, slot: int, columns: Columns) -> tuple[_Hits, Numbers]:
    """Return the hits of a topic of each subscriber, and where these stand among the columns."""
    numbers = asked.topics[:, slot]
    is_asked = numbers >= 0
    starts = columns.starts[numbers]
    sizes = columns.sizes[numbers] if asked.lengths is None else asked.lengths[:, slot]
    sizes = np.where(is_asked, sizes, 0)
    ends = np.cumsum(sizes)
    source = np.repeat(starts - ends + sizes, sizes)
    source += np.arange(len(source))
    width = len(columns.shelf.ids)
    cells = np.repeat(np.arange(len(numbers)) * width, sizes)
    cells += columns.places[source]
    return _Hits(cells, sizes), source


def _add_up(
    met: Numbers,
    keys: Numbers,
    masks: NDArray[np.uint16],
    values: NDArray[np.float64],
    columns: Columns,
) -> None:
    """Work out the keys of what more than one topic finds."""
    cells = np.unique(met)
    given = values_at(masks[cells], values[:, cells])
    best = given.max(axis=0)
    further = as_units(np.where(given < 0, 0.0, given) * FURTHER_TOPIC_SHARE).sum(axis=0)
    units = as_units(best) + further - as_units(best * FURTHER_TOPIC_SHARE)
    keys[cells] = columns.shelf.keys(cells % len(columns.shelf.ids), units)


def _best(hits: _Hits, keys: Numbers) -> Numbers:
    """Return the best key among the hits of each subscriber, NOTHING where there is none."""
    best = np.full(len(hits.sizes), NOTHING, np.int64)
    has_any = hits.sizes > 0
    if has_any.any():
        begins = (np.cumsum(hits.sizes) - hits.sizes)[has_any]
        best[has_any] = np.maximum.reduceat(keys[hits.cells], begins)
    return best
