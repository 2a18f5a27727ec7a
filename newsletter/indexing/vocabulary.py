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

_ITSELF: Final = " "
"""Behind a word that has no other forms: no stem ends so."""

_STEM_HEAD: Final = 3
"""Letters at the beginning that the English stemmer leaves as they are, in stems longer than that.

Its exceptions are `dying` → `die` and its like.
"""


class Vocabulary:
    """Words and their numbers. Stems are worked out when they are asked for, once for each word.

    Stemming all words of a large collection would take longer than all the rest of indexing.
    """

    __slots__ = ("_kinds", "_numbers", "_sorted", "_stemmer", "_words")

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._numbers[GAP] = GAP_NUMBER
        self._sorted: list[str] = []
        self._words: list[str] = []
        self._stemmer = Stemmer()
        self._kinds: dict[str, int] = {GAP: GAP_NUMBER}

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
        candidates = {word, f"{stem[0]}ying"} & self._numbers.keys()
        near = candidates.union(self._range(_head(stem)))
        forms = (form for form in near if self.stem(form) == stem)
        return frozenset(self._numbers[form] for form in forms)

    def kinds(self) -> "array[int]":
        """Return for each word the number of its kind; all of one kind are forms of each other.

        As `forms_of` has it, and no others are. 0 is the kind of the gap.
        """
        number = self._kinds.setdefault
        return array("I", [number(self._kind(word), len(self._kinds)) for word in self._numbers])

    def kind_of(self, word: str) -> int | None:
        """Return the kind to which all forms of `word` belong, -1 for no form; None: they are of two.

        Once all have kinds.
        """
        kind = self._kinds.get(self._kind(word), -1)
        of_stem = self._kinds.get(self.stem(word), -1)
        is_irregular = len(self.stem(word)) > 1 and self._kind(word) != self.stem(word)
        if not is_irregular or of_stem < 0:
            return kind
        return None if kind >= 0 else of_stem

    def _kind(self, word: str) -> str:
        """Return what the words of one kind have in common and those of others have not."""
        stem = self.stem(word)
        if len(stem) == 1 or not (word.startswith(_head(stem)) or word == f"{stem[0]}ying"):
            return f"{word}{_ITSELF}"
        return stem

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


def _head(stem: str) -> str:
    return stem[: max(2, min(_STEM_HEAD, len(stem) - 1))]
