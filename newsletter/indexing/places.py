"""Where words and phrases stand in titles and abstracts, on arrays: many are looked for at once."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.collection import TITLE_WEIGHT, Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.vocabulary import GAP_NUMBER
from newsletter.rules.query import READ, TextField
from newsletter.rules.runs import runs

Numbers = NDArray[np.intp]

_MARGIN: Final = 4
"""Gaps around the text: no phrase that is looked for here is longer."""

LONGEST: Final = _MARGIN


class Counted(NamedTuple):
    """How often phrases stand in rows: which phrase, in order, which row, and the weighted count."""

    phrases: Numbers
    rows: Numbers
    counts: NDArray[np.float64]
    firsts: NDArray[np.int32]
    """The place at which the phrase first stands in the row, title before abstract."""


class Places:
    """All titles and then all abstracts as one text of kinds of words, with a gap behind each value."""

    def __init__(self, collection: Collection) -> None:
        texts = [collection.rows_of_words(field) for field in READ]
        numbers = [np.asarray(row, np.uint32) for text in texts for row in text]
        self._collection = collection
        kinds = np.array(collection.kinds(), np.int32)
        margin = np.full(_MARGIN, GAP_NUMBER, np.int32)
        self._text = np.concatenate([margin, *(kinds[row] for row in numbers), margin])
        sizes = [len(row) for row in numbers]
        ends = np.cumsum([_MARGIN, *sizes])
        self._bounds = ends.tolist()
        """Where the title of each row begins, then where the abstract of each does, and the end."""
        count = max(1, len(collection.entries))
        rows = np.repeat(np.arange(len(sizes)) % count, sizes).astype(np.int32)
        self._rows = np.concatenate([margin, rows, margin])
        self._titles = _MARGIN + sum(map(len, texts[0]))
        self._width = max(1, len(collection.entries))
        order = np.argsort(self._text, kind="stable").astype(np.int32)
        self._kinds = int(kinds.max(initial=0)) + 1
        """How many there are."""
        self._begins = np.searchsorted(self._text[order], np.arange(self._kinds + 1))
        pairs = self._pairs_of(self._text[:-1], self._text[1:])
        by_pair = np.argsort(pairs, kind="stable").astype(np.int32)
        ordered = pairs[by_pair]
        begins = np.flatnonzero(np.diff(ordered, prepend=-1))
        self._pairs = ordered[begins]
        """All two kinds that stand side by side, in order."""
        self._pair_begins = np.append(begins, len(pairs)) + len(order)
        self._order = np.concatenate([order, by_pair])
        """Where each kind stands, and behind that where each pair of kinds does."""

    def kind_of(self, word: str) -> int | None:
        """Return the kind of all forms of `word`, -1 where none stands here; None: they are of two kinds."""
        return self._collection.kind_of(word)

    def count(self, phrases: Sequence[Sequence[int]]) -> Counted:
        """Return how often phrases stand in rows.

        Each phrase is the kinds of its words, at most LONGEST; an occurrence in a title counts more.
        """
        most = max(map(len, phrases), default=1)
        kinds = np.array([[*one, *[GAP_NUMBER] * (most - len(one))] for one in phrases], np.intp)
        kinds = kinds.reshape(len(phrases), most)
        of, places = self._where(kinds)
        weights = np.where(places < self._titles, TITLE_WEIGHT, 1.0)
        # Places are in order, and the first of equal cells is the one that is told.
        cells, firsts, which = np.unique(
            of * self._width + self._rows[places], return_index=True, return_inverse=True
        )
        counts = np.bincount(which, weights=weights, minlength=len(cells))
        return Counted(
            cells // self._width,
            cells % self._width,
            np.asarray(counts, np.float64),
            places[firsts].astype(np.int32),
        )

    def field_of(self, place: int) -> tuple[Row, TextField, int]:
        """Return the row and the field of a place, and which word of that field stands there."""
        at = bisect_right(self._bounds, place) - 1
        turn, row = divmod(at, self._width)
        return row, READ[turn], place - self._bounds[at]

    def first(self, row: Row, phrase: Sequence[int]) -> tuple[TextField, int] | None:
        """Return the field in which a phrase first stands in a row, title before abstract, and where in it.

        Places in a field count from 0, with one for the gap behind each value. None: it stands in neither.
        """
        for turn, field in enumerate(READ):
            at = turn * self._width + row
            begins, ends = self._bounds[at], self._bounds[at + 1]
            text = self._text[begins:ends]
            found = text[: max(0, len(text) - len(phrase) + 1)] == phrase[0]
            for ahead, kind in enumerate(phrase[1:], start=1):
                found &= text[ahead : ahead + len(found)] == kind
            place = int(found.argmax()) if len(found) else 0
            if len(found) and found[place]:
                return field, place
        return None

    def _where(self, kinds: Numbers) -> tuple[Numbers, Numbers]:
        """Return the places at which phrases stand, looked for where their rarest part is."""
        begins, found, ahead_of = self._rarest(kinds)
        of = np.repeat(np.arange(len(kinds)), found)
        places = self._order[runs(begins, found)] - ahead_of[of]
        for ahead in range(kinds.shape[1]):
            wanted = kinds[of, ahead]
            is_there = (self._text[places + ahead] == wanted) | (wanted == GAP_NUMBER)
            of, places = of[is_there], places[is_there]
        return of, places

    def _rarest(self, kinds: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return where the rarest part of each phrase begins in the order, how often it stands, how far in.

        A part is two kinds side by side; one kind in a phrase that has no more.
        """
        begins = self._begins[kinds[:, 0]]
        sizes = self._begins[kinds[:, 0] + 1] - begins
        ahead_of = np.zeros(len(kinds), np.intp)
        for ahead in range(kinds.shape[1] - 1):
            pairs = self._pairs_of(kinds[:, ahead], kinds[:, ahead + 1])
            at = np.minimum(self._pairs.searchsorted(pairs), len(self._pairs) - 1)
            pair_begins = self._pair_begins[at]
            is_known = self._pairs[at] == pairs
            pair_sizes = np.where(is_known, self._pair_begins[at + 1] - pair_begins, 0)
            is_rarer = (kinds[:, ahead + 1] != GAP_NUMBER) & (pair_sizes <= sizes)
            begins = np.where(is_rarer, pair_begins, begins)
            sizes = np.where(is_rarer, pair_sizes, sizes)
            ahead_of[is_rarer] = ahead
        return begins, sizes, ahead_of

    def _pairs_of(self, kinds: Numbers, next_kinds: Numbers) -> NDArray[np.int64]:
        """Return one number for each two kinds."""
        return kinds.astype(np.int64) * self._kinds + next_kinds
