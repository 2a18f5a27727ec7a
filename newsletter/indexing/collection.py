"""A fixed set of entries, indexed field by field; finds one term of a query in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from newsletter.indexing.columns import Column, Pattern, Row
from newsletter.indexing.vocabulary import GAP, Vocabulary
from newsletter.model import Entry, EntryContent
from newsletter.rules.query import Form, Term, TextField, words

TITLE_WEIGHT: Final = 3.0
"""A word in the title counts like three in the abstract; measured in the project's design notes."""

SATURATION: Final = 1.2
LENGTH_SHARE: Final = 0.75
"""k1 and b of BM25 as usual, see Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework:
BM25 and Beyond", and SQLite's FTS5, whose weighting of columns before saturation this follows."""

_TEXTS: Final = frozenset({TextField.TITLE, TextField.ABSTRACT})
_WEIGHTS: Final[Mapping[TextField, float]] = {TextField.TITLE: TITLE_WEIGHT, TextField.ABSTRACT: 1.0}


@dataclass(frozen=True, slots=True)
class Finding:
    """Where one term was found. `strengths` are in (0, 1]; `rarity` (idf) is above 0."""

    strengths: Mapping[Row, float]
    rarity: float


class Collection:
    """Entries and, for each field, a column of their words. Built once, never changed.

    Terms once looked for are remembered: topics share their words.
    """

    __slots__ = ("_categories", "_columns", "_findings", "_lengths", "_vocabulary", "entries")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._vocabulary = Vocabulary()
        self._columns = {field: self._column(field) for field in TextField}
        self._lengths = self._relative_lengths()
        self._categories = self._rows_by_category()
        self._findings: dict[Term, Finding] = {}

    def find(self, term: Term) -> Finding:
        """Return the rows in which `term` stands, and how strongly."""
        known = self._findings.get(term)
        if known is None:
            strengths = self._strengths(term)
            known = self._findings[term] = Finding(strengths, self._rarity(len(strengths)))
        return known

    def stem(self, word: str) -> str:
        """Return what two forms of one word have in common."""
        return self._vocabulary.stem(word)

    def pattern(self, term: Term) -> Pattern:
        """Return which words of this collection `term` may mean, place by place."""
        exactly = self._vocabulary.exactly
        if term.form is Form.ANY_FORM and (term.field is None or term.field in _TEXTS):
            return tuple(map(self._vocabulary.forms_of, term.words))
        if term.form is Form.PREFIX:
            *before, last = term.words
            return (*map(exactly, before), self._vocabulary.beginning_with(last))
        return tuple(map(exactly, term.words))

    def _column(self, field: TextField) -> Column:
        return Column([self._vocabulary.number(_spaced(values(entry, field))) for entry in self.entries])

    def _relative_lengths(self) -> list[float]:
        title, abstract = (self._columns[field].sizes() for field in _WEIGHTS)
        lengths = [a + b for a, b in zip(title, abstract, strict=True)]
        average = sum(lengths) / len(lengths) if any(lengths) else 1.0
        return [length / average for length in lengths]
