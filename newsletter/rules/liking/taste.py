"""What one person likes: how near an entry is to what they liked, and how far from what they did not.

Every vote spreads a hill around its entry, exp(likeness / width), and a dislike a hollow: a kernel density
(Parzen 1962, "On estimation of a probability density function and mode"). The score is the logarithm of the
height at an entry, so that a person with two interests is two ranges of hills, not the plain between them.
How wide the hills are the likes themselves say: see `width.py`. How improbable a score is of an entry off
the interests is read off the background, as topics read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, log1p
from typing import Final

import numpy as np

from newsletter.rules.liking.arrays import Floats, Numbers, Rows
from newsletter.rules.liking.background import Background, Seen
from newsletter.rules.liking.width import MOST_LIKES, told_width
from newsletter.rules.relevance import LEAST_BACKGROUND, TAIL, surprise

HALF_LIFE_DAYS: Final = 180.0
"""After it a vote counts half. Readers with a like a week who stay with their interests lose nothing by it
(at 90 days a tenth of their recall after 30 likes), and an interest of the last three weeks gains 7 %."""

DISLIKE_WEIGHT: Final = 0.1
"""Of a dislike beside a like. Readers who dislike whatever is not to the point among the first ten gain 2 %
where their interests are narrow and lose 5 % where one is wide; at .25 these lose a third."""

SELF_LIKENESS: Final = 0.95
"""From here on two texts are one, or versions of one."""

_AT_START: Final = -log(TAIL)


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
    usual: Numbers
    """How alike each vote (rows) and each of the background (columns) are; without the entries voted on."""
    width: float
    """How much likeness makes a hill 2.7 times as high."""
    is_gentle: bool
    """Whether one like alone says what is meant: see `background.GENTLE_RIDGE`."""

    @property
    def has_likes(self) -> bool:
        """Whether there is a like: without one no entry is wanted, some are only unwanted."""
        return bool((self.weights > 0).any())

    @property
    def nothing(self) -> float:
        """The score of an entry that is like none of those voted on: less is unwanted."""
        return float(_levelled(self.weights.sum(keepdims=True))[0])

    @property
    def same_text(self) -> float:
        """The score of the text that is the only one liked."""
        return log1p(exp(1 / self.width))

    def scores(self, candidates: Seen) -> Floats:
        """Return one number for each of `candidates`; all 0 without votes.

        How much a number means tell `nothing`, `same_text` and `chances`.
        """
        return self.scores_and_nearest(candidates)[0]

    def scores_and_nearest(self, candidates: Seen) -> tuple[Floats, Rows]:
        """Return the same and, for each, the place of the vote that gives most to it.

        That is a like, where there is any; without votes there are no places.
        """
        likeness = self.background.likeness(self.liked, candidates, gently=self.is_gentle)
        heights = self._raised(likeness)
        nearest = heights.argmax(axis=0) if len(heights) else np.zeros(0, dtype=np.intp)
        return _levelled(heights.sum(axis=0)), nearest

    def background_scores(self) -> Floats:
        """Return the scores of the background, without the entries voted on and their twins there."""
        return _levelled(self._raised(self.usual).sum(axis=0))

    def surprises(self, scores: Floats) -> Floats | None:
        """Return how surprising each score is of an entry off the interests, in nats.

        None where the background is too small to tell, or nothing is liked.
        """
        usual = self.background_scores()
        if len(usual) < LEAST_BACKGROUND or not self.has_likes:
            return None
        return surprise(scores, usual)

    def chances(self, scores: Floats) -> Floats | None:
        """Return for each score how probable it is of an entry off the interests, or a higher one.

        1 below the start of the tail: nothing is said of those. None where `surprises` has none.
        """
        nats = self.surprises(scores)
        return None if nats is None else as_chances(nats)

    def _raised(self, likeness: Numbers) -> Floats:
        raised: Floats = np.exp(likeness.astype(np.float64) / self.width) * self.weights[:, None]
        return raised


def as_chances(surprises: Floats) -> Floats:
    """Return the chances that some surprises tell of; 1 for those below the start of the tail."""
    return np.where(surprises > _AT_START, np.exp(-surprises), 1.0)


def learn(votes: Sequence[Vote], liked: Seen, background: Background) -> Taste:
    """Learn from `votes`, one for each of `liked`, which `background` has seen; in any order."""
    signs = np.array([1.0 if vote.sign > 0 else -DISLIKE_WEIGHT for vote in votes])
    ages = np.array([vote.age_days for vote in votes], dtype=np.float64)
    weights = signs * 0.5 ** (ages / HALF_LIFE_DAYS)
    count = int((weights > 0).sum())
    is_gentle = count == 1
    usual = background.likeness(liked, background.seen, gently=is_gentle)
    usual = usual[:, usual.max(axis=0, initial=-1.0) < SELF_LIKENESS]
    newest = np.argsort(-weights, kind="stable")[: min(count, MOST_LIKES)]
    some = liked.take(newest)
    return Taste(
        liked,
        weights / max(np.abs(weights).sum(), np.finfo(float).tiny),
        background,
        usual,
        told_width(background.likeness(some, some), usual[newest]),
        is_gentle,
    )


def _levelled(heights: Floats) -> Floats:
    """Return the logarithm of 1 + height, of a depth with its sign."""
    return np.sign(heights) * np.log1p(np.abs(heights))
