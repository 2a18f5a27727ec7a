"""Which words are forms of one word: English stems, and the plural of abbreviations."""

from typing import Final

_VOWELS: Final = frozenset("aeiouy")
_SHORTEST_ABBREVIATION: Final = 4


class Stemmer:
    """Stems words and remembers them."""

    __slots__ = ("_stemmer", "_stems")

    def __init__(self) -> None:
        # Late: the library loads its twenty languages, and who only delivers stems nothing.
        import snowballstemmer  # noqa: PLC0415

        self._stems: dict[str, str] = {}
        # The algorithm is "English (Porter2)", https://snowballstem.org/algorithms/english/stemmer.html
        self._stemmer = snowballstemmer.stemmer("english")

    def stem(self, word: str) -> str:
        """Return the English stem of a folded word; other languages mostly keep theirs."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = self._stemmer.stemWord(_singular_abbreviation(word))
        return known


def _singular_abbreviation(word: str) -> str:
    """Take the plural s off an abbreviation, which the stemmer leaves: `llms`, `vlms`, `cnns`.

    Not off three letters: `gps` and `dns` are no plurals.
    """
    is_plural = (
        word.endswith("s") and not word.endswith("ss") and len(word) >= _SHORTEST_ABBREVIATION
    )
    return word[:-1] if is_plural and _VOWELS.isdisjoint(word) else word
