"""What each term gives to each entry, as arrays: a topic is scored with a few additions.

It holds the numbers of `Collection.find`, worked out for all rows in one go.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import chain, pairwise
from math import log
from typing import Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.collection import LENGTH_SHARE, SATURATION, Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.places import LONGEST, Places
from newsletter.indexing.texts import as_written
from newsletter.rules.query import (
    Comparison,
    Form,
    Term,
    TextField,
    fulfils,
    texts_of,
)
from newsletter.rules.recent import Recent, WorkedOut
from newsletter.rules.runs import runs

Gains = NDArray[np.float64]
"""One value for each row of a collection."""

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]

_KEPT: Final = 20_000
"""Of how many terms it is kept where they stand."""

_WORDS_KEPT: Final = 50_000
"""Of how many single words: all together have some 14 MB in 4,000 entries."""

_READING: Final = b"1"
"""Counts up when words of the same entries are read or weighed in another way, or told in another form."""

_Phrase = tuple[str, ...]


class Posting(NamedTuple):
    """The rows in which one term stands, in order; its strength in each, and how rare it is."""

    rows: Rows
    strengths: Gains
    rarity: float
    evidence: Gains
    """How much that says of each: rarity by strength."""
    firsts: NDArray[np.int32] | None = None
    """The place of `Places` at which it first stands in each; None where it was looked for without these."""

    @property
    def is_placed(self) -> bool:
        """Whether it is known of all that was found where it stands."""
        return self.firsts is not None or not len(self.rows)

    def places(self) -> NDArray[np.int32]:
        """Return `firsts`; zeros where they are not known."""
        return np.zeros(len(self.rows), np.int32) if self.firsts is None else self.firsts

    def strength(self, row: Row) -> float:
        """Return how strongly the term stands in `row`, 0 where it does not."""
        place = int(self.rows.searchsorted(row))
        is_there = place < len(self.rows) and int(self.rows[place]) == row
        return float(self.strengths[place]) if is_there else 0.0


class _Counted(NamedTuple):
    """Some phrases, counted: of which phrase each number is and what it says; how rare each phrase is."""

    of: Rows
    rows: Rows
    strengths: Gains
    evidence: Gains
    firsts: NDArray[np.int32]
    rarities: Sequence[float]


class Together(NamedTuple):
    """Where many phrases stand: in how many rows each does, and these, phrase behind phrase."""

    sizes: Rows
    is_placed: Mask
    """By phrases; see `Posting.is_placed`."""
    rows: Rows
    evidence: Gains
    firsts: NDArray[np.int32]


class Postings:
    """The terms of one collection as arrays, each made when it is first asked for."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.size = len(collection.entries)
        """How many rows there are."""
        lengths = np.array(collection.lengths, np.float64)
        self._softened = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths)
        self.is_background = np.zeros(self.size, np.bool_)
        self.is_background[list(collection.background)] = True
        typical = len(collection.background)
        # As Collection has it: BM25's, and above 0 for words in most entries.
        self._rarities = [
            log(1 + (typical - known + 0.5) / (known + 0.5)) for known in range(typical + 1)
        ]
        self._nowhere = self._posting(np.empty(0, np.intp), np.empty(0, np.float64))
        self._terms: Recent[Term, Posting] = Recent(_KEPT)
        self._words: Recent[_Phrase, Posting] = Recent(_WORDS_KEPT)
        self._forms: Recent[int, Posting] = Recent(_WORDS_KEPT)
        """By the kinds of words."""
        self._fulfilled: Recent[Comparison, Mask] = Recent(_KEPT)
        self.stems = WorkedOut[str, str](_WORDS_KEPT, collection.stem)
        """What the forms of each folded word have in common."""

    def of(self, term: Term) -> Posting:
        """Return where `term` stands: the rows, strengths and rarity that `Collection.find` finds."""
        if term.form is Form.ANY_FORM and term.field is None and not term.joined:
            return self.of_all([term.words])[term.words]
        known = self._terms.get(term)
        return known or self._terms.keep(term, self._look_up(term))

    def of_all(self, phrases: Iterable[_Phrase]) -> dict[_Phrase, Posting]:
        """Return where the words of each phrase stand side by side, each in any of its forms.

        Single words are kept, all forms of one word as one; phrases are nearly as many as there are topics.
        """
        found = {phrase: self._words.get(phrase) for phrase in phrases}
        unknown = [phrase for phrase, posting in found.items() if posting is None]
        counted = self._count(unknown) if unknown else {}
        found |= counted
        for phrase in unknown:
            if len(phrase) == 1:
                found[phrase] = self._words.keep(phrase, self._own(phrase, counted[phrase]))
        return cast("dict[_Phrase, Posting]", found)

    def together(self, phrases: Sequence[_Phrase]) -> Together:
        """Return where each of these phrases stands, as `of_all` has it, in arrays that they share."""
        counted, kinds, others = self._sort_out(dict.fromkeys(phrases))
        found = self._counted(kinds)
        singly = [self._look_up(Term(phrase, Form.ANY_FORM)) for phrase in others]
        numbers = {phrase: number for number, phrase in enumerate(chain(counted, others))}
        lengths = np.bincount(found.of, minlength=len(counted)).tolist()
        lengths = np.array([*lengths, *(len(one.rows) for one in singly), 0], np.intp)
        begins = np.cumsum(lengths) - lengths
        is_placed = np.ones(len(lengths), np.bool_)
        is_placed[len(counted) : -1] = [one.is_placed for one in singly]
        # The last number is that of all that stand nowhere.
        which = np.array([numbers.get(phrase, len(numbers)) for phrase in phrases], np.intp)
        sizes = lengths[which]
        here = runs(begins[which], sizes)
        return Together(
            sizes,
            is_placed[which],
            np.concatenate([found.rows, *(one.rows for one in singly)])[here],
            np.concatenate([found.evidence, *(one.evidence for one in singly)])[here],
            np.concatenate([found.firsts, *(one.places() for one in singly)])[here],
        )

    def written(self, term: Term, row: Row) -> str:
        """Return the first occurrence of `term` as the entry at `row` writes it; see `Collection.written`."""
        found = None
        if term.form is Form.ANY_FORM and term.field is None and not term.joined:
            kinds = [self._kinds[word] for word in term.words]
            known = [kind for kind in kinds if kind is not None and kind >= 0]
            found = self._places.first(row, known) if len(known) == len(kinds) else None
        if found is None:
            return self.collection.written(term, row)
        field, start = found
        texts = texts_of(self.collection.entries[row], field)
        return as_written(texts, start, len(term.words))

    def written_at(self, place: int, count: int) -> str:
        """Return as many words from a place on as their entry writes them."""
        row, field, start = self._places.field_of(place)
        return as_written(texts_of(self.collection.entries[row], field), start, count)

    def fingerprint(self) -> str:
        """Return a hash of all that says where words stand and how rare they are, to this program."""
        digest = sha256(_READING + self.is_background.tobytes())
        for entry in self.collection.entries:
            said = (entry.id, *(text for field in TextField for text in texts_of(entry, field)))
            digest.update("\0".join((*said, "")).encode())
        return digest.hexdigest()

    def fulfilling(self, comparison: Comparison) -> Mask:
        """Return which rows fulfil a comparison."""
        known = self._fulfilled.get(comparison)
        if known is None:
            found = [fulfils(entry, comparison) for entry in self.collection.entries]
            known = self._fulfilled.keep(comparison, np.array(found, np.bool_))
        return known

    @cached_property
    def _places(self) -> Places:
        return Places(self.collection)

    @cached_property
    def _kinds(self) -> WorkedOut[str, int | None]:
        """The kinds of words: -1 for one that stands nowhere; None: its forms are of two kinds."""
        return WorkedOut(_WORDS_KEPT, self._places.kind_of)

    def _count(self, phrases: Sequence[_Phrase]) -> dict[_Phrase, Posting]:
        """Count all phrases at once, but for the few that arrays do not know."""
        counted, kinds, others = self._sort_out(phrases)
        found = dict.fromkeys(phrases, self._nowhere)
        found |= {phrase: self._look_up(Term(phrase, Form.ANY_FORM)) for phrase in others}
        return found | dict(zip(counted, self._postings(kinds), strict=True))

    def _sort_out(
        self, phrases: Iterable[_Phrase]
    ) -> tuple[list[_Phrase], list[list[int]], list[_Phrase]]:
        """Return the phrases that can be counted, their kinds, and those that arrays do not know.

        The others stand nowhere.
        """
        counted, kinds, others = [], [], []
        kind_of = self._kinds.__getitem__
        for phrase in phrases:
            numbers = list(map(kind_of, phrase))
            if None in numbers or len(phrase) > LONGEST or self.collection.is_category(phrase):
                others.append(phrase)
            elif -1 not in numbers:
                counted.append(phrase)
                kinds.append(cast("list[int]", numbers))
        return counted, kinds, others

    def _own(self, word: _Phrase, counted: Posting) -> Posting:
        """Return what was counted of one word, without the arrays of all that was counted with it."""
        kind = self._kinds[word[0]]
        if kind is None or self.collection.is_category(word):
            return _copied(counted)
        known = self._forms.get(kind)
        return known or self._forms.keep(kind, _copied(counted))

    def _postings(self, phrases: Sequence[Sequence[int]]) -> Iterator[Posting]:
        of, rows, strengths, evidence, firsts, rarities = self._counted(phrases)
        ends = np.searchsorted(of, np.arange(len(phrases) + 1)).tolist()
        for (first, last), rarity in zip(pairwise(ends), rarities, strict=True):
            here = slice(first, last)
            yield Posting(rows[here], strengths[here], rarity, evidence[here], firsts[here])

    def _counted(self, phrases: Sequence[Sequence[int]]) -> _Counted:
        of, rows, counts, firsts = self._places.count(phrases)
        strengths = counts / (counts + self._softened[rows])
        known = np.bincount(of, weights=self.is_background[rows], minlength=len(phrases))
        rarities = [self._rarities[int(one)] for one in known.tolist()]
        evidence = np.array(rarities)[of] * strengths
        return _Counted(of, rows, strengths, evidence, firsts, rarities)

    def _look_up(self, term: Term) -> Posting:
        """Take over what is found one by one: names, beginnings of words, words that are quoted."""
        found = self.collection.find(term).strengths
        rows = np.array(sorted(found), np.intp)
        return self._posting(rows, np.array([found[row] for row in rows.tolist()], np.float64))

    def _posting(self, rows: Rows, strengths: Gains) -> Posting:
        rarity = self._rarities[int(self.is_background[rows].sum())]
        return Posting(rows, strengths, rarity, rarity * strengths)


def _copied(one: Posting) -> Posting:
    return Posting(
        one.rows.copy(),
        one.strengths.copy(),
        one.rarity,
        one.evidence.copy(),
        None if one.firsts is None else one.firsts.copy(),
    )
