"""What topics say of entries, as text: found out when a letter shows a hit for the first time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from newsletter.model import EntryId, TopicHit
from newsletter.rules.choosing.learning import Learned
from newsletter.rules.choosing.shelf import Numbers, as_units
from newsletter.rules.matching import TabledAnswer, graded, sureness_of
from newsletter.rules.short_matches import write_reason, write_said, write_why

_KEPT: Final = 250_000
"""Texts, some 80 bytes each. To find those that are equal would take more room than to have them twice."""

WordsAt = Callable[[Sequence[int]], tuple[str, ...]]
"""Reads where the words of a hit stand."""


class Reasons:
    """What each hit that was learned is worth, and why; `words_at` is of the index that told it in tables."""

    def __init__(self, learned: Learned, words_at: WordsAt | None) -> None:
        self._learned = learned
        self._words_at = words_at
        self._numbers = np.zeros(0, np.int32)
        """Which of the texts each hit has; 0 as long as it has none."""
        self._texts = [""]

    def said(self, hits: Numbers) -> list[str]:
        """Return what each hit says, as `write_said` writes it, in their order."""
        self._make_room()
        numbers = self._numbers[hits]
        if not numbers.all():
            self._learn(np.unique(hits[numbers == 0]))
            numbers = self._numbers[hits]
        return list(map(self._texts.__getitem__, numbers.tolist()))

    def _make_room(self) -> None:
        count = len(self._learned.columns)
        if len(self._texts) > _KEPT:
            self._numbers[:] = 0
            self._texts = [""]
        if count > len(self._numbers):
            more = np.zeros(count * 5 // 4 - len(self._numbers), np.int32)
            self._numbers = np.concatenate([self._numbers, more])

    def _learn(self, hits: Numbers) -> None:
        units = as_units(self._learned.columns.values[hits]).tolist()
        found = zip(hits.tolist(), units, self._told(hits), strict=True)
        said = [write_said(given, reason or self._asked_for(hit)) for hit, given, reason in found]
        self._numbers[hits] = np.arange(len(said)) + len(self._texts)
        self._texts += said

    def _told(self, hits: Numbers) -> Iterator[str]:
        """Yield the reason for each hit that came in a table, nothing for another."""
        read, columns = self._words_at, self._learned.columns
        chances = columns.chances[hits].tolist()
        asked = len(columns.shelf.ids)  # by topics without a query
        for chance, spots in zip(chances, columns.spots(hits), strict=True):
            known = spots and read and write_why(read(spots), sureness_of(chance, asked))
            yield known or ""

    def _asked_for(self, hit: int) -> str:
        """Return the reason for a hit of a topic that was asked for alone."""
        columns = self._learned.columns
        column = int(np.searchsorted(columns.starts, hit, side="right")) - 1
        found = self._learned.answer(column)
        shown = _hit(found, columns.shelf.ids[columns.places[hit]])
        return write_reason(graded(shown, self._learned.asked(column)))


def _hit(hits: Mapping[EntryId, TopicHit], id_: EntryId) -> TopicHit:
    return hits.without_terms(id_) if isinstance(hits, TabledAnswer) else hits[id_]
