"""The likes of letters as a method that `newsletter evaluate --likes` can measure."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from newsletter.rules.liking.arrays import Floats
from newsletter.rules.liking.background import Background
from newsletter.rules.liking.protocol import Method
from newsletter.rules.liking.taste import Vote, learn
from newsletter.rules.liking.texts import Texts

MOST_BACKGROUND: Final = 1_000

_DAYS_BETWEEN: Final = 7.0
"""A collection tells the order of likes, not their days: taken as one a week."""


def default_method(texts: Texts) -> Method:
    """Return what letters do, over a fixed collection: its own texts, evenly chosen, are the background."""
    count = len(texts)
    rows = np.unique(np.linspace(0, count - 1, min(count, MOST_BACKGROUND)).astype(np.intp))
    background = Background.of(texts.take(rows))
    everything = background.see(texts)

    def score(liked: Sequence[int]) -> Floats:
        votes = [Vote(1, _DAYS_BETWEEN * age) for age in reversed(range(len(liked)))]
        return learn(votes, everything.take(liked), background).scores(everything)

    return score
