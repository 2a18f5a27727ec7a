"""Which words are forms of one word: English stems, and the plural of abbreviations."""

from functools import lru_cache
from typing import Final

_VOWELS: Final = frozenset("aeiouy")
_SHORTEST_ABBREVIATION: Final = 4

_KEPT: Final = 100_000
"""Words whose stem is kept, from one index to the next."""

_NO_MEMORY: Final = 0
"""Words that the library is to remember."""


class Stemmer:
    """Stems words. What it found is remembered for all of its kind."""

    def stem(self, word: str) -> str:
        """Return the English stem of a folded word; other languages mostly keep theirs."""
        return _stem(word)


@lru_cache(maxsize=_KEPT)
def _stem(word: str) -> str:
    # Late: who only delivers stems nothing.
    import Stemmer as Snowball  # noqa: PLC0415

    # The algorithm is "English (Porter2)", https://snowballstem.org/algorithms/english/stemmer.html
    # One for each word: it keeps notes while it works, and several threads may ask.
    stemmer = Snowball.Stemmer("english", _NO_MEMORY)
    stem: str = stemmer.stemWord(_singular_abbreviation(word))
    return stem


def _singular_abbreviation(word: str) -> str:
    """Take the plural s off an abbreviation, which the stemmer leaves: `llms`, `vlms`, `cnns`.

    Not off three letters: `gps` and `dns` are no plurals.
    """
    is_plural = (
        word.endswith("s") and not word.endswith("ss") and len(word) >= _SHORTEST_ABBREVIATION
    )
    return word[:-1] if is_plural and _VOWELS.isdisjoint(word) else word
