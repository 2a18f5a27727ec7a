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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.columns import Row
from newsletter.indexing.postings import Posting, Postings
from newsletter.rules.query import Form, Term, content_words, words
from newsletter.rules.relevance import Rows, Scores

_PHRASE_WEIGHT: Final = 0.5
_PHRASE_SIZES: Final = (2, 3)
_TELLING_WORDS: Final = 3
_TELLING_RARITY: Final = 0.75
_LEAST_WORDS: Final = 2
_LARGEST_SHARE: Final = 0.55
_SHARE_WORDS: Final = 1.6
_LEAST_EVIDENCE: Final = 0.45


class About:
    """A free text, taken apart for one collection: the words, and where they stand.

    It is scored by each distinct stem of its content words, the first `singles` of `parts`, and by two or
    three content words that stand side by side in it; `full_score` is what an entry scores that has its three
    rarest words, `whole` what one does that is wholly about it: nobody repeats a long text.
    """

    __slots__ = ("full_score", "parts", "postings", "singles", "whole")

    def __init__(self, parts: Sequence[tuple[str, ...]], postings: Sequence[Posting]) -> None:
        self.parts = parts
        self.postings = postings
        self.singles = sum(len(part) == 1 for part in parts)
        rarities = sorted([one.rarity for one in postings[: self.singles]], reverse=True)
        self.full_score = sum(rarities[:_TELLING_WORDS])
        self.whole = self.full_score * max(1.0, len(rarities) / _TELLING_WORDS) ** 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the parts of a free text give: part `parts[n]` gives `gains[n]` to row `rows[n]`."""

    parts: NDArray[np.intp]
    rows: Rows
    gains: Scores

    def of(self, row: Row) -> list[tuple[int, float]]:
        """Return the parts that give something to one row, and how much."""
        here = np.flatnonzero(self.rows == row)
        return list(zip(self.parts[here].tolist(), self.gains[here].tolist(), strict=True))

    def where(self, here: NDArray[np.bool_]) -> "Evidence":
        """Return some of it."""
        return Evidence(self.parts[here], self.rows[here], self.gains[here])

    def part(self, here: slice) -> "Evidence":
        """Return a stretch of it."""
        return Evidence(self.parts[here], self.rows[here], self.gains[here])


def weigh(abouts: Sequence[About]) -> tuple[NDArray[np.intp], Evidence]:
    """Return the evidence of all of these texts, one behind the other, and the text of each."""
    postings = [posting for about in abouts for posting in about.postings]
    sizes = [len(posting.rows) for posting in postings]
    counts = [len(about.parts) for about in abouts]
    parts = np.array([part for count in counts for part in range(count)], np.intp)
    gains = np.concatenate([posting.evidence for posting in postings] or [np.empty(0)])
    gains *= np.repeat(weights_of(lengths_of(abouts)), sizes)
    rows = np.concatenate([posting.rows for posting in postings] or [np.empty(0, np.intp)])
    texts = np.repeat(np.repeat(np.arange(len(abouts)), counts), sizes)
    return texts, Evidence(np.repeat(parts, sizes), rows, gains)


def lengths_of(abouts: Iterable[About]) -> NDArray[np.int64]:
    """Return how many words each part has, text behind text."""
    return np.array([len(part) for about in abouts for part in about.parts], np.int64)


def weights_of(lengths: NDArray[np.int64]) -> Scores:
    """Return what counts of the evidence of parts with so many words."""
    return np.where(lengths == 1, 1.0, _PHRASE_WEIGHT)


def take_apart(texts: Iterable[str], postings: Postings) -> list[About]:
    """Return these texts taken apart."""
    stem = postings.collection.stem
    split = []
    for text in texts:
        said = words(text)
        content = content_words(text)
        by_stem: dict[str, str] = {}
        for word in content:
            by_stem.setdefault(stem(word), word)
        phrases = _neighbours(said, frozenset(content))
        split.append([*((word,) for word in by_stem.values()), *phrases])
    found = postings.of_all(chain.from_iterable(split))
    return [About(parts, [found[part] for part in parts]) for parts in split]


def term_of(part: tuple[str, ...]) -> Term:
    """Return a part of a free text as a term."""
    return Term(part, Form.ANY_FORM, written=" ".join(part))


def candidates(about: About, evidence: Evidence) -> list[Row]:
    """Return the rows that pass the gates, in order; none when the text has no content word."""
    singles = evidence.parts < about.singles
    found = np.bincount(evidence.rows[singles])
    least = max(1, min(_LEAST_WORDS, about.singles))
    return [
        row
        for row in np.flatnonzero(found >= least).tolist()
        if _is_enough(about, evidence.of(row))
    ]


def _is_enough(about: About, given: Sequence[tuple[int, float]]) -> bool:
    rarities = [one.rarity for one in about.postings[: about.singles]]
    found = [rarities[part] for part, _ in given if part < about.singles]
    if max(found) < _TELLING_RARITY * max(rarities):
        return False
    asked = min(_LARGEST_SHARE, _SHARE_WORDS / len(rarities))
    evidence = sum(gain for _, gain in given) / about.full_score
    return sum(found) / sum(rarities) >= asked and evidence >= _LEAST_EVIDENCE


def _neighbours(text: list[str], content: frozenset[str]) -> Iterable[tuple[str, ...]]:
    windows = (
        zip(*(text[start:] for start in range(size)), strict=False) for size in _PHRASE_SIZES
    )
    return dict.fromkeys(
        window for window in chain.from_iterable(windows) if content.issuperset(window)
    )
