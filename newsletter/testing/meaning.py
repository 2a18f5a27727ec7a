"""A model of meaning for tests: texts that share words are near each other, and nothing is loaded."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np

from newsletter.ports import ModelId, TellProgress, Vectors

_WORD: Final = re.compile(r"[^\W_]{3,}")
_EMPTY: Final = (
    "about and are but can for from has have into its not our that the their these this those was"
    " were what when which who will with you your"
)
_EMPTY_WORDS: Final = frozenset(_EMPTY.split())
_ENDINGS: Final = ("ingly", "edly", "ings", "ing", "ies", "ed", "es", "ly", "s", "y")
_SHORTEST_STEM: Final = 3
_MOST_SEEN: Final = 8_192
"""Characters: real models cut long texts as well."""


class WordEmbedder:
    """Gives every word a direction of its own, by its hash, and every text the sum of its words.

    Unrelated texts have cosines around 0, with a deviation of about 1/√dimensions. `embedded` lists
    every text that was ever asked for, in order, so that a test can tell what was made twice.
    """

    def __init__(self, name: str = "words", dimensions: int = 64) -> None:
        self._model = ModelId(f"{name}-{dimensions}")
        self._dimensions = dimensions
        self.embedded: list[str] = []

    @property
    def model(self) -> ModelId:
        """The model, by the name it was given and its size."""
        return self._model

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._dimensions

    def embed(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        """Return one row for each of `texts`; a text without a word has a row of zeros."""
        self.embedded += texts
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            rows[number] = self._row(text)
            if tell:
                tell(number + 1, len(texts))
        return rows

    def _row(self, text: str) -> Vectors:
        total = np.zeros(self._dimensions, dtype=np.float32)
        for word in words_of(text):
            total += self._direction(word)
        length = np.linalg.norm(total)
        return total / length if length else total

    def _direction(self, word: str) -> Vectors:
        seed = blake2b(word.encode(), digest_size=8, key=self._model.encode()[:64]).digest()
        bits = np.random.default_rng(int.from_bytes(seed, "big")).integers(0, 2, self._dimensions)
        return (2 * bits - 1).astype(np.float32)


def words_of(text: str) -> list[str]:
    """Return the words of a text that carry meaning, folded and without their commonest endings."""
    seen = text[:_MOST_SEEN].encode(errors="replace").decode()
    plain = unicodedata.normalize("NFKD", seen).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [_stem(word) for word in _WORD.findall(bare) if word not in _EMPTY_WORDS]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
