"""How widely one person's likes reach: told by the likes themselves.

Who follows three lines of work wants narrow hills around their likes: what lies between is nobody's. Who
reads all of a field wants wide ones, and the mean of all likes in the end. So each like is left out in turn,
and it is asked how surprising the others find it among recent entries, by rank; each width on the list is
believed as likely as it makes all those ranks, and their mean is taken, on the scale of logarithms. Choosing
a density's width by leaving one out: Duin 1976, "On the choice of smoothing parameters for Parzen estimators
of probability density functions".
"""

from typing import Final

import numpy as np

from newsletter.rules.liking.arrays import Floats, Numbers

WIDTH: Final = 0.14
"""Where the likes do not say: with one like every width ranks alike."""

_WIDTHS: Final = np.array([0.1, 0.14, 0.2, 0.3, 0.5, 1.0])
"""From some lines of work to the mean of all likes. Narrower than .1 only the nearest like counts."""

_FEWEST_LIKES: Final = 3
MOST_LIKES: Final = 60
"""The newest are enough to be asked: more tell hardly more, and each costs."""

_FEWEST_USUAL: Final = 50
"""Recent entries; among fewer a rank says nothing."""


def told_width(among: Numbers, usual: Numbers) -> float:
    """Return the width of the hills of some likes, which are alike by `among` (rows and columns).

    `usual` is how alike each of them (rows) and each recent entry (columns) are.
    """
    if len(among) < _FEWEST_LIKES or usual.shape[1] < _FEWEST_USUAL:
        return WIDTH
    likes, others = among.astype(np.float64), usual.astype(np.float64)
    nats = np.array([_nats(width, likes, others) for width in _WIDTHS])
    beliefs = np.exp(nats - nats.max())
    return float(np.exp(beliefs @ np.log(_WIDTHS) / beliefs.sum()))


def _nats(width: float, among: Floats, usual: Floats) -> float:
    """Return how surprising the likes are to each other among what is usual, in nats, summed."""
    heights, hills = np.exp(usual / width), np.exp(among / width)
    np.fill_diagonal(hills, 0.0)
    of_others = heights.sum(axis=0) - heights
    higher = (of_others >= hills.sum(axis=0)[:, None]).sum(axis=1)
    return float(-np.log((higher + 1) / (usual.shape[1] + 1)).sum())
