"""Texts by their words and their meaning, and what two of them have in common of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from newsletter.rules.liking.arrays import Floats, Numbers, Rows
from newsletter.rules.liking.terms import Postings, TermVectors

MEANING_WEIGHT: Final = 0.7
"""Of meaning beside words. From .5 to 1 are alike: more suits readers of wide interests after one like,
less those of one author after three; without meaning, the former lose a fifth."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by their words and, where there is a model, by their meaning: rows of length 1, or of zeros."""

    terms: TermVectors
    vectors: Numbers | None = None

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.terms)

    def take(self, rows: Sequence[int] | Rows) -> Self:
        """Return the texts at `rows`, in that order."""
        chosen = np.asarray(rows, dtype=np.intp)
        vectors = None if self.vectors is None else self.vectors[chosen]
        return type(self)(self.terms.take(chosen), vectors)


@dataclass(frozen=True, slots=True)
class Features:
    """The same, laid out for products."""

    table: Numbers
    """Common words, and the meaning times the root of its weight."""
    terms: TermVectors
    postings: Postings

    @classmethod
    def of(cls, texts: Texts) -> Self:
        """Lay out `texts`."""
        parts = [texts.terms.common]
        if texts.vectors is not None:
            parts.append(np.float32(MEANING_WEIGHT**0.5) * texts.vectors.astype(np.float32))
        return cls(np.hstack(parts), texts.terms, Postings.of(texts.terms))

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.terms)

    def take(self, rows: Rows) -> Self:
        """Return the texts at `rows`, in that order."""
        terms = self.terms.take(rows)
        return type(self)(self.table[rows], terms, Postings.of(terms))

    def products(self, others: Self) -> Numbers:
        """Return the product of each text (rows) with each of `others` (columns).

        The texts must be of one vocabulary, all with vectors or all without.
        """
        found = others.postings.products(self.terms)
        found += self.table @ others.table.T
        return found

    def own_products(self) -> Floats:
        """Return the product of each text with itself; 0 where there is nothing in it."""
        common: Floats = np.square(self.table).sum(axis=1, dtype=np.float64)
        return self.terms.own_products() + common
