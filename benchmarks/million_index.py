"""A TopicIndex of arrays: what `newsletter.indexing.postings` makes possible for very many topics.

It scores `about` alone, by its words: what the benchmark asks for. Topics made of words drawn by chance are
answered by few entries; so that letters are full as in earnest, the gate is wider than that of letters: an
entry counts where chance alone would bring `EXPECTED` such entries of a thousand.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.collection import Collection
from newsletter.indexing.postings import Postings, lexical_matrix
from newsletter.model import Entry, EntryId, Topic, TopicHit
from newsletter.rules.query import Form, Term, content_words
from newsletter.rules.recent import Recent

EXPECTED: Final = 8.0

_SHOWN_KEPT: Final = 50_000
"""Words as entries write them: what many topics have in common."""

_TAIL: Final = 0.05
_UNITS: Final = 2.0**20


class ArrayIndex:
    """Answers topics over some entries; of each it keeps the rows and scores alone."""

    def __init__(self, entries: Sequence[Entry], background: Container[EntryId] | None) -> None:
        self._collection = Collection(entries, background)
        self._postings = Postings(self._collection)
        self._ids = [entry.id for entry in entries]
        self._places = {id_: row for row, id_ in enumerate(self._ids)}
        self._stems: dict[str, Term] = {}
        self._terms: Recent[str, dict[Term, float]] = Recent(_SHOWN_KEPT)
        self._shown: Recent[tuple[Term, int], str] = Recent(_SHOWN_KEPT)

    def answer(self, topic: Topic) -> "Answer":
        """Return the entries that answer `about` of `topic`."""
        return next(self.answer_all([topic]))

    def answer_all(self, topics: Sequence[Topic]) -> Iterator["Answer"]:
        """Yield the answers to many."""
        asked = [self.terms(topic) for topic in topics]
        for rows, scores in lexical_matrix(asked, self._postings):
            yield from map(self._answer, topics[rows], asked[rows], scores)

    def holds(self, query: str) -> frozenset[EntryId]:
        """Mute nothing."""
        del query
        return frozenset()

    def row(self, entry: EntryId) -> int:
        """Return the row of an entry, below 0 for one that is not here."""
        return self._places.get(entry, -1)

    def terms(self, topic: Topic) -> dict[Term, float]:
        """Return the words of `about`, each of its stems once."""
        about = topic.about or ""
        known = self._terms.get(about)
        if known is None:
            stem = self._collection.stem
            words = {stem(word): word for word in content_words(about)}
            known = self._terms.keep(about, {self._term(word): 1.0 for word in words.values()})
        return known

    def hit(self, topic: Topic, row: int, score: float) -> TopicHit:
        """Return the hit of one row with its words."""
        found = [term for term in self.terms(topic) if self._postings.of(term).is_in(row)]
        words = tuple(self._written(term, row) for term in found)
        share = round(score * _UNITS / len(words)) / _UNITS
        terms = {term.written: share for term in found[1:]}
        return TopicHit(
            score, words, terms={found[0].written: score - sum(terms.values()), **terms}
        )

    def _written(self, term: Term, row: int) -> str:
        known = self._shown.get((term, row))
        return known or self._shown.keep((term, row), self._collection.written(term, row))

    def _term(self, word: str) -> Term:
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = Term((word,), Form.ANY_FORM, written=word)
        return known

    def _answer(
        self, topic: Topic, terms: Mapping[Term, float], gains: NDArray[np.float64]
    ) -> "Answer":
        least = _least_gain(gains, len(self._ids))
        rows = np.flatnonzero(gains >= least)
        rows = rows[np.argsort(-gains[rows], kind="stable")]
        full = sum(self._postings.of(term).rarity for term in terms)
        scores = np.rint((1 - np.exp(-gains[rows] / full)) * _UNITS) / _UNITS
        return Answer(self, topic, rows.astype(np.int32), scores, self._ids)


class Answer(Mapping[EntryId, TopicHit]):
    """The entries that answer one topic, best first; hits with their words are made when asked for."""

    __slots__ = ("_ids", "_index", "_rows", "_scores", "_topic")

    def __init__(
        self,
        index: ArrayIndex,
        topic: Topic,
        rows: NDArray[np.int32],
        scores: NDArray[np.float64],
        ids: Sequence[EntryId],
    ) -> None:
        self._index, self._topic, self._rows, self._scores = index, topic, rows, scores
        self._ids = ids

    def scores(self) -> Iterable[tuple[EntryId, float, float | None]]:
        """Yield the entries with their scores; the gate was passed before."""
        ids = self._ids
        for row, score in zip(self._rows.tolist(), self._scores.tolist(), strict=True):
            yield ids[row], score, None

    def __getitem__(self, entry: EntryId) -> TopicHit:
        place = next(iter(np.flatnonzero(self._rows == self._index.row(entry))))
        return self._index.hit(self._topic, int(self._rows[place]), float(self._scores[place]))

    def __iter__(self) -> Iterator[EntryId]:
        return (self._ids[row] for row in self._rows.tolist())

    def __len__(self) -> int:
        return len(self._rows)


def _least_gain(gains: NDArray[np.float64], size: int) -> float:
    """Return the gain from which on chance brings no more than EXPECTED: the tail is exponential."""
    tail = np.sort(gains)[int((1 - _TAIL) * size) :]
    begins = float(tail[0])
    slope = float((tail - begins).mean()) or 1e-9
    chance = EXPECTED / max(1, size // 4)
    least = begins + slope * -np.log(chance / _TAIL) if chance < _TAIL else begins
    return max(float(least), 1e-9 + exp(-20))
