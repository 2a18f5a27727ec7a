"""What answers many free texts by their words, as arrays: a hit is two numbers until somebody looks.

A hundred thousand topics have a million hits, and few of these are ever shown. So of a hit it is kept where
in its entry the words stand that tell it, most telling first; they are read when a letter shows it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.about import About
from newsletter.indexing.gists import judge_all
from newsletter.indexing.scoring import words_as_scores
from newsletter.model import EntryId
from newsletter.rules.matching import AnswerTable, Spots
from newsletter.rules.relevance import Rows, Scores

_COUNT_BITS: Final = 3
"""Of a spot: how many words stand there, side by side."""


class _Weighed(NamedTuple):
    """What the parts of some texts give to entries: part behind part, text behind text.

    Cells are those of `judge_all`.
    """

    cells: Rows
    gains: Scores
    ends: Rows
    """Where the evidence of each part ends."""


def _weigh_all(abouts: Sequence[About], size: int) -> _Weighed:
    """Return the evidence of all of these texts, for as many rows."""
    weighted = [pair for about in abouts for pair in about.weighted]
    sizes = np.array([len(posting.rows) for posting, _ in weighted], np.intp)
    counts = [len(about.parts) for about in abouts]
    first_cells = np.repeat(np.arange(len(abouts)) * size, counts)
    cells = np.concatenate([posting.rows for posting, _ in weighted] or [np.empty(0, np.intp)])
    cells += np.repeat(first_cells, sizes)
    gains = np.concatenate([posting.evidence for posting, _ in weighted] or [np.empty(0)])
    gains *= np.repeat(np.array([weight for _, weight in weighted]), sizes)
    return _Weighed(cells, gains, np.cumsum(sizes))


class WordTable(AnswerTable):
    """The answers of some texts over one index: of the rows `among` all, where these are said.

    `ids` are of all its rows.
    """

    __slots__ = ("_abouts", "_ids", "_size", "_told", "_weighed")

    def __init__(
        self,
        ids: Sequence[EntryId],
        abouts: Sequence[About],
        background: Rows,
        among: Rows | None = None,
    ) -> None:
        self._ids = ids
        self._size = len(ids)
        self._abouts = abouts
        self._weighed = _weigh_all(abouts, self._size)
        cells, gains, _ = self._weighed
        self._told = judge_all(abouts, cells, gains, background, self._size, among)

    @property
    def ids(self) -> Sequence[EntryId]:
        """Return all entries of the index."""
        return self._ids

    @property
    def topics(self) -> Rows:
        """Return which text each hit answers, in order."""
        return self._told.texts

    @property
    def rows(self) -> Rows:
        """Return the rows of the hits."""
        return self._told.rows

    @property
    def scores(self) -> Scores:
        """Return the scores of the hits."""
        return words_as_scores(self._told.words)

    @property
    def chances(self) -> Scores:
        """Return the chances of the hits."""
        return self._told.chances

    def spots(self, hits: Rows) -> Spots:
        """Return where the words stand that tell these hits, in the order of the hits."""
        cells = self._told.texts[hits] * self._size + self._told.rows[hits]
        numbers = np.full(len(self._abouts) * self._size, -1, np.int32)
        numbers[cells] = np.arange(len(hits))
        weighed = self._weighed
        here = np.flatnonzero(numbers[weighed.cells] >= 0)
        parts = weighed.ends.searchsorted(here, side="right")
        of = numbers[weighed.cells[here]]
        order = np.lexsort((-self._shares(here), of))  # of equal ones the part that comes first
        firsts = self._firsts()[here].astype(np.int64)
        spots = (firsts << _COUNT_BITS) | self._lengths()[parts]
        return Spots(np.bincount(of, minlength=len(hits)), spots[order].astype(np.uint32))

    def _shares(self, here: Rows) -> Scores:
        full_scores = np.array([about.full_score for about in self._abouts])
        shares: Scores = (
            self._weighed.gains[here] / full_scores[self._weighed.cells[here] // self._size]
        )
        return shares

    def _firsts(self) -> NDArray[np.int32]:
        postings = [one for about in self._abouts for one in about.postings]
        firsts = [one.firsts for one in postings if one.firsts is not None]
        return np.concatenate(firsts or [np.empty(0, np.int32)])

    def _lengths(self) -> NDArray[np.int64]:
        return np.array([len(part) for about in self._abouts for part in about.parts], np.int64)


def is_placed(about: About) -> bool:
    """Whether it is known of all that was found where it stands."""
    return all(one.firsts is not None or not len(one.rows) for one in about.postings)


def place_of(spot: int) -> tuple[int, int]:
    """Return the place of `Places` that a spot is, and how many words stand there."""
    return spot >> _COUNT_BITS, spot & (2**_COUNT_BITS - 1)
