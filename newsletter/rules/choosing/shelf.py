"""The entries that are new to many, as arrays, so that they are compared in one go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.model import Entry, EntryId
from newsletter.rules.matching import newest_first, prior_terms
from newsletter.rules.topicality import USUAL, Topicality, weight_of
from newsletter.rules.twins import Twins

Numbers = NDArray[np.int64]
"""Whole numbers: places on a shelf, columns, scores in units, keys."""

UNITS: Final = 2.0**20
"""Scores are whole multiples of 1 / UNITS: as numbers of units they add up in any order."""

NOTHING: Final = -1
"""Stands where there is no entry, no column or no key: below all of them."""

_PLACE_BITS: Final = 24
"""Of a key: what is left is enough for scores up to 2^19."""

_LAST_PLACE: Final = 2**_PLACE_BITS - 1


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Entries in the order in which those with equal scores are ranked: the newest first.

    A key is a score with the place of its entry in one number: of two keys the greater one is
    ranked first. All arrays have one value for each place.
    """

    ids: tuple[EntryId, ...]
    places: Mapping[EntryId, int]
    priors: Numbers
    """What up-votes and comments add, in units."""
    factors: NDArray[np.float64] | None
    """By what the sources multiply all that an entry is worth; None where all are 1."""
    kin: Numbers
    """Twins, and twins of twins, have one number: entries of different kin are no twins."""

    def keys(self, places: Numbers, units: Numbers) -> Numbers:
        """Return the keys of entries whose topics give that many units."""
        by_sources = 0 if self.factors is None else self.by_sources(places, units)
        units = units + self.priors[places] + by_sources
        keys: Numbers = (units << _PLACE_BITS) | (_LAST_PLACE - places)
        return keys

    def by_sources(self, places: Numbers, units: Numbers) -> Numbers:
        """Return what the weights of sources add to entries whose topics give that many units."""
        if self.factors is None:
            return np.zeros_like(units)
        return as_units((units + self.priors[places]) / UNITS * (self.factors[places] - 1))


def places_of(keys: Numbers) -> Numbers:
    """Return the places of keys, NOTHING for no key."""
    return np.where(keys < 0, NOTHING, _LAST_PLACE - (keys & _LAST_PLACE))


def scores_of(keys: Numbers) -> Numbers:
    """Return the scores of keys in units, below 0 for no key."""
    return keys >> _PLACE_BITS


def as_units(values: NDArray[np.float64]) -> Numbers:
    """Return values as whole numbers of units, rounded as `rules.matching` rounds a term."""
    return np.rint(values * UNITS).astype(np.int64)


def make_shelf(entries: Iterable[Entry], twins: Twins, topicality: Topicality = USUAL) -> Shelf:
    """Put `entries` on a shelf; `twins` knows them, `topicality` says what their sources make of them."""
    ordered = sorted(entries, key=newest_first)
    ids = tuple(entry.id for entry in ordered)
    priors = [sum(term.value for term in prior_terms(entry.content)) for entry in ordered]
    factors = np.array([weight_of(entry, topicality) for entry in ordered], np.float64)
    return Shelf(
        ids=ids,
        places={id_: place for place, id_ in enumerate(ids)},
        priors=as_units(np.array(priors, np.float64)),
        factors=None if (factors == 1).all() else factors,
        kin=np.array(_kin(ids, twins), np.int64),
    )


def _kin(ids: Iterable[EntryId], twins: Twins) -> list[int]:
    numbers: dict[EntryId, int] = {}
    for number, id_ in enumerate(ids):
        waiting = [id_] if id_ not in numbers else []
        while waiting:
            one = waiting.pop()
            if one not in numbers:
                numbers[one] = number
                waiting.extend(twins.of(one))
    return [numbers[id_] for id_ in ids]
