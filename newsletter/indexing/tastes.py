"""What people like, learned from their votes over the entries of one index."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import exp, log1p
from typing import Final, NamedTuple

import numpy as np

from newsletter.indexing.meaning import Meaning, entry_text
from newsletter.model import Entry, EntryId, Liking, Rating
from newsletter.ports import Vectors
from newsletter.rules.liking import (
    MOST_BACKGROUND,
    WIDTH,
    Background,
    Seen,
    Texts,
    Vocabulary,
    Vote,
    learn,
    telling_words,
)

MOST_RATINGS: Final = 1_000
"""Of one person, the newest: it takes a twentieth of a second to learn from a hundred."""

_SAME_TEXT: Final = log1p(exp(1 / WIDTH))
"""The score of the text that is the only one liked."""


class _Library(NamedTuple):
    vocabulary: Vocabulary
    background: Background
    candidates: Seen


class Tastes:
    """Learns what each of many people likes. What they have in common is made when the first asks."""

    def __init__(
        self,
        entries: Sequence[Entry],
        background: Sequence[int],
        meaning: Meaning | None,
    ) -> None:
        self._entries = entries
        self._rows = background
        self._meaning = meaning

    def of(self, ratings: Sequence[Rating]) -> Mapping[EntryId, Liking]:
        """Return how much each entry is to the taste of who gave `ratings`; nothing without a like."""
        ratings = sorted(ratings, key=lambda one: one.age_days)[:MOST_RATINGS]
        liked = [place for place, one in enumerate(ratings) if one.is_liked]
        if not liked or not self._entries:
            return {}
        taste = learn(
            [Vote(1 if one.is_liked else -1, max(one.age_days, 0.0)) for one in ratings],
            self._library.background.see(self._texts([one.entry for one in ratings])),
            self._library.background,
        )
        scores = taste.scores(self._library.candidates)
        chances = taste.chances(scores)
        told = [None] * len(scores) if chances is None else chances.tolist()
        nearest = taste.nearest_of_all(self._library.candidates).tolist()
        return {
            entry.id: Liking(
                score / _SAME_TEXT,
                chance,
                ratings[place].entry.id,
                ratings[place].entry.content.title,
            )
            for entry, score, chance, place in zip(
                self._entries, scores.tolist(), told, nearest, strict=True
            )
        }

    @cached_property
    def _library(self) -> _Library:
        words = [telling_words(entry_text(one)) for one in self._entries]
        vocabulary = Vocabulary.of(words)
        texts = Texts(vocabulary.weigh(words), self._vectors)
        step = max(1, -(-len(self._rows) // MOST_BACKGROUND))
        background = Background.of(texts.take(np.asarray(self._rows[::step], np.intp)))
        return _Library(vocabulary, background, background.see(texts))

    @cached_property
    def _vectors(self) -> "Vectors | None":
        return self._vectors_of(self._entries)

    def _texts(self, entries: Sequence[Entry]) -> Texts:
        words = [telling_words(entry_text(one)) for one in entries]
        vectors = None if self._vectors is None else self._vectors_of(entries)
        return Texts(self._library.vocabulary.weigh(words), vectors)

    def _vectors_of(self, entries: Sequence[Entry]) -> "Vectors | None":
        if self._meaning is None:
            return None
        return self._meaning.vectors([entry_text(one) for one in entries])
