"""How well is what somebody likes next foretold by what they liked first?

The protocol of `newsletter evaluate DIR --likes`. Of every user who liked more than n documents, the first n
are learned from. All other documents are ranked, and those the user liked later are looked for: nDCG at
10 (Järvelin and Kekäläinen 2002, a document liked later counts 1, any other 0) and the share of them among
the first 50 (of at most 50 that can be there).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

SIZES: Final = (1, 3, 10, 30)
"""After how many likes it is measured."""

NDCG_DEPTH: Final = 10
RECALL_DEPTH: Final = 50

Method: TypeAlias = Callable[[Sequence[int]], NDArray[np.float64]]
"""Scores all documents, by their rows, for one who liked the given rows, oldest first; higher is better."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """The figures of one user: both between 0 and 1."""

    ndcg_at_10: float
    recall_at_50: float


@dataclass(frozen=True, slots=True)
class LikesFigures:
    """The means over all users who liked enough; `users` is their number, and with none the means are 0."""

    users: int
    ndcg_at_10: float
    recall_at_50: float


def evaluate_likes(
    users: Sequence[Sequence[int]], method: Method, sizes: Iterable[int] = SIZES
) -> Mapping[int, LikesFigures]:
    """Return the figures of `method` for each of `sizes`, over users given as rows, oldest like first."""
    return {size: _mean(foretell(users, method, size)) for size in sizes}


def foretell(users: Iterable[Sequence[int]], method: Method, size: int) -> list[Foretold]:
    """Return the figures of each user who liked more than `size` documents, in the order of `users`.

    A document liked twice counts where it first stands.
    """
    distinct = (list(dict.fromkeys(user)) for user in users)
    return [_of_user(user, method, size) for user in distinct if len(user) > size]


def _of_user(user: Sequence[int], method: Method, size: int) -> Foretold:
    known, later = user[:size], user[size:]
    scores = np.array(method(known), dtype=np.float64)
    scores[known] = -np.inf
    # Stable: of equal scores the first row stands first, on every machine.
    first = np.argsort(-scores, kind="stable")[:RECALL_DEPTH]
    hits = np.isin(first, later)
    gains = 1 / np.log2(np.arange(2, NDCG_DEPTH + 2))
    best = gains[: len(later)].sum()
    ndcg = float((hits[:NDCG_DEPTH] * gains[: len(hits)]).sum() / best)
    return Foretold(ndcg, float(hits.sum() / min(len(later), RECALL_DEPTH)))


def _mean(figures: Sequence[Foretold]) -> LikesFigures:
    count = len(figures)
    return LikesFigures(
        count,
        sum(one.ndcg_at_10 for one in figures) / max(count, 1),
        sum(one.recall_at_50 for one in figures) / max(count, 1),
    )
