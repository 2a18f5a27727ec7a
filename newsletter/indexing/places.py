"""Where words and phrases stand in titles and abstracts, on arrays: many are looked for at once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.collection import TITLE_WEIGHT, Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.vocabulary import GAP_NUMBER
from newsletter.rules.query import READ, TextField

Numbers = NDArray[np.intp]

_MARGIN: Final = 4
"""Gaps around the text: no phrase that is looked for here is longer."""

LONGEST: Final = _MARGIN


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
        self._order = np.argsort(self._text, kind="stable").astype(np.int32)
        last = int(kinds.max(initial=0)) + 1
        self._begins = np.searchsorted(self._text[self._order], np.arange(last + 1))
        self._width = max(1, len(collection.entries))

    def kind_of(self, word: str) -> int | None:
        """Return the kind of all forms of `word`, -1 where none stands here; None: they are of two kinds."""
        return self._collection.kind_of(word)

    def count(
        self, phrases: Sequence[Sequence[int]]
    ) -> tuple[Numbers, Numbers, NDArray[np.float64]]:
        """Return how often phrases stand in rows: which phrase, in order, which row, and the weighted count.

        Each phrase is the kinds of its words, at most LONGEST; an occurrence in a title counts more.
        """
        most = max(map(len, phrases), default=1)
        kinds = np.array([[*one, *[GAP_NUMBER] * (most - len(one))] for one in phrases])
        kinds = kinds.reshape(len(phrases), most)
        of, places = self._where(kinds)
        weights = np.where(places < self._titles, TITLE_WEIGHT, 1.0)
        cells, which = np.unique(of * self._width + self._rows[places], return_inverse=True)
        counts = np.bincount(which, weights=weights, minlength=len(cells))
        return cells // self._width, cells % self._width, np.asarray(counts, np.float64)

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
        """Return the places at which phrases stand, looked for where their rarest words are."""
        sizes = self._begins[kinds + 1] - self._begins[kinds]
        sizes[kinds == GAP_NUMBER] = len(self._text) + 1
        rarest = sizes.argmin(axis=1)
        each = np.arange(len(kinds))
        found = sizes[each, rarest]
        of = np.repeat(each, found)
        ends = np.cumsum(found)
        source = np.arange(len(of)) + np.repeat(
            self._begins[kinds[each, rarest]] - ends + found, found
        )
        places = self._order[source] - rarest[of]
        for ahead in range(kinds.shape[1]):
            wanted = kinds[of, ahead]
            is_there = (self._text[places + ahead] == wanted) | (wanted == GAP_NUMBER)
            of, places = of[is_there], places[is_there]
        return of, places
