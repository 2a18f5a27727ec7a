"""Which answers to a topic are sure enough to be shown to somebody.

A topic with a query alone is gated by its query. One with `about` is asked of every new entry, and among
a thousand some answer by accident. So the best k are shown for the greatest k of which the k-th would be
expected at most k times the budget among as many entries off the topic (Benjamini and Hochberg 1995,
"Controlling the false discovery rate"): where nothing is to the point, a letter shows something by
accident in a share of `budget` of all letters, and where much is, in about the same share of its entries.
With a query as well, only the entries for which that holds were asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Final

from newsletter.model import Entry, EntryId, Strictness, Sureness, Topic, TopicHit
from newsletter.rules.matching.answers import Numbers, numbers_of

BUDGETS: Final[Mapping[Strictness, float]] = {
    Strictness.STRICT: 0.05,
    Strictness.NORMAL: 0.1,
    Strictness.RELAXED: 0.5,
}
"""Letters with an entry off the topic, of those that should have none; all topics of a letter together."""

_GRADES: Final = ((Sureness.STRONG, 0.01), (Sureness.GOOD, 0.1))
"""How many entries off the topic would be as sure in one letter, at most."""

_ABOUT: Final = attrgetter("about")

MOST_UNSURE: Final = 3
"""Entries that a topic may show while too few are known to say what is usual."""


def budget_of(strictness: Strictness, topics: Sequence[Topic]) -> float:
    """Return the part of the budget of a letter that each of its topics with `about` has."""
    without = list(map(_ABOUT, topics)).count(None)
    return share_of(strictness, len(topics) - without)


def share_of(strictness: Strictness, count: int) -> float:
    """Return the part of the budget of a letter that each of so many topics with `about` has."""
    return BUDGETS[strictness] / max(1, count)


def let_through(
    topic: Topic,
    hits: Mapping[EntryId, TopicHit],
    among: AbstractSet[EntryId],
    budget: float,
) -> Mapping[EntryId, TopicHit]:
    """Return those of `hits` that may be shown of the new entries `among`, with how sure they are.

    In the order of `hits`. `among` may hold entries that do not answer the topic at all.
    """
    if topic.about is None:
        return {one: hits[one] for one in hits if one in among}
    fresh = [numbers for numbers in numbers_of(hits) if numbers[0] in among]
    asked = asked_by(topic, len(among), len(fresh))
    sure = sorted(chance for _, _, chance in fresh if chance)  # what is certain vouches for nothing
    places = (place for place, chance in enumerate(sure, 1) if chance * asked <= place * budget)
    last = max(places, default=0)
    limit = sure[last - 1] if last else 0.0
    unsure = _best_unsure(topic, fresh)
    return {
        one: graded(hits[one], asked)
        for one, _, chance in fresh
        if one in unsure or (chance is not None and chance <= limit)
    }


def in_daily_letters(
    topic: Topic, hits: Mapping[EntryId, TopicHit], entries: Iterable[Entry]
) -> Mapping[EntryId, TopicHit]:
    """Return those of `hits` that a letter a day with this topic alone would show of `entries`.

    A day is one of UTC on which entries were first seen; as strict as letters usually are.
    """
    if topic.about is None:
        return hits
    days: defaultdict[date, set[EntryId]] = defaultdict(set)
    for entry in entries:
        days[entry.first_seen_at.date()].add(entry.id)
    budget = BUDGETS[Strictness.NORMAL]
    shown = (let_through(topic, hits, among, budget) for among in days.values())
    return {one: hit for some in shown for one, hit in some.items()}


def asked_by(topic: Topic, new: int, found: int) -> int:
    """Return how many entries a topic with `about` was asked of: the `new` ones, or those its query found."""
    return new if topic.query is None else found


def graded(hit: TopicHit, asked: int) -> TopicHit:
    """Return `hit` with how sure it is, where its chance among as many entries as were `asked` is known."""
    return replace(hit, sureness=sureness_of(hit.chance, asked)) if hit.chance else hit


def sureness_of(chance: float, asked: int) -> Sureness:
    """Return how sure a hit is whose chance is not 0, among as many entries as were `asked`."""
    expected = chance * asked
    for grade, most in _GRADES:
        if expected <= most:
            return grade
    return Sureness.POSSIBLE


def _best_unsure(topic: Topic, fresh: Iterable[Numbers]) -> frozenset[EntryId]:
    """Return the few that may be shown though nobody can say how sure they are."""
    unsure = [(-score, one) for one, score, chance in fresh if chance is None]
    if topic.query is None:
        unsure = sorted(unsure)[:MOST_UNSURE]
    return frozenset(one for _, one in unsure)
