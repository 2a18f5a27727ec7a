"""The words of a free text, and what entries say of them.

As long as too few entries are known to tell what is usual, an entry answers `about` by its words when it
passes these gates. They were set by looking at the results of seven topics on a month of 7,387 papers and
on three pages with 186 papers:

* At least two distinct content words (one, when `about` has only one).
* The words found must hold enough of the rarity of all the words. Three words: more than half, so
  "offline reinforcement learning" is not answered by any paper on reinforcement learning; with each word
  more less is asked, since nobody repeats a whole paragraph. This keeps out entries that share only
  words as common as "learning", "model" or "helps".
* A telling word must be among them: one that is at least three quarters as rare as the rarest.
* The evidence (BM25; words that also stand side by side as in the text count half again) must reach a
  part of what the three rarest words can give: one lone mention far down in an abstract is not enough.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Final

import numpy as np

from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.rules.query import Form, Term, content_words, words
from newsletter.rules.relevance import Scores

_PHRASE_WEIGHT: Final = 0.5
_PHRASE_SIZES: Final = (2, 3)
_TELLING_WORDS: Final = 3
_TELLING_RARITY: Final = 0.75
_LEAST_WORDS: Final = 2
_LARGEST_SHARE: Final = 0.55
_SHARE_WORDS: Final = 1.6
_LEAST_EVIDENCE: Final = 0.45


class About:
    """A free text, taken apart for one collection.

    `singles` has one term for each distinct stem of its content words, `phrases` two or three
    content words that stand side by side in it; `full_score` is what an entry scores that has its
    three rarest words, `whole` what one does that is wholly about it: nobody repeats a long text.
    """

    __slots__ = ("_collection", "full_score", "phrases", "singles", "whole")

    def __init__(self, text: str, collection: Collection) -> None:
        self._collection = collection
        content = content_words(text)
        by_stem: dict[str, str] = {}
        for word in content:
            by_stem.setdefault(collection.stem(word), word)
        self.singles = tuple(_term(word) for word in by_stem.values())
        self.phrases = tuple(_term(*phrase) for phrase in _neighbours(words(text), set(content)))
        rarities = sorted(map(self._rarity, self.singles), reverse=True)
        self.full_score = sum(rarities[:_TELLING_WORDS])
        self.whole = self.full_score * max(1.0, len(rarities) / _TELLING_WORDS) ** 0.5

    def candidates(self) -> set[Row]:
        """Return the rows that pass the gates; none when the text has no content word."""
        found: Counter[Row] = Counter()
        for term in self.singles:
            found.update(self._collection.find(term).strengths.keys())
        least = min(_LEAST_WORDS, len(self.singles))
        return {row for row, count in found.items() if count >= least and self._is_enough(row)}

    def gains(self, row: Row) -> dict[Term, float]:
        """Return what each word and phrase found in `row` gives, as a share of `full_score`."""
        found = ((term, weight, self._collection.find(term)) for term, weight in self._weighted())
        return {
            term: weight * finding.rarity * finding.strengths[row] / self.full_score
            for term, weight, finding in found
            if row in finding.strengths
        }

    def scores(self) -> Scores:
        """Return the sum of the gains of every row, in the unit of rarities: BM25 with phrases."""
        scores = np.zeros(len(self._collection.entries))
        for term, weight in self._weighted():
            rows, evidence = self._collection.evidence(term)
            scores[rows] += weight * evidence
        return scores

    def _is_enough(self, row: Row) -> bool:
        found = [term for term in self.singles if row in self._collection.find(term).strengths]
        rarest = max(map(self._rarity, self.singles))
        if max(map(self._rarity, found)) < _TELLING_RARITY * rarest:
            return False
        share = sum(map(self._rarity, found)) / sum(map(self._rarity, self.singles))
        asked = min(_LARGEST_SHARE, _SHARE_WORDS / len(self.singles))
        return share >= asked and sum(self.gains(row).values()) >= _LEAST_EVIDENCE

    def _weighted(self) -> Iterable[tuple[Term, float]]:
        yield from ((term, 1.0) for term in self.singles)
        yield from ((term, _PHRASE_WEIGHT) for term in self.phrases)

    def _rarity(self, term: Term) -> float:
        return self._collection.find(term).rarity


def _neighbours(text: list[str], content: set[str]) -> Iterable[tuple[str, ...]]:
    windows = (
        zip(*(text[start:] for start in range(size)), strict=False) for size in _PHRASE_SIZES
    )
    return dict.fromkeys(
        window for window in chain.from_iterable(windows) if content.issuperset(window)
    )


def _term(*parts: str) -> Term:
    return Term(parts, Form.ANY_FORM, written=" ".join(parts))
