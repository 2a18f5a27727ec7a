"""What is usual among recent entries, so that it does not pass for likeness.

Two texts are alike by their words (cosine of TF-IDF) and by their meaning (cosine of vectors). But all papers
of a field share words and meaning with each other: that says little. So likeness is counted around the mean
of the background, and along the directions in which the background is spread widely it is shrunk, the more
the wider: a direction with eigenvalue e keeps λ / (e + λ) of itself. This is what a kernel ridge regression
that has seen the background as unlabelled zeros leaves of the kernel (Rasmussen and Williams 2006,
"Gaussian Processes for Machine Learning", equation 2.24). What is left, made a cosine again, is the likeness
of this rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from newsletter.rules.liking.arrays import Numbers, Rows
from newsletter.rules.liking.texts import Features, Texts

RIDGE: Final = 0.01
"""λ for each text of the background. Twice as much is as good; at half of it wide interests lose 5 %
of their recall, at three times as much narrow ones lose a tenth of their nDCG after 30 likes."""

GENTLE_RIDGE: Final = 0.015
"""λ where one like alone has to say what is meant: what a field shares is then a part of it. Of the fresh
readers of docs/matching.md those of wide interests gain 2 to 4 % of their nDCG by it, the others neither gain
nor lose; at .02 readers of one author begin to lose, and after three likes they do at either."""

_DIRECTIONS: Final = 64
"""Those behind keep four fifths of themselves or more; with 400, figures are the same within .002."""

_ROUNDS: Final = 4
_NOTHING: Final = 1e-6
_NOISE: Final = 1e-5
"""Of products in single precision: the same text is always alike by 1, whatever stands beside it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Texts as they look before a background. Shared by all persons of a run."""

    features: Features
    levels: Numbers
    """How much each has in common with the background on average."""
    shrunk: Numbers
    """Of each a row: what is taken off along each wide direction."""
    lengths: Numbers
    """What makes the rest a cosine; infinite for a text of which nothing is left, which is like no other."""

    def less_shrunk(self, shares: Numbers) -> Self:
        """Return the texts with only `shares`, at most 1, of what is taken off along each direction."""
        shrunk = self.shrunk * shares
        given_back = (np.square(self.shrunk) - np.square(shrunk)).sum(axis=1)
        lengths = np.sqrt(np.square(self.lengths) + given_back)
        return type(self)(self.features, self.levels, shrunk, lengths)

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.features)

    def take(self, rows: Sequence[int] | Rows) -> Self:
        """Return the texts at `rows`, in that order."""
        chosen = np.asarray(rows, dtype=np.intp)
        return type(self)(
            self.features.take(chosen),
            self.levels[chosen],
            self.shrunk[chosen],
            self.lengths[chosen],
        )


@dataclass(frozen=True, slots=True)
class Background:
    """Recent entries that nobody has judged, and what is usual among them."""

    seen: Seen
    level: float
    """How much two of them have in common on average."""
    directions: Numbers
    """From products with the background (around the mean) to what is taken off."""
    gentle_shares: Numbers
    """How much of that is taken off along each direction with `GENTLE_RIDGE`."""

    @classmethod
    def of(cls, texts: Texts) -> Self:
        """Learn what is usual among `texts`: some hundred to two thousand. Among none, nothing is."""
        features = Features.of(texts)
        products = features.products(features)
        levels, level = _levels(products), float(products.mean()) if len(texts) else 0.0
        centred = _centred(products, levels, levels, level)
        directions, gentle_shares = _wide_directions(centred)
        seen = _seen(features, levels, centred @ directions, level)
        return cls(seen, level, directions, gentle_shares)

    def see(self, texts: Texts) -> Seen:
        """Look at `texts`, of the same vocabulary and model, before this background."""
        features = Features.of(texts)
        products = features.products(self.seen.features)
        levels = _levels(products)
        centred = _centred(products, levels, self.seen.levels, self.level)
        return _seen(features, levels, centred @ self.directions, self.level)

    def likeness(self, some: Seen, others: Seen, *, gently: bool = False) -> Numbers:
        """Return how alike each of `some` (rows) and each of `others` (columns) are: -1 to 1.

        1 is the same text, 0 unrelated ones. `gently`, more of what a field shares counts.
        """
        if gently:
            some, others = (one.less_shrunk(self.gentle_shares) for one in (some, others))
        products = some.features.products(others.features)
        found = _centred(products, some.levels, others.levels, self.level)
        found -= some.shrunk @ others.shrunk.T
        found /= some.lengths[:, None]
        found /= others.lengths
        found[found > 1 - _NOISE] = 1
        return np.clip(found, -1, 1)


def _seen(features: Features, levels: Numbers, shrunk: Numbers, level: float) -> Seen:
    whole = features.own_products()
    left = whole - 2 * levels + level - np.square(shrunk).sum(axis=1)
    is_something = (left > _NOTHING) & (whole > _NOTHING)
    lengths = np.sqrt(np.where(is_something, left, np.inf)).astype(np.float32)
    return Seen(features, levels, shrunk, lengths)


def _levels(products: Numbers) -> Numbers:
    """Return the mean of each row; 0 when the background is empty."""
    means: Numbers = products.sum(axis=1) / np.float32(max(products.shape[1], 1))
    return means


def _centred(products: Numbers, rows: Numbers, columns: Numbers, level: float) -> Numbers:
    """Return what the products would be with the mean of the background as the middle."""
    found: Numbers = products - rows[:, None] - columns + np.float32(level)
    return found


def _wide_directions(centred: Numbers) -> tuple[Numbers, Numbers]:
    """Return the leading eigenvectors, each divided by the root of (its eigenvalue + λ); and gentle shares.

    By subspace iteration (Golub and Van Loan 2013, "Matrix Computations", section 8.2) from some of
    the columns: the few dozen wide directions stand out, and those behind them hardly matter.
    """
    count = len(centred)
    if not count:
        return np.zeros((0, 0), dtype=np.float32), np.zeros(0, dtype=np.float32)
    spread = centred[:, :: max(count // _DIRECTIONS, 1)]
    for _ in range(_ROUNDS):
        spread = centred @ np.linalg.qr(spread)[0]
    frame = np.linalg.qr(spread)[0]
    values, turns = np.linalg.eigh(frame.T @ centred @ frame)
    firm, gentle = (
        np.sqrt(np.maximum(values, 0) + ridge * count) for ridge in (RIDGE, GENTLE_RIDGE)
    )
    found: Numbers = (frame @ turns / firm).astype(np.float32)
    return found, (firm / gentle).astype(np.float32)
