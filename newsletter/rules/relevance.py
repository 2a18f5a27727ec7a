"""How much an entry has to do with a free text, and how sure that is.

Two opinions are heard: that of the words (BM25), and that of the meaning (cosine of vectors). Each says
how surprising its score would be of an entry that has nothing to do with the text, in nats (-ln of the
probability), told by recent entries: a score among most of them by its rank, one above their 95 % point
by the exponential tail that the best scores of a search have (Karlin and Altschul 1990, "Methods for
assessing the statistical significance of molecular sequence features"). The two are added, as Fisher adds
tests, and the chance of the sum is Brown's for tests that depend on each other (Brown 1975, "A method for
combining non-independent, one-sided tests of significance"). What was measured, and what else was tried:
docs/matching.md and decision 0012.

All arrays have one number for each entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import gamma, inf, log
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Scores: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]

LEAST_BACKGROUND: Final = 500
"""With fewer recent entries nothing can be said of the tail."""

TAIL: Final = 0.05
"""Of the scores off the topic that are their tail."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where a tail starts at the latest, and how slowly it falls at most.

    Where three in a hundred entries are to the point, the tail is made of these, and would hide each of
    them behind the others: a topic of which many write would bring nothing.
    """

    start: float
    excess: float


_COSINES: Final = _Bounds(2.4, 0.6)
"""In widths of the lower half, above the median. Topics of which nobody writes have 1.9 and .5."""

_WORDS: Final = _Bounds(0.2, 0.1)
"""In what an entry wholly about the text would score. Topics of which nobody writes have .13 and .07."""

_LEAST_EXCESS: Final = 1e-9
"""With less there is no tail: nearly all scores above its start are equal."""

_MOST_NATS: Final = 700.0
"""Far out everything is improbable alike: no chance is 0, so that each has a logarithm."""

_DEPENDENCE: Final = 0.65
"""Correlation of the two surprises among entries that are off the topic."""

_CROWD: Final = 10
_CROWD_SHARE: Final = 0.25
"""Of the mean cosine to its nearest neighbours, what is taken off an entry's cosines: entries that are near
to everything are near to a topic by accident (Radovanovic et al. 2010, "Hubs in space")."""

_AT_ONCE: Final = 512

_LEAST_SCORE: Final = np.nextafter(0.0, 1.0)
"""What is not less is more than 0."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """What the two opinions say of each entry; `sums` is what entries are ranked by."""

    words: Scores
    meaning: Scores | None
    """None: there is no model of meaning, and the words alone are heard."""
    chances: Scores | None
    """How probable such a sum is of an entry off the topic; None: too few recent entries to tell."""

    @property
    def sums(self) -> Scores:
        """The surprise of the words and of the meaning together, in nats; 0 or more."""
        return self.words if self.meaning is None else self.words + self.meaning


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of some entries by the words of some texts: text by text, the rows of each in order."""

    texts: Rows
    rows: Rows
    words: Scores
    """By how much the words surprise, in nats."""
    chances: Scores

    def each(self, texts: int) -> Iterator["Told"]:
        """Yield what is said by each of so many texts."""
        ends = np.searchsorted(self.texts, np.arange(texts + 1)).tolist()
        for here in (slice(*pair) for pair in pairwise(ends)):
            yield Told(self.texts[here], self.rows[here], self.words[here], self.chances[here])


def judge(lexical: Scores, cosines: Scores | None, background: Rows, *, whole: float) -> Relevance:
    """Return what both opinions say of all entries, told by those in the rows of `background`.

    `whole` is the lexical score that an entry wholly about the text would have.
    """
    usual = lexical[background]
    words = np.where(lexical > 0, surprise(lexical, usual, _bounds_of_words(whole)), 0.0)
    meaning = None
    if cosines is not None:
        usual = cosines[background]
        meaning = surprise(cosines, usual, _bounds_of_cosines(usual))
    relevance = Relevance(words, meaning, None)
    if len(background) < LEAST_BACKGROUND:
        return relevance
    chances = np.exp(-words) if meaning is None else _joint(relevance.sums)
    return Relevance(words, meaning, chances)


def judge_words(
    lexical: Scores, background: Rows, wholes: Scores, most: float, among: Rows | None = None
) -> Told:
    """Return what `judge` says of many texts by their words alone: a row of `lexical` for each text.

    Of each text the rows whose chance is at most `most`, which is no more than a twentieth; only those of
    `among` where it is said. `background` holds LEAST_BACKGROUND rows or more; both are in order.
    """
    tails, below = _tails(lexical[:, _stretch(background)])
    starts, excesses = _falls(tails, below, wholes * _WORDS.start, wholes * _WORDS.excess)
    # Lower scores are below the twentieth that is told by rank.
    looked_at = lexical if among is None else lexical[:, _stretch(among)]
    texts, places = _from(looked_at, np.minimum(starts, tails[:, 0]))
    scores = looked_at[texts, places]
    rows = places if among is None else among[places]
    words = _by_tail(scores, starts[texts], excesses[texts])
    others = np.flatnonzero(~_is_in_tail(scores, starts[texts], excesses[texts]))
    words[others] = _by_ranks(scores[others], tails[texts[others]], below)
    chances = np.exp(-words)
    is_told = chances <= most
    return Told(texts[is_told], rows[is_told], words[is_told], chances[is_told])


