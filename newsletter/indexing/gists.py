"""What the entries of one index have to do with free texts: by their words, and by their meaning."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np

from newsletter.indexing.about import About
from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.entry_vectors import EntryVectors
from newsletter.rules.relevance import Relevance, Rows, Scores, crowding, judge

GREATEST_CHANCE: Final = 0.05
"""Entries that are no more surprising than this are not worth a look: they could be shown by letters of
fewer than ten new entries alone, to readers who are relaxed."""

_LEAST_COSINE: Final = 0.3
"""An entry without any word of the text, and farther away from it, is never shown."""

_CROWD_OF: Final = 5_000
"""So many of the background, evenly chosen, tell who is near to everybody."""

_NEAR: Final = 0.45
"""A cosine that is enough, as long as nobody knows what is usual: set by looking at fifteen topics."""


class Gist:
    """What the entries of one index have to do with one free text."""

    def __init__(self, about: About, relevance: Relevance, cosines: Scores | None) -> None:
        self.about = about
        self.relevance = relevance
        self.cosines = cosines

    @cached_property
    def chances(self) -> Scores | None:
        """How probable it is that an entry off the topic is as near; None: it is not known.

        1 where no word of the text stands and the meaning is far off.
        """
        told = self.relevance.chances
        if told is None:
            return None
        said = self.relevance.words > 0
        near = said if self.cosines is None else said | (self.cosines >= _LEAST_COSINE)
        return np.where(near, told, 1.0)

    def candidates(self) -> Sequence[Row]:
        """Return the rows that may have to do with the text, in order."""
        if self.chances is not None:
            return [int(row) for row in np.flatnonzero(self.chances <= GREATEST_CHANCE)]
        near = (
            set() if self.cosines is None else set(np.flatnonzero(self.cosines >= _NEAR).tolist())
        )
        return sorted(self.about.candidates() | near)

    def chance(self, row: Row) -> float | None:
        """Return one of the chances."""
        return None if self.chances is None else float(self.chances[row])

    def cosine(self, row: Row) -> float | None:
        """Return how near the meaning of a row is; None without a model."""
        return None if self.cosines is None else float(self.cosines[row])

    def surprises(self, row: Row) -> tuple[float, float]:
        """Return what the words and the meaning say of a row, in nats."""
        meaning = self.relevance.meaning
        return float(self.relevance.words[row]), 0.0 if meaning is None else float(meaning[row])


class Gists:
    """Judges free texts over one collection. `vectors` are those of its entries."""

    def __init__(self, collection: Collection, vectors: EntryVectors) -> None:
        self._collection = collection
        self._vectors = vectors
        self._background: Rows = np.array(sorted(collection.background), np.intp)

    def read(self, text: str) -> About:
        """Return the words of `text`, for these entries."""
        return About(text, self._collection)

    def judge(self, text: str) -> Gist:
        """Return what all entries have to do with `text`."""
        about = self.read(text)
        cosines = self.cosines(text)
        crowds = self._crowds if cosines is not None else None
        nearness = None if cosines is None or crowds is None else cosines - crowds
        return Gist(
            about, judge(about.scores(), nearness, self._background, whole=about.whole), cosines
        )

    def cosines(self, text: str) -> Scores | None:
        """Return the nearness of each entry's meaning to that of `text`; None without a model."""
        vectors = self._vectors.of_entries()
        asked = None if vectors is None else self._vectors.of([text])
        if vectors is None or asked is None:
            return None
        found: Scores = (vectors @ asked[0]).astype(np.float64)
        return found

    @cached_property
    def _crowds(self) -> Scores | None:
        vectors = self._vectors.of_entries()
        if vectors is None:
            return None
        some = self._background[:: max(1, -(-len(self._background) // _CROWD_OF))]
        return crowding(vectors, vectors[some])
