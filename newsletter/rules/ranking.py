"""The best few of many matches, fairly spread over topics.

Merging topics by score alone starves those with low scores. So places are given out in three rounds, each
going through the matches from the best to the least:

1. Followed authors and organizations: they are always shown.
2. One place for the best match of each topic, topics in the order of their best match.
3. The rest by score, but a topic that has its fair share (the places divided by the topics, and half
   of that again) waits; what then is still free goes by score alone.

An entry counts for its best topic; in round 2 for all its topics. Of two entries with nearly the same title
only the better one is chosen, the other is named among those also matched.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from math import ceil
from operator import attrgetter
from typing import Final, Protocol

from newsletter.model import Entry, EntryContent, EntryId, Match, Order, ReasonKind, record
from newsletter.rules.twins import Twins

MOST_ALSO_MATCHED: Final = 10
"""Titles of entries cut by `at_most` that a letter names."""

_QUOTA_SLACK: Final = 1.5

_SCORE: Final = attrgetter("score")
_TOPICS: Final = attrgetter("topics")

_FOLLOWED: Final = frozenset({ReasonKind.AUTHOR, ReasonKind.ORGANIZATION})


@record
class Choice:
    """What a letter shows, in its order, and what else matched, best first."""

    chosen: Sequence[Match]
    also_matched: Sequence[Match] = ()


class Ranking(Protocol):
    """Matches to choose from; put in order, perhaps, only as far as somebody looks."""

    def __iter__(self) -> Iterator[Match]:
        """Yield all, best first."""
        ...

    def followed(self) -> Iterator[Match]:
        """Yield those of followed names, best first."""
        ...

    def topics(self) -> Sequence[str]:
        """Return the topics that have a match, by their best one."""
        ...

    def of_topic(self, topic: str) -> Iterator[Match]:
        """Yield those of one topic, best first."""
        ...


def choose(
    matches: Iterable[Match], at_most: int, order: Order, entries: Mapping[EntryId, Entry]
) -> Choice:
    """Return at most `at_most` of `matches`, sorted by `order`, and up to ten of the others.

    `entries` must hold every entry of `matches`. Equal scores keep the order in which they come.
    """
    return choose_from(Listed(matches), at_most, order, entries, Twins(entries))


def choose_from(
    ranking: Ranking, at_most: int, order: Order, entries: Mapping[EntryId, Entry], twins: Twins
) -> Choice:
    """Return what `choose` returns, of matches that are in order; `twins` are those of `entries`."""
    seats = _Seats(at_most, twins)
    _go_round(ranking, seats, at_most)
    others = (match for match in ranking if match.entry not in seats.taken)
    chosen = sorted(seats.chosen, key=_SCORE, reverse=True)
    return Choice(tuple(in_order(chosen, order, entries)), tuple(islice(others, MOST_ALSO_MATCHED)))


def in_order(
    chosen: Sequence[Match], order: Order, entries: Mapping[EntryId, Entry]
) -> Sequence[Match]:
    """Return what is chosen, which is sorted by relevance, sorted by `order`."""
    if order is Order.RELEVANCE:
        return chosen
    key = _SORTINGS[order]
    return sorted(chosen, key=lambda match: key(match, entries[match.entry].content))


def quota_of(at_most: int, topics: int) -> int:
    """Return how many places a topic may get before it waits, in a letter for as many topics."""
    return ceil(_QUOTA_SLACK * at_most / topics) if topics else at_most


@dataclass(slots=True)
class _Seats:
    """The places of one letter while they are given out."""

    free: int
    twins: Twins
    chosen: list[Match] = field(default_factory=list)
    taken: set[EntryId] = field(default_factory=set)
    by_topic: dict[str, int] = field(default_factory=dict)
    """For how many of the chosen a topic is the best."""
    fed: set[str] = field(default_factory=set)
    """The topics for which a match is chosen, as its best topic or not."""

    def offer(self, match: Match) -> bool:
        """Give `match` a place unless it or its like has one; return whether one is left."""
        if match.entry not in self.taken and self.taken.isdisjoint(self.twins.of(match.entry)):
            self.free -= 1
            self.chosen.append(match)
            self.taken.add(match.entry)
            self.fed.update(match.topics)
            if match.topics:
                best = match.topics[0]
                self.by_topic[best] = self.by_topic.get(best, 0) + 1
        return self.free > 0


def _go_round(ranking: Ranking, seats: _Seats, at_most: int) -> None:
    """Give out places in the three rounds, the last in its two halves, until none is left."""
    topics = ranking.topics()
    quota = quota_of(at_most, len(topics))
    rounds = (
        ranking.followed(),
        chain.from_iterable(_until_fed(topic, ranking, seats.fed) for topic in topics),
        _within(quota, ranking, seats.by_topic),
        ranking,
    )
    for candidates in rounds:
        for match in candidates:
            if not seats.offer(match):
                return


def _until_fed(topic: str, ranking: Ranking, fed: AbstractSet[str]) -> Iterator[Match]:
    if topic in fed:
        return
    for match in ranking.of_topic(topic):
        yield match
        if topic in fed:
            return


def _within(quota: int, ranking: Ranking, by_topic: Mapping[str, int]) -> Iterator[Match]:
    for match in ranking:
        topics = match.topics
        if not topics or by_topic.get(topics[0], 0) < quota:
            yield match


class Listed:
    """All matches in a list, as a `Ranking`."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._best_first = sorted(matches, key=_SCORE, reverse=True)

    def __iter__(self) -> Iterator[Match]:
        """Yield all, best first."""
        return iter(self._best_first)

    def followed(self) -> Iterator[Match]:
        """Yield those of followed names, best first."""
        return (match for match in self._best_first if _is_followed(match))

    def topics(self) -> Sequence[str]:
        """Return the topics that have a match, by their best one."""
        return tuple(dict.fromkeys(chain.from_iterable(map(_TOPICS, self._best_first))))

    def of_topic(self, topic: str) -> Iterator[Match]:
        """Yield those of one topic, best first."""
        return (match for match in self._best_first if topic in match.topics)


def _is_followed(match: Match) -> bool:
    return match.reasons[-1].kind in _FOLLOWED  # followed names stand behind the topics


def _by_trend(match: Match, content: EntryContent) -> tuple[float, ...]:
    return (-(content.upvotes or 0), -(content.comments or 0), -match.score)


def _by_day(match: Match, content: EntryContent) -> tuple[float, ...]:
    return (-(content.published_on or date.min).toordinal(), -match.score)


_SORTINGS: Final[Mapping[Order, Callable[[Match, EntryContent], tuple[float, ...]]]] = {
    Order.TRENDING: _by_trend,
    Order.NEWEST: _by_day,
}
