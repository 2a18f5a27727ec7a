"""How good is a ranking? The measures of the field, for one query and for many.

nDCG as Järvelin and Kekäläinen 2002 ("Cumulated gain-based evaluation of IR techniques") define it, in the
form of trec_eval and of the BEIR benchmark: the gain of a document is its grade, divided by log2(1 + place),
and the sum is divided by that of the best possible ranking of all documents judged for the query.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Scores: TypeAlias = NDArray[np.float64]
"""One number for each document of a collection, in their order; greater is better."""

Rows: TypeAlias = NDArray[np.intp]
"""Places of documents in their collection, from 0."""

SHOWN: Final = 10
"""Places that nDCG and precision look at: as many as a letter has by default."""
SEARCHED: Final = 50
"""Places that recall looks at."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgements of one query: the grades of documents by their row.

    `absent` are the grades of documents that the collection does not have: they can only be missed.
    """

    grades: Mapping[int, float]
    absent: tuple[float, ...] = ()

    @property
    def relevant(self) -> frozenset[int]:
        """The rows of the documents with a grade above 0."""
        return frozenset(row for row, grade in self.grades.items() if grade > 0)

    @property
    def positives(self) -> list[float]:
        """The grades above 0, greatest first, absent documents included."""
        known = (*self.grades.values(), *self.absent)
        return sorted((grade for grade in known if grade > 0), reverse=True)


@dataclass(frozen=True, slots=True)
class Measures:
    """From 0 to 1 each, 1 is best; precision is of ten places even where there are fewer documents."""

    ndcg_at_10: float
    precision_at_10: float
    recall_at_50: float


def best_rows(scores: Scores, count: int) -> Rows:
    """Return the rows of the `count` greatest scores, greatest first; equal ones in their order.

    A score that is no number (NaN) counts as the least.
    """
    known = np.nan_to_num(scores, copy=True, nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    if count <= 0:
        return np.empty(0, dtype=np.intp)
    if count >= len(known):
        return np.argsort(-known, kind="stable")
    place = len(known) - count
    candidates = np.flatnonzero(known >= np.partition(known, place)[place])
    return candidates[np.argsort(-known[candidates], kind="stable")][:count]


def measure(scores: Scores, judged: Judged) -> Measures:
    """Return how good the ranking by `scores` is for a query with at least one relevant document."""
    rows = best_rows(scores, SEARCHED).tolist()
    relevant, positives = judged.relevant, judged.positives
    shown = rows[:SHOWN]
    gains = [max(judged.grades.get(row, 0.0), 0.0) for row in shown]
    return Measures(
        _discounted(gains) / _discounted(positives[:SHOWN]),
        _count(shown, relevant) / SHOWN,
        _count(rows, relevant) / len(positives),
    )


def mean(measured: Collection[Measures]) -> Measures | None:
    """Return the means, every query counting alike; None of nothing."""
    if not measured:
        return None
    table = np.array([(m.ndcg_at_10, m.precision_at_10, m.recall_at_50) for m in measured])
    ndcg, precision, recall = table.mean(axis=0).tolist()
    return Measures(ndcg, precision, recall)


def _discounted(gains: Iterable[float]) -> float:
    kept = np.fromiter(gains, dtype=np.float64)
    return float((kept / np.log2(np.arange(2, len(kept) + 2))).sum())


def _count(rows: Iterable[int], relevant: Collection[int]) -> int:
    return sum(row in relevant for row in rows)
