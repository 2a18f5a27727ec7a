"""Choosing for many subscribers at once what `rules.ranking` chooses for one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.finding import Asked, Found, find, sizes_of
from newsletter.rules.choosing.seats import Seated, seat
from newsletter.rules.choosing.shelf import NOTHING, Numbers, as_units, places_of
from newsletter.rules.matching import FURTHER_TOPIC_SHARE
from newsletter.rules.ranking import MOST_ALSO_MATCHED

_CELLS_AT_ONCE: Final = 2_000_000
_HITS_AT_ONCE: Final = 100_000
"""Whatever is asked: 8 MB for all places, and some 150 bytes for each hit."""

_DEPTH: Final = 16
"""How many of the best are put in order at first, besides those that have places and names."""

_DEEPER: Final = 4
"""How many times as many at each further look."""


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """What the letters hold, a row for each subscriber.

    First what is chosen, in the order of the letter by relevance, in `width` columns, then up to ten that
    are named, best first. `places` are those of the shelf; `topics` (another axis) the columns that find
    the entry, best first, as many as any entry has, `slots` which of the subscriber's topics that are,
    `units` what each gives; NOTHING behind each; `hits` which of all hits, of use where there is one.
    Where two that are chosen may have nearly the same title (`may_be_twins`), this letter must be chosen in
    another way.
    """

    places: Numbers
    topics: Numbers
    slots: Numbers
    units: Numbers
    hits: Numbers
    width: int
    may_be_twins: NDArray[np.bool_]


def choose_many(asked: Asked, columns: Columns) -> Iterator[tuple[slice, Picked]]:
    """Yield what is chosen for all that `asked`, some rows at a time."""
    hits = sizes_of(asked, columns).sum(axis=1)
    for rows in _pieces(hits, max(1, _CELLS_AT_ONCE // max(1, len(columns.shelf.ids)))):
        yield rows, _choose(asked.part(rows), columns)


def _pieces(hits: Numbers, most: int) -> Iterator[slice]:
    """Cut rows with so many hits into pieces of at most so many rows."""
    ends = np.cumsum(hits)
    first = 0
    while first < len(hits):
        room = _HITS_AT_ONCE + (int(ends[first - 1]) if first else 0)
        last = min(first + most, int(np.searchsorted(ends, room, side="right")))
        rows = slice(first, max(last, first + 1))
        yield rows
        first = rows.stop


def _choose(asked: Asked, columns: Columns) -> Picked:
    found = find(asked, columns)
    if not found.is_any:
        return _nothing(asked)
    seated = _seat_surely(asked, found)
    keys = np.concatenate([seated.keys, seated.also], axis=1)
    places = places_of(keys)
    width = seated.keys.shape[1]
    kin = np.where(seated.keys >= 0, columns.shelf.kin[places[:, :width]], NOTHING)
    slots, units, hits = _slots_of(found, places)
    people = np.arange(len(places))[:, None, None]
    topics = np.where(slots >= 0, asked.topics[people, slots], NOTHING)
    return Picked(places, topics, slots, units, hits, width, _has_doubles(kin))


def _nothing(asked: Asked) -> Picked:
    """Return letters without entries."""
    width = int(asked.at_most.max(initial=0))
    places = np.full((len(asked.topics), width + MOST_ALSO_MATCHED), NOTHING, np.int64)
    slots = places[..., None]
    return Picked(places, slots, slots, slots, slots, width, np.zeros(len(places), np.bool_))


def _has_doubles(kin: Numbers) -> NDArray[np.bool_]:
    """Return which rows have a number twice."""
    ordered = np.sort(kin, axis=1)
    is_double = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
    return np.asarray(is_double.any(axis=1), np.bool_)


def _seat_surely(asked: Asked, found: Found) -> Seated:
    """Look deeper for those letters for which the first look was not enough."""
    width = found.ranked.shape[1]
    depth = min(width, int(asked.at_most.max(initial=0)) + MOST_ALSO_MATCHED + _DEPTH)
    seated = seat(asked, found, depth)
    unsure = np.flatnonzero(~seated.is_sure)
    while len(unsure):
        depth = min(width, depth * _DEEPER)
        again = seat(asked.part(unsure), found.part(unsure), depth)
        shown = again.keys.shape[1]  # their letters may be shorter
        seated.keys[unsure, :shown], seated.also[unsure] = again.keys, again.also
        unsure = unsure[~again.is_sure]
    return seated


def _slots_of(found: Found, places: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return which topics of each find their entries, best first, what each gives, and which hit it is."""
    finds = found.finds
    is_one = places >= 0
    numbers = found.number(np.arange(len(places))[:, None], places)
    counts = np.where(is_one, finds.counts[numbers], 0)
    most = max(1, int(counts.max(initial=0)))
    slots = np.full((*places.shape, most), NOTHING, np.int64)
    units = np.full(slots.shape, NOTHING, np.int64)
    hits = np.full(slots.shape, NOTHING, np.int64)
    slots[..., 0] = np.where(is_one, finds.best_topics[numbers], NOTHING)
    units[..., 0] = np.where(is_one, as_units(finds.best_values[numbers]), NOTHING)
    hits[..., 0] = finds.sources[finds.starts[numbers]]
    several = np.nonzero(counts > 1)
    theirs, given, sources = finds.hits(numbers[several], most)
    order = np.argsort(-given, axis=1, kind="stable")
    given = np.take_along_axis(given, order, axis=1)
    given[:, 1:] *= FURTHER_TOPIC_SHARE
    slots[several] = np.take_along_axis(theirs, order, axis=1)
    units[several] = np.where(given < 0, NOTHING, as_units(given))
    hits[several] = np.take_along_axis(sources, order, axis=1)
    return slots, units, hits
