"""Texts as weighted words, and how much two of them have in common.

TF-IDF with logarithmic counts, rows of length 1 (Manning, Raghavan and Schütze 2008, "Introduction to
Information Retrieval", section 6.4: "ltc"). A matrix of rows is kept as three arrays (compressed sparse
rows): the words of row i and their weights stand at [starts[i], starts[i + 1]). The few hundred most common
words, which make nearly all of the work there, stand in a plain table instead: a quarter of the time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.liking.arrays import Floats, Numbers, Rows
from newsletter.rules.query import content_words, words

COMMON_WORDS: Final = 512

PAIRS_WEIGHT: Final = 0.5
"""Of words that stand side by side, beside single words. On readers of one author who liked one paper they
bring .007 in nDCG@10; .3 to 1 are alike, and as words among words they bring nothing."""

_FEWEST_WITH_PAIR: Final = 2
_MOST_FOR_PAIRS: Final = 10_000
"""Among so many texts, evenly chosen, pairs are looked for: some 90 MB while it lasts."""

_BLOCK: Final = 1_000_000
"""So many pairs of equal words are looked at in one go: some tens of megabytes."""


def telling_words(text: str) -> list[str]:
    """Return the words of `text` that say something, as often as they stand there, in order.

    Without stems: the very words of a line of work tell it better than their families do (nDCG@10 on the
    readers of docs/matching.md, 1 / 3 likes: .179 / .142 beside .172 / .132).
    """
    telling = frozenset(content_words(text))
    return [word for word in words(text) if word in telling]


@dataclass(frozen=True, slots=True)
class TermVectors:
    """Texts as rows of weighted words."""

    common: Numbers
    """A column for each of the most common words."""
    starts: Rows
    words: Rows
    weights: Floats
    vocabulary_size: int

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.starts) - 1

    def sizes(self) -> Rows:
        """Return how many distinct words and pairs each text has, common words not counted."""
        return np.diff(self.starts)

    def own_products(self) -> Floats:
        """Return the product of each text with itself, of its rare words."""
        rows = np.repeat(np.arange(len(self)), self.sizes())
        return np.bincount(rows, weights=self.weights**2, minlength=len(self)).astype(np.float64)

    def take(self, rows: Sequence[int] | Rows) -> Self:
        """Return the texts at `rows`, in that order."""
        chosen = np.asarray(rows, dtype=np.intp)
        sizes = self.sizes()[chosen]
        places = _ranges(self.starts[chosen], sizes)
        return type(self)(
            self.common[chosen],
            _starts(sizes),
            self.words[places],
            self.weights[places],
            self.vocabulary_size,
        )

    def blocks(self, costs: Rows) -> Iterator[slice]:
        """Yield slices over all rows whose words together cost at most a block, or of one row."""
        total = np.concatenate(([0], np.cumsum(costs)))[self.starts]
        begin = 0
        while begin < len(self):
            end = int(np.searchsorted(total, total[begin] + _BLOCK, side="right")) - 1
            end = max(end, begin + 1)
            yield slice(begin, end)
            begin = end


@dataclass(frozen=True, slots=True)
class Postings:
    """The rare words of texts, by word: the rows with word w are at [starts[w], starts[w + 1])."""

    starts: Rows
    rows: Rows
    weights: Floats
    count: int
    """How many texts there are."""

    @classmethod
    def of(cls, terms: TermVectors) -> Self:
        """Turn `terms` round."""
        order = np.argsort(terms.words, kind="stable")
        rows = np.repeat(np.arange(len(terms)), terms.sizes())[order]
        sizes = np.bincount(terms.words, minlength=terms.vocabulary_size)
        return cls(_starts(sizes), rows, terms.weights[order], len(terms))

    def products(self, terms: TermVectors) -> Numbers:
        """Return the products of each of `terms` (rows) with each text here (columns), of rare words."""
        found = np.empty((len(terms), self.count), dtype=np.float32)
        costs = np.diff(self.starts)[terms.words]
        for block in terms.blocks(costs):
            found[block] = self._of_block(terms, costs, block)
        return found

    def _of_block(self, terms: TermVectors, costs: Rows, block: slice) -> Numbers:
        height = block.stop - block.start
        inside = slice(terms.starts[block.start], terms.starts[block.stop])
        places = _ranges(self.starts[terms.words[inside]], costs[inside])
        lines = np.repeat(np.arange(height), terms.sizes()[block]) * self.count
        cells = np.repeat(lines, costs[inside]) + self.rows[places]
        gains = np.repeat(terms.weights[inside], costs[inside]) * self.weights[places]
        sums = np.bincount(cells, weights=gains, minlength=height * self.count)
        return sums.reshape(height, self.count).astype(np.float32)


class Vocabulary:
    """How rare words are, and which stand side by side. What no text of its making had counts nothing."""

    __slots__ = ("_first_pair", "_numbers", "_rarities")

    def __init__(self, words: Mapping[str, float], pairs: Mapping[str, float]) -> None:
        """Take how rare each word and each pair of words is; the most common words first."""
        self._first_pair = len(words)
        self._numbers = {word: number for number, word in enumerate((*words, *pairs))}
        self._rarities = np.array([*words.values(), *pairs.values()], dtype=np.float64)

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], further: Iterable[Iterable[str]] = ()) -> Self:
        """Count in how many of `texts` (words in the order in which they stand there) each word stands.

        So with words side by side, where two texts have them. Words of `further` texts alone are known
        as well, as words that stand in none.
        """
        read = list(texts)
        frequencies = Counter(chain.from_iterable(map(set, read)))
        frequencies.update(dict.fromkeys(chain.from_iterable(further), 0))
        some = read[:: -(-len(read) // _MOST_FOR_PAIRS) or 1]
        together = Counter(chain.from_iterable(set(_pairs(text)) for text in some))
        shared = {pair: count for pair, count in together.items() if count >= _FEWEST_WITH_PAIR}
        return cls(_rarities(frequencies, len(read)), _rarities(shared, len(some)))

    def weigh(self, texts: Iterable[Sequence[str]]) -> TermVectors:
        """Return each of `texts` as a row: its words of length 1, and its pairs, shorter.

        Either is of zeros where none is known.
        """
        counted = [self._count(text) for text in texts]
        sizes = np.array([len(one) for one in counted], dtype=np.intp)
        numbers = np.fromiter(chain.from_iterable(counted), np.intp, int(sizes.sum()))
        counts = np.fromiter(chain.from_iterable(map(dict.values, counted)), float, len(numbers))
        weights = (1 + np.log(counts)) * self._rarities[numbers]
        rows = np.repeat(np.arange(len(sizes)), sizes)
        is_pair = numbers >= self._first_pair
        parts = 2 * rows + is_pair
        lengths = np.sqrt(np.bincount(parts, weights=weights**2, minlength=2 * len(sizes)))
        weights *= np.where(is_pair, PAIRS_WEIGHT**0.5, 1.0) / lengths[parts]
        return self._divided(len(sizes), rows, numbers, weights)

    def _divided(self, count: int, rows: Rows, numbers: Rows, weights: Floats) -> TermVectors:
        common, is_common = (
            np.zeros((count, COMMON_WORDS), dtype=np.float32),
            numbers < min(COMMON_WORDS, self._first_pair),
        )
        common[rows[is_common], numbers[is_common]] = weights[is_common]
        sizes = np.bincount(rows[~is_common], minlength=count)
        return TermVectors(
            common, _starts(sizes), numbers[~is_common], weights[~is_common], len(self._numbers)
        )

    def _count(self, text: Sequence[str]) -> dict[int, int]:
        numbers = self._numbers
        return Counter(numbers[one] for one in chain(text, _pairs(text)) if one in numbers)


def _pairs(text: Sequence[str]) -> Iterator[str]:
    """Yield the words that stand side by side; a word has no space in it."""
    return (f"{one} {other}" for one, other in pairwise(text))


def _rarities(frequencies: Mapping[str, int], count: int) -> dict[str, float]:
    """Return how rare each is among `count` texts, the most common first.

    Sorted, so that numbers do not depend on the order of a set.
    """
    known = sorted(frequencies, key=lambda one: (-frequencies[one], one))
    return {one: log((count + 1) / (frequencies[one] + 1)) + 1 for one in known}


def _starts(sizes: NDArray[np.integer]) -> Rows:
    return np.concatenate((np.zeros(1, dtype=np.intp), np.cumsum(sizes, dtype=np.intp)))


def _ranges(starts: Rows, sizes: Rows) -> Rows:
    """Return start, start + 1, … for each of `starts`, as many as its size, one behind the other."""
    before = np.cumsum(sizes) - sizes
    places: Rows = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return places
