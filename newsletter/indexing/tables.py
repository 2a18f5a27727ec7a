"""What answers many free texts by their words, as arrays: a hit is two numbers until somebody looks.

A hundred thousand topics have a million hits, and few of these are ever shown. So of a hit it is kept where
in its entry the words stand that tell it, most telling first; they are read when a letter shows it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from newsletter.indexing.about import Abouts
from newsletter.indexing.gists import judge_all
from newsletter.indexing.scoring import words_as_scores
from newsletter.model import EntryId
from newsletter.rules.matching import AnswerTable, Spots
from newsletter.rules.relevance import Rows, Scores

_COUNT_BITS: Final = 3
"""Of a spot: how many words stand there, side by side."""


class WordTable(AnswerTable):
    """The answers of some texts over one index: of the rows `among` all, where these are said.

    `ids` are of all its rows.
    """

    __slots__ = ("_abouts", "_ids", "_told")

    def __init__(
        self,
        ids: Sequence[EntryId],
        abouts: Abouts,
        background: Rows,
        among: Rows | None = None,
    ) -> None:
        self._ids = ids
        self._abouts = abouts
        self._told = judge_all(abouts, background, among)

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
        abouts = self._abouts
        cells = self._told.texts[hits] * abouts.size + self._told.rows[hits]
        is_asked = np.zeros(len(abouts.parts) * abouts.size, np.bool_)
        is_asked[cells] = True
        here = np.flatnonzero(is_asked[abouts.cells])
        in_order = np.argsort(cells)
        of = in_order[cells[in_order].searchsorted(abouts.cells[here])]
        shares = abouts.gains[here] / abouts.full_scores[self._told.texts[hits][of]]
        order = np.lexsort((-shares, of))  # of equal ones the part that comes first
        parts = abouts.ends.searchsorted(here, side="right")
        places = np.concatenate(abouts.firsts)[here].astype(np.int64)
        spots = (places << _COUNT_BITS) | abouts.lengths[parts]
        return Spots(np.bincount(of, minlength=len(hits)), spots[order].astype(np.uint32))


def place_of(spot: int) -> tuple[int, int]:
    """Return the place of `Places` that a spot is, and how many words stand there."""
    return spot >> _COUNT_BITS, spot & (2**_COUNT_BITS - 1)
