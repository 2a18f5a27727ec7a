"""What each word gives to each entry, as arrays: many topics are scored with a few additions each.

It holds the numbers of `Collection.find`, worked out for all rows in one go. Who answers a few topics
does without.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.collection import LENGTH_SHARE, SATURATION, TITLE_WEIGHT, Collection
from newsletter.indexing.vocabulary import GAP_NUMBER
from newsletter.rules.query import (
    And,
    Comparison,
    Node,
    Not,
    Or,
    Term,
    TextField,
    fulfils,
    has_forms,
)

Gains = NDArray[np.float64]
"""One value for each row of a collection."""

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_WEIGHTS: Final = ((TextField.TITLE, TITLE_WEIGHT), (TextField.ABSTRACT, 1.0))

_OFTEN: Final = 1 / 16
"""A word in a larger share of the rows has one value for each row: to add that is quicker."""

_ROWS_AT_ONCE: Final = 2_000_000
"""Scores that are worked out together: some 16 MB, however many topics there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Posting:
    """The rows in which one term stands, in order; its strength in each, and how rare it is."""

    rows: Rows
    strengths: Gains
    rarity: float
    spread: Gains | None
    """For a term that stands in many rows what it gives to each of all."""

    def is_in(self, row: int) -> bool:
        """Return whether the term stands in `row`."""
        place = int(np.searchsorted(self.rows, row))
        return place < len(self.rows) and int(self.rows[place]) == row

    def add_to(self, scores: Gains) -> None:
        """Add what the term gives, strength times rarity, to the scores of all rows."""
        if self.spread is not None:
            scores += self.spread
        elif len(self.rows):
            scores[self.rows] += self.strengths * self.rarity


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words of one field: those of number `n` stand from `begins[n]` on in the other two."""

    begins: Rows
    rows: NDArray[np.int32]
    counts: NDArray[np.int32]


class Postings:
    """The terms of one collection as arrays, each made when it is first asked for."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.size = len(collection.entries)
        """How many rows there are."""
        self._words = [
            (weight, _words_of(collection.rows_of_words(field))) for field, weight in _WEIGHTS
        ]
        lengths = np.array(collection.lengths, np.float64)
        self._softened = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths)
        self._is_background = np.zeros(self.size, np.bool_)
        self._is_background[list(collection.background)] = True
        self._known: dict[Term, Posting] = {}
        self._fulfilled: dict[Comparison, Mask] = {}

    def of(self, term: Term) -> Posting:
        """Return where `term` stands: the rows, strengths and rarity that `Collection.find` finds."""
        known = self._known.get(term)
        if known is None:
            is_word = len(term.words) == 1 and not term.joined and term.field is None
            known = self._known[term] = (
                self._count(term) if is_word and has_forms(term) else self._look_up(term)
            )
        return known

    def fulfilling(self, comparison: Comparison) -> Mask:
        """Return which rows fulfil a comparison."""
        known = self._fulfilled.get(comparison)
        if known is None:
            found = [fulfils(entry, comparison) for entry in self.collection.entries]
            known = self._fulfilled[comparison] = np.array(found, np.bool_)
        return known

    def _count(self, term: Term) -> Posting:
        """Count a single word in all its forms."""
        ((forms,),) = self.collection.meant_by(term)
        weighted = np.zeros(self.size, np.float64)
        for weight, words in self._words:
            for form in forms:
                if form + 1 < len(words.begins):
                    here = slice(words.begins[form], words.begins[form + 1])
                    weighted[words.rows[here]] += weight * words.counts[here]
        for row in self.collection.rows_in_category(term):
            weighted[row] += 1.0
        rows = np.flatnonzero(weighted)
        count = weighted[rows]
        return self._posting(rows, count / (count + self._softened[rows]))

    def _look_up(self, term: Term) -> Posting:
        """Take over what is found one by one: phrases, beginnings of words, words of one field."""
        found = self.collection.find(term).strengths
        rows = np.array(sorted(found), np.int64)
        return self._posting(rows, np.array([found[row] for row in rows.tolist()], np.float64))

    def _posting(self, rows: Rows, strengths: Gains) -> Posting:
        typical = int(self._is_background[rows].sum())
        # As Collection has it: BM25's, and above 0 for words in most entries.
        rarity = log(1 + (int(self._is_background.sum()) - typical + 0.5) / (typical + 0.5))
        spread = None
        if len(rows) > _OFTEN * self.size:
            spread = np.zeros(self.size, np.float64)
            spread[rows] = strengths * rarity
        return Posting(rows, strengths, rarity, spread)


def lexical_matrix(
    topics: Sequence[Mapping[Term, float]],
    postings: Postings,
    rows_at_once: int = _ROWS_AT_ONCE,
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield the scores of some topics at a time, a row of the matrix for each topic.

    A topic is its terms with the weight of each; its score in a row of the collection is the sum of
    weight times strength times rarity. Memory is bounded by `rows_at_once`, whatever is asked; the
    matrix is overwritten by the next one.
    """
    size = max(1, rows_at_once // max(1, postings.size))
    matrix = np.empty((min(size, len(topics)), postings.size), np.float64)
    for first in range(0, len(topics), size):
        some = topics[first : first + size]
        scores = matrix[: len(some)]
        scores.fill(0.0)
        for row, terms in zip(scores, some, strict=True):
            for term, weight in terms.items():
                _add(postings.of(term), weight, row)
        yield slice(first, first + len(some)), scores


def rows_where(node: Node, postings: Postings) -> Mask:
    """Return for which rows `node` is true, as `rules.query.holds` has it."""
    match node:
        case Term():
            mask = np.zeros(postings.size, np.bool_)
            mask[postings.of(node).rows] = True
            return mask
        case Comparison():
            return postings.fulfilling(node)
        case Not(part):
            return ~rows_where(part, postings)
        case And(parts):
            return _folded(np.logical_and, parts, postings)
        case Or(parts):
            return _folded(np.logical_or, parts, postings)


def _folded(fold: np.ufunc, parts: Iterable[Node], postings: Postings) -> Mask:
    mask: Mask = fold.reduce([rows_where(part, postings) for part in parts])
    return mask


def _add(posting: Posting, weight: float, scores: Gains) -> None:
    if weight == 1:
        posting.add_to(scores)
    else:
        scores[posting.rows] += posting.strengths * (posting.rarity * weight)


def _words_of(rows: Sequence[Sequence[int]]) -> _Words:
    """Count the words of one field, and put them in the order of their numbers."""
    numbers = np.concatenate([np.asarray(row, np.int64) for row in rows] or [np.empty(0, np.int64)])
    of_row = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    is_word = numbers != GAP_NUMBER
    width = max(1, len(rows))
    cells, counts = np.unique(numbers[is_word] * width + of_row[is_word], return_counts=True)
    words = cells // width
    last = int(words[-1]) if len(words) else 0
    begins = np.searchsorted(words, np.arange(last + 2))
    return _Words(begins, (cells % width).astype(np.int32), counts.astype(np.int32))