def crowding(vectors: NDArray[np.float32], background: NDArray[np.float32]) -> Scores:
    """Return what is to be taken off the cosines of each of `vectors`: its share of a crowd."""
    found = np.zeros(len(vectors))
    size = min(_CROWD + 1, len(background))
    for start in range(0, len(vectors) if size else 0, _AT_ONCE):
        cosines = vectors[start : start + _AT_ONCE] @ background.T
        nearest = np.partition(cosines, len(background) - size, axis=1)[:, -size:]
        # The greatest is the entry itself where it is of the background, and near enough elsewhere.
        others = nearest.sum(axis=1) - nearest.max(axis=1)
        found[start : start + _AT_ONCE] = others / max(size - 1, 1)
    return np.multiply(found, _CROWD_SHARE)


def _bounds_of_words(whole: float) -> _Bounds:
    return _Bounds(_WORDS.start * whole, _WORDS.excess * whole)


def _bounds_of_cosines(background: Scores) -> _Bounds:
    if not background.size:
        return _Bounds(0.0, 0.0)
    low, middle = np.quantile(background, [0.1, 0.5])
    width = float(middle - low) / 1.2816  # of a normal distribution: one standard deviation
    return _Bounds(float(middle) + _COSINES.start * width, _COSINES.excess * width)


_UNBOUNDED: Final = _Bounds(inf, inf)


def surprise(scores: Scores, background: Scores, bounds: _Bounds = _UNBOUNDED) -> Scores:
    """Return -ln of the probability of each score, told by those of the background."""
    if not background.size:
        return np.zeros(len(scores))
    tails, below = _tails(background[None])
    starts, excesses = _falls(tails, below, np.array([bounds.start]), np.array([bounds.excess]))
    words = _by_tail(scores, starts, excesses)
    by_rank = _by_rank(scores, np.sort(background), 0)
    return np.where(_is_in_tail(scores, starts, excesses), words, by_rank)


def _stretch(rows: Rows) -> Rows | slice:
    """Return rows that stand side by side as a slice: to take these copies nothing."""
    first, last = (int(rows[0]), int(rows[-1])) if len(rows) else (0, -1)
    return slice(first, last + 1) if last - first + 1 == len(rows) else rows


def _tails(usual: Scores) -> tuple[Scores, int]:
    """Return the usual scores of each text from their 95 % point on, in order, and how many are below."""
    below = int((usual.shape[1] - 1) * (1 - TAIL))
    return np.sort(usual, axis=1)[:, below:].copy(), below


def _from(scores: Scores, least: Scores) -> tuple[Rows, Rows]:
    """Return the texts and the rows of all scores above 0 that are not less than a text's own least."""
    cells = np.flatnonzero(scores >= np.maximum(least, _LEAST_SCORE)[:, None])
    texts = cells // scores.shape[1]
    return texts, cells - texts * scores.shape[1]


def _falls(tails: Scores, below: int, latest: Scores, slowest: Scores) -> tuple[Scores, Scores]:
    """Return where each tail starts, at the latest, and how slowly it falls, at most."""
    share = (below + tails.shape[1] - 1) * (1 - TAIL) - below
    starts = tails[:, 0] + (tails[:, min(1, tails.shape[1] - 1)] - tails[:, 0]) * share
    above = np.maximum(tails - starts[:, None], 0.0)
    excesses = above.sum(axis=1) / np.maximum((above > 0).sum(axis=1), 1)
    return np.minimum(starts, latest), np.minimum(excesses, slowest)


def _is_in_tail(scores: Scores, starts: Scores, excesses: Scores) -> NDArray[np.bool_]:
    return np.asarray((scores > starts) & (excesses > _LEAST_EXCESS), np.bool_)


def _by_tail(scores: Scores, starts: Scores, excesses: Scores) -> Scores:
    above = (scores - starts) / np.maximum(excesses, _LEAST_EXCESS)
    return np.minimum(-log(TAIL) + above, _MOST_NATS)


def _by_rank(scores: Scores, usual: Scores, below: int) -> Scores:
    """`usual` is in order; so many more are below these."""
    lower = np.searchsorted(usual, scores, side="left")
    return _by_share(lower + below, len(usual) + below)


def _by_ranks(scores: Scores, usual: Scores, below: int) -> Scores:
    """The same where each score has a row of usual ones of its own."""
    lower = (usual < scores[:, None]).sum(axis=1)
    return _by_share(lower + below, usual.shape[1] + below)


def _by_share(lower: Rows, count: int) -> Scores:
    share = 1 - lower / count
    return np.clip(-np.log(np.maximum(share, 1 / count)), 0.0, -log(TAIL))


def _joint(sums: Scores) -> Scores:
    """Return the probability of a sum of two surprises that depend on each other.

    Each is exponential with mean 1; their sum is a gamma distribution with the same mean and variance.
    Only the upper end is worked out: below it the chance is 1.
    """
    scale = 1 + _DEPENDENCE
    shape = 2 / scale
    chances = np.ones(len(sums))
    high = sums / scale > shape + 1
    chances[high] = _upper_gamma(shape, sums[high] / scale)
    return chances


def _upper_gamma(shape: float, x: Scores) -> Scores:
    """Return the regularised upper incomplete gamma function, by its continued fraction.

    DLMF 8.9.2, from the inside outwards; for x above `shape` + 1 forty steps give twelve digits.
    """
    fraction = np.zeros(len(x))
    for step in range(40, 0, -1):
        fraction = step * (shape - step) / (x + 2 * step + 1 - shape + fraction)
    power: Scores = np.exp(np.maximum(-x + shape * np.log(x), -_MOST_NATS))
    return power / ((x + 1 - shape + fraction) * gamma(shape))
