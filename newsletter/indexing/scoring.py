"""What a query that holds is worth, entry by entry, and how gains become a score between 0 and 1.

Scores can be compared between topics. With x the sum of what the terms found give (BM25), divided by what
an entry wholly about the topic would give, the score is 1 - exp(-x): 0 when nothing was found, about .6
for an entry that says all of it often, never above 1.

Where it is known how surprising an entry is (rules.relevance), x is its surprise in units of
`FULL_SURPRISE`: that says more than any words found, and can be compared between all topics.
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

FULL_SURPRISE: Final = 12.0
"""In nats: an entry such as comes once in 160,000 has x = 1. With it the hits that just pass the gate of a
day's letter score about .5, as those do that have the words of a query in their abstract."""

_NEARNESS_GAIN: Final = 2.0
_NO_NEARNESS: Final = 0.3
"""x for a cosine, as long as nobody knows what is usual: nothing at .3, .4 at .5."""

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


def named_terms(gains: Mapping[Term, float], cosine: float | None = None) -> dict[str, float]:
    """Return the parts of a score by the names of their terms; their sum is the score, exactly.

    `cosine` is that of a free text, where there is one. Without any gain the query holds by what
    cannot be scored, and that is the one part.
    """
    by_name = _by_name(gains)
    if cosine is not None and cosine > _NO_NEARNESS:
        by_name[_meaning_name(cosine)] = _NEARNESS_GAIN * (cosine - _NO_NEARNESS)
    return _as_score(by_name or {_FILTER_NAME: _FILTER_GAIN})


def surprise_terms(
    gains: Mapping[Term, float], words: float, meaning: float, cosine: float | None
) -> dict[str, float]:
    """Return the parts of a score that is told by surprises, in nats; their sum is the score, exactly.

    What the words surprise by is shared out among them by what each gives.
    """
    by_name = _by_name(gains)
    given = sum(by_name.values())
    parts = {name: gain / given * words for name, gain in by_name.items()} if given else {}
    if cosine is not None:
        parts[_meaning_name(cosine)] = meaning
    scaled = {name: value / FULL_SURPRISE for name, value in parts.items() if value}
    return _as_score(scaled) if scaled else {}


def _by_name(gains: Mapping[Term, float]) -> dict[str, float]:
    by_name: dict[str, float] = {}
    for term, gain in gains.items():
        by_name[term.written] = by_name.get(term.written, 0.0) + gain
    return by_name


def _meaning_name(cosine: float) -> str:
    return f"meaning, cosine {cosine:.2f}"


def _as_score(parts: Mapping[str, float]) -> dict[str, float]:
    total = sum(parts.values())
    scale = (1 - exp(-total)) / total
    return {name: round(part * scale * _FRACTIONS) / _FRACTIONS for name, part in parts.items()}
