"""Choosing for many subscribers at once what `rules.ranking` chooses for one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.finding import (
    Asked,
    Found,
    best_topics,
    find,
    has_several,
    values_at,
)
from newsletter.rules.choosing.seats import Seated, seat
from newsletter.rules.choosing.shelf import NOTHING, Numbers, as_units, places_of
from newsletter.rules.matching import FURTHER_TOPIC_SHARE
from newsletter.rules.ranking import MOST_ALSO_MATCHED

_CELLS_AT_ONCE: Final = 2_000_000
"""Of all tables together: some 16 MB, whatever is asked."""

_DEPTH: Final = 32
"""How many of the best are put in order at first, besides those that have places and names."""

_DEEPER: Final = 8
"""How many times as many at each further look."""


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """What the letters hold, a row for each subscriber.

    First what is chosen, in the order of the letter by relevance, in `width` columns, then up to ten that
    are named, best first. `places` are those of the shelf; `topics` (another axis) the columns that find
    the entry, best first, as many as any entry has, `slots` which of the subscriber's topics that are, and
    `units` what each gives; NOTHING behind each. Where two that are chosen may have nearly the same title
    (`may_be_twins`), this letter must be chosen in another way.
    """

    places: Numbers
    topics: Numbers
    slots: Numbers
    units: Numbers
    width: int
    may_be_twins: NDArray[np.bool_]


def choose_many(asked: Asked, columns: Columns) -> Iterator[tuple[slice, Picked]]:
    """Yield what is chosen for all that `asked`, some rows at a time."""
    people, topics = asked.topics.shape
    size = max(1, _CELLS_AT_ONCE // ((topics + 2) * max(1, len(columns.shelf.ids))))
    for first in range(0, people, size):
        rows = slice(first, min(first + size, people))
        yield rows, _choose(asked.part(rows), columns)


def _choose(asked: Asked, columns: Columns) -> Picked:
    found = find(asked, columns)
    seated = _seat_surely(asked, found)
    keys = np.concatenate([seated.keys, seated.also], axis=1)
    places = places_of(keys)
    width = seated.keys.shape[1]
    kin = np.where(seated.keys >= 0, columns.shelf.kin[places[:, :width]], NOTHING)
    slots, units = _slots_of(found, places)
    people = np.arange(len(places))[:, None, None]
    topics = np.where(slots >= 0, asked.topics[people, slots], NOTHING)
    return Picked(places, topics, slots, units, width, _has_doubles(kin))


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
        again = seat(asked.part(unsure), _part(found, unsure), depth)
        shown = again.keys.shape[1]  # their letters may be shorter
        seated.keys[unsure, :shown], seated.also[unsure] = again.keys, again.also
        unsure = unsure[~again.is_sure]
    return seated


def _part(found: Found, rows: Numbers) -> Found:
    return Found(found.ranked[rows], found.masks[rows], found.values[:, rows], found.best[rows])


def _slots_of(found: Found, places: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each entry which of the subscriber's topics find it, best first, and what each gives."""
    people = np.arange(len(places))[:, None]
    masks = np.where(places >= 0, found.masks[people, places], np.uint16(0))
    most = max(1, int(np.bitwise_count(masks).max(initial=0)))
    slots = np.full((*places.shape, most), NOTHING, np.int64)
    units = np.full(slots.shape, NOTHING, np.int64)
    best = best_topics(found, people, places)
    slots[..., 0] = np.where(masks > 0, best, NOTHING)
    values = np.where(masks > 0, found.values[best, people, places], 0.0)  # elsewhere is anything
    units[..., 0] = np.where(masks > 0, as_units(values), NOTHING)
    of, entry = np.nonzero(has_several(masks))
    given = values_at(masks[of, entry], found.values[:, of, places[of, entry]]).T
    order = np.argsort(-given, axis=1, kind="stable")[:, :most]
    given = np.take_along_axis(given, order, axis=1)
    slots[of, entry] = np.where(given < 0, NOTHING, order)
    given[:, 1:] *= FURTHER_TOPIC_SHARE
    units[of, entry] = np.where(given < 0, NOTHING, as_units(given))
    return slots, units
