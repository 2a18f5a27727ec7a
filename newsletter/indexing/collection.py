"""A fixed set of entries, indexed field by field; finds one term of a query in it."""

from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import log
from typing import Final

from newsletter.indexing.columns import Column, Pattern, Row
from newsletter.indexing.texts import as_written
from newsletter.indexing.vocabulary import GAP, Vocabulary
from newsletter.model import Entry, EntryId
from newsletter.rules.query import (
    READ,
    Form,
    Term,
    TextField,
    has_forms,
    is_category,
    texts_of,
    words,
)

TITLE_WEIGHT: Final = 3.0
"""A word in the title counts like three in the abstract; measured in the project's design notes."""

SATURATION: Final = 1.2
LENGTH_SHARE: Final = 0.75
"""k1 and b of BM25 as usual, see Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework:
BM25 and Beyond", and SQLite's FTS5, whose weighting of columns before saturation this follows."""

_WEIGHTS: Final[Mapping[TextField, float]] = {
    TextField.TITLE: TITLE_WEIGHT,
    TextField.ABSTRACT: 1.0,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Where one term was found.

    `patterns` are what its spellings may mean here, `strengths` are in (0, 1], `rarity` (idf) is
    above 0.
    """

    patterns: tuple[Pattern, ...]
    strengths: Mapping[Row, float]
    rarity: float


class Collection:
    """Entries and, for each field, a column of their words. Built once, never changed.

    Terms once looked for are remembered: topics share their words. How rare a word is and how long
    an entry is beside others is counted among those of `background` alone (None, or none of them
    here: among all), so that scores do not depend on what else happens to be indexed.
    """

    __slots__ = (
        *(
            "_background",
            "_categories",
            "_columns",
            "_findings",
            "_lengths",
            "_patterns",
            "_vocabulary",
        ),
        "entries",
    )

    def __init__(
        self, entries: Sequence[Entry], background: Container[EntryId] | None = None
    ) -> None:
        self.entries = tuple(entries)
        everything = frozenset(range(len(self.entries)))
        typical = frozenset(
            row
            for row, entry in enumerate(self.entries)
            if background is None or entry.id in background
        )
        self._background = typical or everything
        self._vocabulary = Vocabulary()
        self._columns = {field: self._column(field) for field in TextField}
        self._lengths = self._relative_lengths()
        self._categories = self._rows_by_category()
        self._findings: dict[Term, Finding] = {}
        self._patterns: dict[Term, tuple[Pattern, ...]] = {}

    def find(self, term: Term) -> Finding:
        """Return the rows in which `term` stands, and how strongly."""
        known = self._findings.get(term)
        if known is None:
            patterns = self.meant_by(term)
            strengths = self._strengths(term, patterns)
            rarity = self._rarity(len(self._background & strengths.keys()))
            known = self._findings[term] = Finding(patterns, strengths, rarity)
        return known

    def written(self, term: Term, row: Row) -> str:
        """Return the first occurrence of `term` as the entry at `row` writes it.

        Title before abstract, and last the name of a category. Only for a row where it was found.
        """
        patterns, texts = self.meant_by(term), partial(texts_of, self.entries[row])
        for field in (term.field,) if term.field else READ:
            for pattern in patterns:
                start = self._columns[field].first(row, pattern)
                if start is not None:
                    return as_written(texts(field), start, len(pattern))
        return next(name for name in texts(TextField.CATEGORY) if is_category(term, name))

    def stem(self, word: str) -> str:
        """Return what two forms of one word have in common."""
        return self._vocabulary.stem(word)

    def words_of(self, pattern: Pattern) -> tuple[tuple[str, ...], ...]:
        """Return the words that may stand at each place of `pattern`, sorted."""
        return tuple(tuple(sorted(map(self._vocabulary.word, place))) for place in pattern)

    def rows_of_words(self, field: TextField) -> "Sequence[array[int]]":
        """Return the numbered words of each row in one field, with a gap behind each of its values."""
        return self._columns[field].rows

    def kinds(self) -> "array[int]":
        """Return for each number of a word that of its kind; see `Vocabulary.kinds`."""
        return self._vocabulary.kinds()

    def kind_of(self, word: str) -> int | None:
        """Return the kind of all forms of `word`, -1 for none, None for two; see `Vocabulary.kind_of`."""
        return self._vocabulary.kind_of(word)

    def meant_by(self, term: Term) -> tuple[Pattern, ...]:
        """Return what each spelling of `term` may mean here."""
        known = self._patterns.get(term)
        if known is None:
            known = tuple(self._pattern(term, spelling) for spelling in term.spellings)
            self._patterns[term] = known
        return known

    def is_category(self, words: tuple[str, ...]) -> bool:
        """Whether these words are the name of a category."""
        return words in self._categories

    def rows_in_category(self, term: Term) -> Iterable[Row]:
        """Return the rows of a category that `term` names; none for a term that names none."""
        return self._in_category(term)

    @property
    def background(self) -> frozenset[Row]:
        """Return the rows by which it is told what is rare, and what is long."""
        return self._background

    @property
    def lengths(self) -> Sequence[float]:
        """Return how long each row is beside the usual one."""
        return self._lengths

    def _pattern(self, term: Term, spelling: tuple[str, ...]) -> Pattern:
        exactly = self._vocabulary.exactly
        if has_forms(term):
            return tuple(map(self._vocabulary.forms_of, spelling))
        if term.form is Form.PREFIX:
            *before, last = spelling
            return (*map(exactly, before), self._vocabulary.beginning_with(last))
        return tuple(map(exactly, spelling))

    def _column(self, field: TextField) -> Column:
        return Column([self._vocabulary.number(_spaced(texts_of(e, field))) for e in self.entries])

    def _relative_lengths(self) -> list[float]:
        titles, abstracts = (self._columns[field].sizes() for field in READ)
        lengths = [title + abstract for title, abstract in zip(titles, abstracts, strict=True)]
        typical = [lengths[row] for row in self._background]
        average = sum(typical) / len(typical) if any(typical) else 1.0
        return [length / average for length in lengths]

    def _rows_by_category(self) -> dict[tuple[str, ...], set[Row]]:
        rows: dict[tuple[str, ...], set[Row]] = {}
        for row, entry in enumerate(self.entries):
            for category in texts_of(entry, TextField.CATEGORY):
                rows.setdefault(tuple(words(category)), set()).add(row)
        return rows

    def _strengths(self, term: Term, patterns: Iterable[Pattern]) -> Mapping[Row, float]:
        weighted: defaultdict[Row, float] = defaultdict(float)
        for field, pattern in product((term.field,) if term.field else READ, patterns):
            for row, count in self._columns[field].count(pattern).items():
                weighted[row] += _WEIGHTS.get(field, 1.0) * count
        if term.field is not None and term.field not in READ:
            # A name stands there or not: how often says nothing.
            return dict.fromkeys(weighted, 1.0)
        for row in self._in_category(term):
            weighted[row] += 1.0
        return {row: self._saturated(row, count) for row, count in weighted.items()}

    def _in_category(self, term: Term) -> Iterable[Row]:
        return (
            self._categories.get(term.words, ()) if is_category(term, " ".join(term.words)) else ()
        )

    def _saturated(self, row: Row, count: float) -> float:
        """BM25 without its constant factor (k1 + 1): below 1, near it for a word said often."""
        return count / (count + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * self._lengths[row]))

    def _rarity(self, rows: int) -> float:
        """Inverse document frequency of BM25; 1 + … keeps it above 0 for words in most entries."""
        return log(1 + (len(self._background) - rows + 0.5) / (rows + 0.5))


def _spaced(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from words(text)
        yield GAP
