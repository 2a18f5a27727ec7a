"""What a query that holds is worth, entry by entry, and how gains become a score between 0 and 1.

Scores can be compared between topics. With x the sum of what the terms found give (BM25), divided
by what an entry wholly about the topic would give, the score is 1 - exp(-x): 0 when nothing was found,
about .6 for an entry that says all of it often, never above 1. `query` and `about` each give their x.
"""

from collections.abc import Mapping
from math import exp
from typing import Final

from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.evaluating import full_score, scored_terms
from newsletter.rules.query import Query, Term

_FILTER_GAIN: Final = 0.5
"""x of an entry for a query without any word to score by, such as `upvotes:>=50`."""

_FILTER_NAME: Final = "the query holds"

_FRACTIONS: Final = 2.0**20
"""Terms are rounded to this fraction of 1: such numbers add up without any error, in any order."""


class QueryScore:
    """One query, ready to score the entries of one collection for which it holds."""

    __slots__ = ("_collection", "_full_score", "_terms")

    def __init__(self, query: Query, collection: Collection) -> None:
        self._collection = collection
        self._terms = tuple(dict.fromkeys(scored_terms(query.root)))
        self._full_score = full_score(query.root, collection)

    def gains(self, row: Row) -> dict[Term, float]:
        """Return what each term found in `row` gives, as a share of the full score."""
        found = ((term, self._collection.find(term)) for term in self._terms)
        return {
            term: finding.rarity * finding.strengths[row] / self._full_score
            for term, finding in found
            if row in finding.strengths
        }


def named_terms(gains: Mapping[Term, float]) -> dict[str, float]:
    """Return the parts of a score by the names of their terms; their sum is the score, exactly.

    Without any gain the query holds by what cannot be scored, and that is the one part.
    """
    by_name: dict[str, float] = {}
    for term, gain in gains.items():
        by_name[term.written] = by_name.get(term.written, 0.0) + gain
    by_name = by_name or {_FILTER_NAME: _FILTER_GAIN}
    total = sum(by_name.values())
    scale = (1 - exp(-total)) / total
    return {name: round(gain * scale * _FRACTIONS) / _FRACTIONS for name, gain in by_name.items()}
