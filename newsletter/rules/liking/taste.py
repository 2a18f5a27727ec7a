"""What one person likes: how near an entry is to what they liked, and how far from what they did not.

Every vote spreads a hill around its entry, exp(likeness / WIDTH), and a dislike a hollow: a kernel density
(Parzen 1962, "On estimation of a probability density function and mode"). The score is the logarithm of the
height at an entry, so that a person with two interests is two ranges of hills, not the plain between them.
How improbable a score is of an entry off the interests is read off the background: scores above their 95 %
point u fall off as exp(-(score - u) / β), with β their mean excess.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from newsletter.rules.liking.arrays import Floats, Numbers, Rows
from newsletter.rules.liking.background import Background, Seen

WIDTH: Final = 0.14
"""How much likeness makes a hill 2.7 times as high. Narrower suits readers of many narrow interests, wider
those of a single wide one; .12 to .18 differ by less than the kinds of readers do."""

HALF_LIFE_DAYS: Final = 180.0
"""After it a vote counts half. Readers with a like a week who stay with their interests lose nothing by it
(at 90 days a tenth of their recall after 30 likes), and an interest of the last three weeks gains 7 %."""

DISLIKE_WEIGHT: Final = 0.1
"""Of a dislike beside a like. Readers who dislike whatever is not to the point among the first ten gain 2 %
where their interests are narrow and lose 5 % where one is wide; at .25 these lose a third."""

LEAST_BACKGROUND: Final = 500
"""With fewer recent entries nothing can be said of the tail."""

SELF_LIKENESS: Final = 0.95
"""From here on two texts are one, or versions of one."""

_TAIL: Final = 0.05
_AT_START: Final = -log(_TAIL)
_LEAST_EXCESS: Final = 1e-6
_MOST_NATS: Final = 700.0


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody thinks of an entry: `sign` 1 more like this, -1 less, `age_days` ago, at least 0."""

    sign: int
    age_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Taste:
    """The likes and dislikes of one person, learned."""

    liked: Seen
    """The entries of the votes, dislikes too."""
    weights: Floats
    """Of each vote: below 0 for a dislike; their sizes sum to 1, or are all 0."""
    background: Background

    @property
    def has_likes(self) -> bool:
        """Whether there is a like: without one no entry is wanted, some are only unwanted."""
        return bool((self.weights > 0).any())

    def scores(self, candidates: Seen) -> Floats:
        """Return one number for each of `candidates`; all 0 without votes.

        Above 0 is nearer to the likes than to the dislikes. How much a number means tells `chances`.
        """
        return _levelled(self._heights(candidates).sum(axis=0))

    def background_scores(self) -> Floats:
        """Return the scores of the background, without the entries voted on and their twins there."""
        likeness = self.background.likeness(self.liked, self.background.seen)
        others = likeness.max(axis=0, initial=-1.0) < SELF_LIKENESS
        return _levelled(self._raised(likeness[:, others]).sum(axis=0))

    def surprises(self, scores: Floats) -> Floats | None:
        """Return how surprising each score is of an entry off the interests, in nats.

        Up to the start of the tail by its rank among the background. None where that is too small to
        tell, or nothing is liked.
        """
        usual = np.sort(self.background_scores())
        if len(usual) < LEAST_BACKGROUND or not self.has_likes:
            return None
        start = np.quantile(usual, 1 - _TAIL)
        above = usual[usual > start] - start
        excess = max(float(above.mean()) if above.size else 0.0, _LEAST_EXCESS)
        higher = 1 - np.searchsorted(usual, scores, side="left") / len(usual)
        by_rank = np.minimum(-np.log(np.maximum(higher, _TAIL)), _AT_START)
        by_tail = _AT_START + np.clip((scores - start) / excess, 0.0, _MOST_NATS)
        return np.where(scores > start, by_tail, by_rank)

    def chances(self, scores: Floats) -> Floats | None:
        """Return for each score how probable it is of an entry off the interests, or a higher one.

        1 below the start of the tail: nothing is said of those. None where `surprises` has none.
        """
        nats = self.surprises(scores)
        return None if nats is None else as_chances(nats)

    def parts(self, candidates: Seen, row: int) -> Floats:
        """Return what each vote gives to the score of the candidate at `row`: they sum to it."""
        heights: Floats = self._heights(candidates.take([row]))[:, 0]
        height = heights.sum(keepdims=True)
        return heights * _levelled(height) / height if height.any() else heights

    def terms(
        self, candidates: Seen, row: int, names: Sequence[str]
    ) -> tuple[tuple[str, float], ...]:
        """Return the same with `names` for the votes, the largest part first."""
        parts = zip(names, self.parts(candidates, row).tolist(), strict=True)
        return tuple(sorted(parts, key=lambda part: -abs(part[1])))

    def nearest(self, candidates: Seen, row: int) -> int | None:
        """Return the place of the like that gives most to the candidate at `row`; None without likes."""
        parts = self._heights(candidates.take([row]))[:, 0]
        return int(parts.argmax()) if self.has_likes else None

    def scores_and_nearest(self, candidates: Seen) -> tuple[Floats, Rows]:
        """Return what `scores` and, for each, `nearest` return, worked out once; only with likes."""
        heights = self._heights(candidates)
        return _levelled(heights.sum(axis=0)), heights.argmax(axis=0)

    def _heights(self, candidates: Seen) -> Floats:
        return self._raised(self.background.likeness(self.liked, candidates))

    def _raised(self, likeness: Numbers) -> Floats:
        raised: Floats = np.exp(likeness.astype(np.float64) / WIDTH) * self.weights[:, None]
        return raised


def as_chances(surprises: Floats) -> Floats:
    """Return the chances that some surprises tell of; 1 for those below the start of the tail."""
    return np.where(surprises > _AT_START, np.exp(-surprises), 1.0)


def learn(votes: Sequence[Vote], liked: Seen, background: Background) -> Taste:
    """Learn from `votes`, one for each of `liked`, which `background` has seen; in any order."""
    signs = np.array([1.0 if vote.sign > 0 else -DISLIKE_WEIGHT for vote in votes])
    ages = np.array([vote.age_days for vote in votes], dtype=np.float64)
    weights = signs * 0.5 ** (ages / HALF_LIFE_DAYS)
    return Taste(liked, weights / max(np.abs(weights).sum(), np.finfo(float).tiny), background)


def _levelled(heights: Floats) -> Floats:
    """Return the logarithm of 1 + height, of a depth with its sign."""
    return np.sign(heights) * np.log1p(np.abs(heights))
