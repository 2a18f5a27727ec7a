"""What answers are worth, all of one topic at once, and how gains become a score between 0 and 1.

Scores can be compared between topics. With x the sum of what the terms found give (BM25), divided by what
an entry wholly about the topic would give, the score is 1 - exp(-x): 0 when nothing was found, about .6
for an entry that says all of it often, never above 1.

Where it is known how surprising an entry is (rules.relevance), x is its surprise in units of
`FULL_SURPRISE`: that says more than any words found, and can be compared between all topics.
"""

from collections.abc import Mapping
from math import exp
from typing import Final

import numpy as np

from newsletter.indexing.about import term_of
from newsletter.indexing.columns import Row
from newsletter.indexing.evaluating import full_score, scored_terms
from newsletter.indexing.gists import Gist
from newsletter.indexing.postings import Postings
from newsletter.rules.query import Query, Term
from newsletter.rules.relevance import Rows, Scores

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

FILTER_SCORE: Final = round((1 - exp(-_FILTER_GAIN)) * _FRACTIONS) / _FRACTIONS


class QueryScore:
    """One query, ready to score the entries of one collection for which it holds."""

    __slots__ = ("_full_score", "_postings", "_terms")

    def __init__(self, query: Query, postings: Postings) -> None:
        self._postings = postings
        self._terms = tuple(dict.fromkeys(scored_terms(query.root)))
        self._full_score = full_score(query.root, postings)

    def gains(self, row: Row) -> dict[Term, float]:
        """Return what each term found in `row` gives, as a share of the full score."""
        found = ((term, self._postings.of(term)) for term in self._terms)
        return {
            term: posting.rarity * strength / self._full_score
            for term, posting in found
            if (strength := posting.strength(row))
        }

    def sums(self, rows: Rows) -> Scores:
        """Return the sums of the gains of `rows`."""
        scores = np.zeros(self._postings.size)
        for term in self._terms:
            posting = self._postings.of(term)
            scores[posting.rows] += posting.evidence
        return scores[rows] / (self._full_score or 1.0)


class Grounds:
    """What is said of the entries that answer one topic, by its query, its free text, or both.

    One number for each of `rows`, which are in order: those of `gist`, where there is one.
    """

    __slots__ = ("_asked", "_gist", "_scores", "chances", "rows")

    def __init__(self, rows: Rows, asked: QueryScore | None, gist: Gist | None) -> None:
        self.rows = rows
        self._asked = asked
        self._gist = gist
        self.chances = None if gist is None else gist.chances
        self._scores: Scores | None = None

    @property
    def scores(self) -> Scores:
        """Return the scores of the rows."""
        if self._scores is None:
            self._scores = _score_all(self.rows, self._asked, self._gist)
        return self._scores

    def gains(self, place: int) -> dict[Term, float]:
        """Return what each term that is found gives to the row at a place."""
        asked = self._asked.gains(int(self.rows[place])) if self._asked else {}
        return _added(asked, _gains_of(self._gist, place)) if self._gist else asked

    def terms(self, place: int) -> dict[str, float]:
        """Return the parts of a score by the names of their terms; their sum is the score, exactly.

        Without any gain the query holds by what cannot be scored, and that is the one part.
        """
        parts = self._surprises(self._gist, place) if self._gist else {}
        return _as_terms(parts or self._parts(place), float(self.scores[place]))

    def is_by_meaning(self, place: int) -> bool:
        """Whether the meaning says more than the words do of the row at a place."""
        return self._gist is not None and self._gist.is_by_meaning(place)

    def _surprises(self, gist: Gist, place: int) -> dict[str, float]:
        """Return the surprises by name. What the words surprise by is shared out by what each gives."""
        if gist.chances is None:
            return {}
        by_name = _by_name(_gains_of(gist, place))
        given, words = sum(by_name.values()), float(gist.words[place])
        parts = {name: gain / given * words for name, gain in by_name.items()} if given else {}
        if gist.cosines is not None and gist.meaning is not None:
            parts[_meaning_name(float(gist.cosines[place]))] = float(gist.meaning[place])
        return {name: value for name, value in parts.items() if value}

    def _parts(self, place: int) -> dict[str, float]:
        parts = _by_name(self.gains(place))
        cosines = None if self._gist is None else self._gist.cosines
        if cosines is not None and cosines[place] > _NO_NEARNESS:
            cosine = float(cosines[place])
            parts[_meaning_name(cosine)] = _NEARNESS_GAIN * (cosine - _NO_NEARNESS)
        return parts


def _score_all(rows: Rows, asked: QueryScore | None, gist: Gist | None) -> Scores:
    if gist and gist.chances is not None and gist.meaning is None and not asked:
        return words_as_scores(gist.words)
    x = asked.sums(rows) if asked else np.zeros(len(rows))
    if gist:
        told = gist.words if gist.meaning is None else gist.words + gist.meaning
        if gist.chances is None or not told.all():
            x += gist.sums()
            if gist.cosines is not None:
                x += _NEARNESS_GAIN * np.maximum(gist.cosines - _NO_NEARNESS, 0.0)
        if gist.chances is not None:
            x = np.where(told > 0, told / FULL_SURPRISE, x)
    return _as_scores(np.where(x > 0, x, _FILTER_GAIN))


def words_as_scores(words: Scores) -> Scores:
    """Return what surprises of words alone are worth."""
    return _as_scores(words / FULL_SURPRISE)


def _as_scores(x: Scores) -> Scores:
    return np.rint((1 - np.exp(-x)) * _FRACTIONS) / _FRACTIONS


def _gains_of(gist: Gist, place: int) -> dict[Term, float]:
    return {term_of(part): gain for part, gain in gist.gains(int(gist.rows[place])).items()}


def _added(asked: Mapping[Term, float], about: Mapping[Term, float]) -> dict[Term, float]:
    return {term: asked.get(term, 0.0) + about.get(term, 0.0) for term in {**asked, **about}}


def _by_name(gains: Mapping[Term, float]) -> dict[str, float]:
    by_name: dict[str, float] = {}
    for term, gain in gains.items():
        by_name[term.written] = by_name.get(term.written, 0.0) + gain
    return by_name


def _meaning_name(cosine: float) -> str:
    return f"meaning, cosine {cosine:.2f}"


def _as_terms(parts: Mapping[str, float], score: float) -> dict[str, float]:
    """Share `score` out among the parts; the greatest takes what rounding leaves."""
    parts = parts or {_FILTER_NAME: 1.0}
    scale = score / sum(parts.values()) * _FRACTIONS
    terms = {name: round(part * scale) / _FRACTIONS for name, part in parts.items()}
    greatest = max(terms, key=terms.__getitem__)
    terms[greatest] += score - sum(terms.values())
    return terms
