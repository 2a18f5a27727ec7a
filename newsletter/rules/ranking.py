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

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from math import ceil
from operator import attrgetter
from typing import Final

from newsletter.model import Entry, EntryContent, EntryId, Match, Order, ReasonKind
from newsletter.rules.query import words

MOST_ALSO_MATCHED: Final = 10
"""Titles of entries cut by `at_most` that a letter names."""

_QUOTA_SLACK: Final = 1.5
_NEAR_EQUAL: Final = 0.9
"""Share of common words (Jaccard). `A` and `E` in a title of ten words leave .8: not equal."""

_SCORE: Final = attrgetter("score")
_TOPICS: Final = attrgetter("topics")

_FOLLOWED: Final = frozenset({ReasonKind.AUTHOR, ReasonKind.ORGANIZATION})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a letter shows, in its order, and what else matched, best first."""

    chosen: tuple[Match, ...]
    also_matched: tuple[Match, ...] = ()


def choose(
    matches: Iterable[Match], at_most: int, order: Order, entries: Mapping[EntryId, Entry]
) -> Choice:
    """Return at most `at_most` of `matches`, sorted by `order`, and up to ten of the others.

    `entries` must hold every entry of `matches`. Equal scores keep the order in which they come.
    """
    best_first = sorted(matches, key=_SCORE, reverse=True)
    seats = _Seats(at_most, entries)
    for match in chain.from_iterable(_rounds(best_first, seats, at_most)):
        if seats.free <= 0:
            break
        seats.offer(match)
    others = (match for match in best_first if match.entry not in seats.taken)
    key = _SORTINGS[order]
    chosen = sorted(seats.chosen, key=lambda match: key(match, entries[match.entry].content))
    return Choice(tuple(chosen), tuple(islice(others, MOST_ALSO_MATCHED)))


@dataclass(slots=True)
class _Seats:
    """The places of one letter while they are given out."""

    free: int
    entries: Mapping[EntryId, Entry]
    chosen: list[Match] = field(default_factory=list)
    taken: set[EntryId] = field(default_factory=set)
    titles: list[frozenset[str]] = field(default_factory=list)
    by_topic: Counter[str] = field(default_factory=Counter)
    fed: set[str] = field(default_factory=set)
    """The topics for which a match is chosen, as its best topic or not."""

    def offer(self, match: Match) -> None:
        """Give `match` a place unless it or its like has one."""
        if match.entry in self.taken:
            return
        title = _title_words(self.entries[match.entry].content.title)
        if any(_is_near(title, other) for other in self.titles):
            return
        self.free -= 1
        self.chosen.append(match)
        self.taken.add(match.entry)
        self.titles.append(title)
        self.by_topic.update(match.topics[:1])
        self.fed.update(match.topics)


def _rounds(best_first: Sequence[Match], seats: _Seats, at_most: int) -> Iterable[Iterable[Match]]:
    topics = tuple(dict.fromkeys(chain.from_iterable(map(_TOPICS, best_first))))
    quota = ceil(_QUOTA_SLACK * at_most / len(topics)) if topics else at_most
    yield (match for match in best_first if _is_followed(match))
    yield chain.from_iterable(_until_fed(topic, best_first, seats) for topic in topics)
    yield (match for match in best_first if _is_within(match, quota, seats))
    yield best_first


def _is_followed(match: Match) -> bool:
    return match.reasons[-1].kind in _FOLLOWED  # followed names stand behind the topics


def _until_fed(topic: str, best_first: Sequence[Match], seats: _Seats) -> Iterable[Match]:
    for match in best_first:
        if topic in seats.fed:
            return
        if topic in match.topics:
            yield match


def _is_within(match: Match, quota: int, seats: _Seats) -> bool:
    return all(seats.by_topic[topic] < quota for topic in match.topics[:1])


@lru_cache(maxsize=10_000)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(words(title))


def _is_near(title: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two titles have nearly the same words; titles without any word are never near."""
    one, two = len(title), len(other)
    if one < _NEAR_EQUAL * two or two < _NEAR_EQUAL * one:  # they differ by their number alone
        return False
    common = len(title & other)
    return common > 0 and common >= _NEAR_EQUAL * (one + two - common)


def _by_relevance(match: Match, _: EntryContent) -> tuple[float, ...]:
    return (-match.score,)


def _by_trend(match: Match, content: EntryContent) -> tuple[float, ...]:
    return (-(content.upvotes or 0), -(content.comments or 0), -match.score)


def _by_day(match: Match, content: EntryContent) -> tuple[float, ...]:
    return (-(content.published_on or date.min).toordinal(), -match.score)


_SORTINGS: Final[Mapping[Order, Callable[[Match, EntryContent], tuple[float, ...]]]] = {
    Order.RELEVANCE: _by_relevance,
    Order.TRENDING: _by_trend,
    Order.NEWEST: _by_day,
}
