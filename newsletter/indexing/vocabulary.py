"""All distinct words of a collection, numbered; from a word of a query to the numbers it may mean."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from newsletter.indexing.stemming import Stemmer

GAP: Final = ""
"""No word: stands between two values of a field, so that no phrase reaches across."""

GAP_NUMBER: Final = 0

_STEM_HEAD: Final = 3
"""Letters at the beginning that the English stemmer leaves as they are, in stems longer than that.

Its exceptions are `dying` → `die` and its like.
"""


class Vocabulary:
    """Words and their numbers. Stems are worked out when they are asked for, once for each word.

    Stemming all words of a large collection would take longer than all the rest of indexing.
    """

    __slots__ = ("_numbers", "_sorted", "_stemmer", "_words")

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._numbers[GAP] = GAP_NUMBER
        self._sorted: list[str] = []
        self._words: list[str] = []
        self._stemmer = Stemmer()

    def number(self, words: Iterable[str]) -> "array[int]":
        """Return the numbers of `words`, new ones for words not met before."""
        return array("I", map(self._numbers.__getitem__, words))

    def exactly(self, word: str) -> frozenset[int]:
        """Return the number of `word`, if it is known."""
        known = self._numbers.get(word)
        return frozenset() if known is None else frozenset({known})

    def beginning_with(self, start: str) -> frozenset[int]:
        """Return the numbers of all words that begin with `start`."""
        return frozenset(self._numbers[word] for word in self._range(start))

    def forms_of(self, word: str) -> frozenset[int]:
        """Return the numbers of all words with the stem of `word`, and of `word` itself."""
        stem = self.stem(word)
        if len(stem) == 1:
            return self.exactly(word)
        head = stem[: max(2, min(_STEM_HEAD, len(stem) - 1))]
        candidates = {word, f"{stem[0]}ying"} & self._numbers.keys()
        forms = (form for form in candidates.union(self._range(head)) if self.stem(form) == stem)
        return frozenset(self._numbers[form] for form in forms)

    def stem(self, word: str) -> str:
        """Return what the forms of a folded word have in common."""
        return self._stemmer.stem(word)

    def word(self, number: int) -> str:
        """Return the word with that number; raises IndexError where there is none."""
        if len(self._words) != len(self._numbers):
            self._words = list(self._numbers)
        return self._words[number]

    def _range(self, start: str) -> list[str]:
        if len(self._sorted) != len(self._numbers):
            self._sorted = sorted(self._numbers)
        first = bisect_left(self._sorted, start)
        # No character sorts behind the last code point, so this is where the words with that start end.
        return self._sorted[first : bisect_left(self._sorted, start + chr(0x10FFFF), first)]
