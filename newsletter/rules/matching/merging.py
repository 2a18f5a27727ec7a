"""A few rankings as one, put in order only as far as somebody looks.

A letter shows ten entries and names ten, of the hundreds that its topics find. Each topic's column is in
order already, and so is what two of them have in common; the best of all are among the heads of these.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import Final, NamedTuple

from newsletter.model import Entry, EntryId, Match

FIRST_LOOK: Final = 96
"""How many of each part are put in order at first: all that most letters are chosen from."""
_OF_TOPIC: Final = 2
"""The same where a single topic is asked for."""
_DEEPER: Final = 4
"""How many times as many at each further look."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry with what it is worth to everyone who asks for the same."""

    id: EntryId
    match: Match
    upvotes: int | None
    is_followed: bool
    order: tuple[float, int, int, str]
    """By score, then day, then release, newest first; the id makes it the same every time."""


BY_ORDER: Final = attrgetter("order")

_NO_DAY: Final = 0
"""Stands for the day of an entry of which the day is not known: before all others."""


def newest_first(entry: Entry) -> tuple[int, int, str]:
    """Return by what entries with equal scores are in order; the id makes it the same every time."""
    day = entry.content.published_on
    return -(day.toordinal() if day else _NO_DAY), -entry.release_no, entry.id


class Part(NamedTuple):
    """One of the rankings that are merged; what is in `without` is left out."""

    ranked: Sequence[Ranked]
    """In order."""
    without: AbstractSet[EntryId]
    topics: tuple[str, ...]
    """The names of the topics that find each of them."""


class Merged:
    """What several parts hold, best first. No entry is in two parts but where one leaves it out.

    A match may be of more topics than its part says when it was made for one reader alone: such
    parts are `special`, and small.
    """

    __slots__ = ("_special", "_topics", "_whole")

    def __init__(
        self,
        topics: Sequence[str],
        parts: Sequence[Part],
        special: Sequence[Ranked],
        look: int = FIRST_LOOK,
    ) -> None:
        self._topics = topics
        self._special = special
        self._whole = _Lazy(parts, special, look)

    def __iter__(self) -> Iterator[Match]:
        """Yield the matches, best first."""
        return iter(self._whole)

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return next(iter(self), None) is not None

    def followed(self) -> Iterator[Match]:
        """Yield the matches of followed names, best first."""
        return (one.match for one in self._special if one.is_followed)

    def topics(self) -> list[str]:
        """Return the topics that have a match, by their best one."""
        seen: list[str] = []
        for match in self._whole.known():
            for name in match.topics:
                if name not in seen:
                    seen.append(name)
            if len(seen) == len(self._topics):
                return seen
        if self._whole.is_whole:
            return seen
        best = ((self._of_topic(name).first(), name) for name in self._topics if name not in seen)
        later = sorted((one.order, one.match.topics.index(name), name) for one, name in best if one)
        return [*seen, *(name for _, _, name in later)]

    def of_topic(self, topic: str) -> Iterator[Match]:
        """Yield the matches of one topic, best first."""
        known = [match for match in self._whole.known() if topic in match.topics]
        if self._whole.is_whole:
            return iter(known)
        return chain(known, islice(self._of_topic(topic), len(known), None))

    def _of_topic(self, topic: str) -> "_Lazy":
        parts = [part for part in self._whole.parts if topic in part.topics]
        special = [one for one in self._special if topic in one.match.topics]
        return _Lazy(parts, special, _OF_TOPIC)


class _Lazy:
    """The parts in one order, of which `sure` is known so far."""

    __slots__ = ("_depth", "_special", "is_whole", "parts", "sure")

    def __init__(self, parts: Sequence[Part], special: Sequence[Ranked], depth: int) -> None:
        self.parts = parts
        self.sure: list[Match] = []
        self._special = special
        self._depth = depth
        self.is_whole = False

    def __iter__(self) -> Iterator[Match]:
        known = self.known()
        return iter(known) if self.is_whole else self._step_by_step()

    def _step_by_step(self) -> Iterator[Match]:
        given = 0
        while True:
            known = self.known()
            yield from known[given:]
            given = len(known)
            if known is self.sure:
                if self.is_whole:
                    return
                self._look_deeper()

    def known(self) -> Sequence[Match]:
        """Return the first few, or more, as far as they are in order by now."""
        if not self.sure and not self.is_whole:
            self._look_deeper()
        return self.sure

    def first(self) -> Ranked | None:
        """Return the best."""
        heads = [
            next((one for one in part.ranked if one.id not in part.without), None)
            for part in self.parts
        ]
        return min((one for one in (*heads, *self._special[:1]) if one), key=BY_ORDER, default=None)

    def _look_deeper(self) -> None:
        """Put more in order; certain is what comes before all that was not looked at."""
        depth = self._depth
        self._depth *= _DEEPER
        found = list(self._special)
        ends = []
        for ranked, without, _ in self.parts:
            head = ranked[:depth]
            if len(ranked) > depth:
                ends.append(head[-1].order)
            found += [one for one in head if one.id not in without] if without else head
        found.sort(key=BY_ORDER)
        if ends:
            del found[bisect_right(found, min(ends), key=BY_ORDER) :]
        self.is_whole = not ends
        self.sure = [one.match for one in found]
