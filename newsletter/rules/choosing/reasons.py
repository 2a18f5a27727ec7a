"""Why topics find entries, as text: found out when a letter shows it, and kept for the next one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from newsletter.model import EntryId, TopicHit
from newsletter.rules.choosing.learning import Learned
from newsletter.rules.choosing.shelf import NOTHING, Numbers
from newsletter.rules.matching import TabledAnswer, graded, sureness_of
from newsletter.rules.short_matches import write_reason, write_why

_KEPT: Final = 90_000
"""Some 200 bytes each."""

_PLACE_BITS: Final = 24
_PLACE: Final = 2**_PLACE_BITS - 1

WordsAt = Callable[[Sequence[int]], tuple[str, ...]]
"""Reads where the words of a hit stand."""


def reason_keys(columns: Numbers, places: Numbers) -> Numbers:
    """Return by which keys the reasons are known why columns find entries; NOTHING for no column."""
    return np.where(columns < 0, NOTHING, (columns << _PLACE_BITS) | places)


def place_of(key: int) -> int:
    """Return the place of a key."""
    return key & _PLACE


class Reasons:
    """The reasons for what was learned. `words_at` is of the index that told it in tables."""

    def __init__(self, learned: Learned, words_at: WordsAt | None) -> None:
        self._learned = learned
        self._words_at = words_at
        self._known: dict[int, str] = {}

    def find(self, keys: Numbers) -> Mapping[int, str]:
        """Return the reasons by their keys, these and others; of use until others are found."""
        known = self._known
        if len(known) > _KEPT:
            known.clear()
        missing = [key for key in np.unique(keys).tolist() if key >= 0 and key not in known]
        if missing:
            self._write_told(np.array(missing))
            self._write_others([key for key in missing if key not in known])
        return known

    def _write_told(self, keys: Numbers) -> None:
        """Write the reasons for what was told in tables."""
        if self._words_at is None:
            return
        columns = self._learned.columns
        hits = columns.hits(keys >> _PLACE_BITS, keys & _PLACE)
        chances = columns.chances[hits].tolist()
        asked = len(columns.shelf.ids)  # by topics without a query
        for key, chance, spots in zip(keys.tolist(), chances, columns.spots(hits), strict=True):
            if spots:
                self._known[key] = write_why(self._words_at(spots), sureness_of(chance, asked))

    def _write_others(self, keys: Sequence[int]) -> None:
        for key in keys:
            column, place = key >> _PLACE_BITS, key & _PLACE
            answer = self._learned.answer(column)
            hit = _hit(answer, self._learned.columns.shelf.ids[place])
            self._known[key] = write_reason(graded(hit, self._learned.asked(column)))


def _hit(hits: Mapping[EntryId, TopicHit], id_: EntryId) -> TopicHit:
    return hits.without_terms(id_) if isinstance(hits, TabledAnswer) else hits[id_]
