"""What the entries of one index have to do with free texts: by their words, and by their meaning."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from newsletter.indexing.about import Abouts, Evidence, candidates, take_apart
from newsletter.indexing.columns import Row
from newsletter.indexing.entry_vectors import EntryVectors
from newsletter.indexing.postings import Postings
from newsletter.rules.relevance import (
    LEAST_BACKGROUND,
    Relevance,
    Rows,
    Scores,
    Told,
    crowding,
    judge,
    judge_words,
)

GREATEST_CHANCE: Final = 0.05
"""Entries that are no more surprising than this are not worth a look: they could be shown by letters of
fewer than ten new entries alone, to readers who are relaxed."""

_LEAST_COSINE: Final = 0.3
"""An entry without any word of the text, and farther away from it, is never shown."""

_CROWD_OF: Final = 5_000
"""So many of the background, evenly chosen, tell who is near to everybody."""

_NEAR: Final = 0.45
"""A cosine that is enough, as long as nobody knows what is usual: set by looking at fifteen topics."""


_CELLS_AT_ONCE: Final = 500_000
"""Scores of texts that are worked out together: some 4 MB, however many are asked."""


def texts_at_once(size: int) -> int:
    """Return how many texts are judged together over as many rows."""
    return max(1, _CELLS_AT_ONCE // max(1, size))


def judge_all(abouts: Abouts, background: Rows, among: Rows | None = None) -> Told:
    """Return what is said of all rows by the words of each text, of those that may be shown.

    Only of those `among` them where it is said.
    """
    count, size = len(abouts.parts), abouts.size
    sums = np.bincount(abouts.cells, weights=abouts.gains, minlength=count * size)
    lexical: Scores = sums.astype(np.float64, copy=False).reshape(count, size)
    return judge_words(lexical, background, abouts.wholes, GREATEST_CHANCE, among)


@dataclass(frozen=True, slots=True, eq=False)
class Gist:
    """What some entries have to do with one free text: one number for each of `rows`, which are in order."""

    parts: Sequence[tuple[str, ...]]
    """The words and phrases of the text."""
    evidence: Evidence
    """What these give to the rows."""
    full_score: float
    rows: Rows
    words: Scores
    """By how much the words surprise, in nats."""
    meaning: Scores | None
    """The same of the meaning; None without a model, as `cosines`."""
    cosines: Scores | None
    chances: Scores | None
    """How probable it is that an entry off the topic is as near; None: it is not known."""

    def gains(self, row: Row) -> dict[tuple[str, ...], float]:
        """Return what each word and phrase found in `row` gives, as a share of the full score."""
        return {self.parts[part]: gain / self.full_score for part, gain in self.evidence.of(row)}

    def sums(self) -> Scores:
        """Return the sums of the gains of the rows."""
        places = self.rows.searchsorted(self.evidence.rows)
        sums = np.bincount(places, weights=self.evidence.gains, minlength=len(self.rows))
        return np.asarray(sums / (self.full_score or 1.0))

    def is_by_meaning(self, place: int) -> bool:
        """Whether the meaning says more than the words do of the row at a place."""
        return self.meaning is not None and bool(self.meaning[place] > self.words[place])


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What all entries of one index have to do with one free text."""

    about: Abouts
    """The text, and no other."""
    evidence: Evidence
    relevance: Relevance
    cosines: Scores | None

    @property
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

    def candidates(self) -> Rows:
        """Return the rows that may have to do with the text, in order."""
        chances = self.chances
        if chances is not None:
            return np.flatnonzero(chances <= GREATEST_CHANCE)
        near: Iterable[int] = ()
        if self.cosines is not None:
            near = np.flatnonzero(self.cosines >= _NEAR).tolist()
        return np.array(sorted({*candidates(self.about, self.evidence), *near}), np.intp)

    def of(self, rows: Rows) -> Gist:
        """Return what these rows have to do with it."""
        relevance, chances = self.relevance, self.chances
        is_wanted = np.zeros(len(relevance.words), np.bool_)
        is_wanted[rows] = True
        return Gist(
            self.about.parts[0],
            self.evidence.where(is_wanted[self.evidence.rows]),
            float(self.about.full_scores[0]),
            rows,
            relevance.words[rows],
            None if relevance.meaning is None else relevance.meaning[rows],
            None if self.cosines is None else self.cosines[rows],
            None if chances is None else chances[rows],
        )


class Gists:
    """Judges free texts over one collection. `vectors` are those of its entries."""

    def __init__(self, postings: Postings, vectors: EntryVectors) -> None:
        self._postings = postings
        self._vectors = vectors
        self.background: Rows = np.flatnonzero(postings.is_background)

    def read(self, text: str) -> Scores:
        """Return how well each entry answers `text` by its words alone."""
        _, evidence = take_apart([text], self._postings).evidence()
        return self._sums(evidence)

    def find(self, texts: Sequence[str]) -> Iterator[Gist]:
        """Yield for each of `texts` the entries that may have to do with it."""
        if not self.is_by_words:
            for text in texts:
                found = self.judge(text)
                yield found.of(found.candidates())
            return
        size = texts_at_once(self._postings.size)
        for first in range(0, len(texts), size):
            yield from self._find_by_words(texts[first : first + size])

    @property
    def is_by_words(self) -> bool:
        """Whether words alone are heard, and enough entries are known to say what is usual."""
        return len(self.background) >= LEAST_BACKGROUND and self._vectors.of_entries() is None

    def judge(self, text: str) -> Judgement:
        """Return what all entries have to do with `text`."""
        about = take_apart([text], self._postings)
        _, evidence = about.evidence()
        cosines = self.cosines(text)
        crowds = self._crowds if cosines is not None else None
        nearness = None if cosines is None or crowds is None else cosines - crowds
        told = judge(self._sums(evidence), nearness, self.background, whole=float(about.wholes[0]))
        return Judgement(about, evidence, told, cosines)

    def cosines(self, text: str) -> Scores | None:
        """Return the nearness of each entry's meaning to that of `text`; None without a model."""
        vectors = self._vectors.of_entries()
        asked = None if vectors is None else self._vectors.of([text])
        if vectors is None or asked is None:
            return None
        found: Scores = (vectors @ asked[0]).astype(np.float64)
        return found

    def _sums(self, evidence: Evidence) -> Scores:
        sums = np.bincount(evidence.rows, weights=evidence.gains, minlength=self._postings.size)
        return np.asarray(sums)

    def _find_by_words(self, texts: Sequence[str]) -> Iterator[Gist]:
        abouts = take_apart(texts, self._postings)
        told = judge_all(abouts, self.background)
        is_told = np.zeros(len(texts) * abouts.size, np.bool_)
        is_told[told.texts * abouts.size + told.rows] = True
        of, evidence = abouts.evidence()
        here = is_told[of * abouts.size + evidence.rows]
        of, evidence = of[here], evidence.where(here)
        ends = np.searchsorted(of, np.arange(len(texts) + 1)).tolist()
        each = zip(abouts.parts, abouts.full_scores.tolist(), told.each(len(texts)), strict=True)
        for (parts, full_score, found), given in zip(each, pairwise(ends), strict=True):
            some = evidence.part(slice(*given))
            yield Gist(parts, some, full_score, found.rows, found.words, None, None, found.chances)

    @cached_property
    def _crowds(self) -> Scores | None:
        vectors = self._vectors.of_entries()
        if vectors is None:
            return None
        some = self.background[:: max(1, -(-len(self.background) // _CROWD_OF))]
        return crowding(vectors, vectors[some])
