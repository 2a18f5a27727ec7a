"""What answers many free texts by their words, as arrays: a hit is two numbers until somebody looks.

A hundred thousand topics have a million hits, and few of these are ever shown. So of a hit it is kept where
in its entry the words stand that tell it, most telling first; they are read when a letter shows it.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.about import About, lengths_of, weights_of
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
    lengths: NDArray[np.int64]
    """How many words each part has."""
    firsts: Sequence[NDArray[np.int32] | None]
    """The places at which each part first stands in the rows; None where it stands in none."""


def _weigh_all(abouts: Sequence[About], size: int) -> _Weighed:
    """Return the evidence of all of these texts, for as many rows; all parts are placed."""
    postings = list(chain.from_iterable([about.postings for about in abouts]))
    if not postings:
        none = np.empty(0, np.intp)
        return _Weighed(none, np.empty(0), none, none.astype(np.int64), ())
    rows, _, _, evidence, firsts = zip(*postings, strict=True)
    lengths = lengths_of(abouts)
    sizes = np.fromiter(map(len, rows), np.intp, len(rows))
    counts = [len(about.parts) for about in abouts]
    first_cells = np.repeat(np.arange(len(abouts)) * size, counts)
    cells = np.concatenate(rows)
    cells += np.repeat(first_cells, sizes)
    gains = np.concatenate(evidence)
    gains *= np.repeat(weights_of(lengths), sizes)
    return _Weighed(cells, gains, np.cumsum(sizes), lengths, firsts)


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
        cells, gains = self._weighed.cells, self._weighed.gains
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
        firsts = [one for one in weighed.firsts if one is not None]
        places = np.concatenate(firsts or [np.empty(0, np.int32)])[here].astype(np.int64)
        spots = (places << _COUNT_BITS) | weighed.lengths[parts]
        return Spots(np.bincount(of, minlength=len(hits)), spots[order].astype(np.uint32))

    def _shares(self, here: Rows) -> Scores:
        full_scores = np.array([about.full_score for about in self._abouts])
        shares: Scores = (
            self._weighed.gains[here] / full_scores[self._weighed.cells[here] // self._size]
        )
        return shares


def is_placed(about: About) -> bool:
    """Whether it is known of all that was found where it stands."""
    return all(one.firsts is not None or not len(one.rows) for one in about.postings)


def place_of(spot: int) -> tuple[int, int]:
    """Return the place of `Places` that a spot is, and how many words stand there."""
    return spot >> _COUNT_BITS, spot & (2**_COUNT_BITS - 1)
