"""What people like, learned from their votes over the entries of one index."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from newsletter.indexing.collection import Collection
from newsletter.indexing.entry_vectors import EntryVectors
from newsletter.indexing.meaning import entry_text
from newsletter.indexing.scoring import FULL_SURPRISE
from newsletter.model import Entry, EntryId, Liking, Rating
from newsletter.ports import Vectors
from newsletter.rules.liking import (
    MOST_BACKGROUND,
    Background,
    Seen,
    Taste,
    Texts,
    Vocabulary,
    Vote,
    as_chances,
    learn,
    telling_words,
)
from newsletter.rules.relevance import Scores

MOST_RATINGS: Final = 1_000
"""Of one person, the newest: it takes a tenth of a second to learn from a hundred."""


def _worths(scores: Scores, taste: Taste, surprises: Scores | None) -> Scores:
    """Return what each score is worth beside the score of a topic, which comes of surprises as well.

    As long as nobody knows what surprises, a score counts beside that of the same text; so does less
    than an entry has that is like none of those voted on.
    """
    nothing = taste.nothing
    plain = (scores - nothing) / (taste.same_text - nothing)
    if surprises is None:
        return plain
    return np.where(scores > nothing, 1 - np.exp(-surprises / FULL_SURPRISE), plain)


class _Library(NamedTuple):
    vocabulary: Vocabulary
    background: Background
    candidates: Seen


class Tastes:
    """Learns what each of many people likes. What they have in common is made when the first asks.

    What is rare and what is usual is told by the background of the collection alone, so that a letter
    does not depend on what else happens to be indexed. `vectors` are those of its entries.
    """

    def __init__(self, collection: Collection, vectors: EntryVectors) -> None:
        self._entries = collection.entries
        self._background = sorted(collection.background)
        self._vectors = vectors
        self._libraries: dict[bool, _Library] = {}

    def of(self, ratings: Sequence[Rating]) -> Mapping[EntryId, Liking]:
        """Return how much each entry is to the taste of who gave `ratings`; nothing without a like."""
        ratings = sorted(ratings, key=lambda one: one.age_days)[:MOST_RATINGS]
        if not self._entries or not any(one.is_liked for one in ratings):
            return {}
        library, voted = self._look_at([one.entry for one in ratings])
        votes = [Vote(1 if one.is_liked else -1, max(one.age_days, 0.0)) for one in ratings]
        taste = learn(votes, voted, library.background)
        scores, nearest = taste.scores_and_nearest(library.candidates)
        nats = taste.surprises(scores)
        told = [None] * len(scores) if nats is None else as_chances(nats).tolist()
        near_ones = (ratings[place].entry for place in nearest)
        worths = _worths(scores, taste, nats).tolist()
        rows = zip(self._entries, worths, told, near_ones, strict=True)
        return {
            entry.id: Liking(worth, chance, near.id, near.content.title)
            for entry, worth, chance, near in rows
        }

    def _look_at(self, entries: Sequence[Entry]) -> tuple[_Library, Seen]:
        """Return `entries` as they look before the background; by words alone where there is no model."""
        read = [entry_text(one) for one in entries]
        known = self._vectors.of_entries()
        vectors = None if known is None else self._vectors.of(read)
        library = self._library(None if vectors is None else known)
        words = library.vocabulary.weigh(map(telling_words, read))
        return library, library.background.see(Texts(words, vectors))

    def _library(self, vectors: "Vectors | None") -> _Library:
        has_vectors = vectors is not None
        if has_vectors not in self._libraries:
            self._libraries[has_vectors] = self._make_library(vectors)
        return self._libraries[has_vectors]

    def _make_library(self, vectors: "Vectors | None") -> _Library:
        words = [telling_words(entry_text(one)) for one in self._entries]
        vocabulary = Vocabulary.of((words[row] for row in self._background), further=words)
        texts = Texts(vocabulary.weigh(words), vectors)
        step = -(-len(self._background) // MOST_BACKGROUND)
        background = Background.of(texts.take(self._background[::step]))
        return _Library(vocabulary, background, background.see(texts))
