"""Letters for many at once: the usual subscribers of a batch, chosen on arrays.

Whoever plans for a few does without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np

from newsletter.model import Entry, EntryId, Match, Order, Strictness, Topic, TopicHit
from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.gating import count_unsaid, passing
from newsletter.rules.choosing.shelf import NOTHING, make_shelf
from newsletter.rules.matching import Ranker, asked_by, budget_of, graded
from newsletter.rules.ranking import Choice, in_order
from newsletter.rules.recent import Recent
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins

_MATCHES_KEPT: Final = 50_000
"""Entries with the topics that find them, each as one object for all who have these topics."""

_CHOICES_KEPT: Final = 4_096
"""Of how many sets of topics it is kept what was chosen."""

_HITS_KEPT: Final = 3_000_000
"""Of all topics that were asked for together; 20 bytes each."""

_TOPIC_BITS: Final = 32


class Wish(NamedTuple):
    """What one subscriber wants: columns of topics, and how the letter is made of them.

    `lengths` says how many hits of each column pass the gate.
    """

    columns: tuple[int, ...]
    lengths: tuple[int, ...]
    at_most: int
    order: Order


class Crowd:
    """Chooses from the entries that are new to many. Answers and matches are kept for the next batch.

    `answer` finds what answers a topic and raises QueryError for one that cannot be read.
    """

    def __init__(
        self,
        fresh: Iterable[Entry],
        ranker: Ranker,
        twins: Twins,
        topicality: Topicality,
        answer: Callable[[Topic], Mapping[EntryId, TopicHit]],
    ) -> None:
        self._fresh = {entry.id: entry for entry in fresh}
        self._ranker = ranker
        self._answer = answer
        self._shelf = make_shelf(self._fresh.values(), twins, topicality)
        self._start_over()

    def _start_over(self) -> None:
        """Forget all topics, and everything that knows them by their numbers."""
        self._columns = Columns(self._shelf)
        self._sets = _Sets()
        self._lengths: dict[tuple[int, float], int | None] = {}
        self._matches: Recent[int, Match] = Recent(_MATCHES_KEPT)
        self._choices: Recent[Wish, Choice] = Recent(_CHOICES_KEPT)

    def wish(
        self, topics: Sequence[Topic], strictness: Strictness, at_most: int, order: Order
    ) -> Wish | None:
        """Return what somebody with these topics wants, None where arrays cannot choose it."""
        if not 0 < len(topics) <= MOST_TOPICS or len({one.name for one in topics}) < len(topics):
            return None
        budget = budget_of(strictness, topics)
        columns = tuple(map(self._column, topics))
        known = (self._length(column, budget) for column in columns)
        lengths = tuple(length for length in known if length is not None)
        return Wish(columns, lengths, at_most, order) if len(lengths) == len(columns) else None

    def choose(self, wishes: Iterable[Wish]) -> Mapping[Wish, Choice]:
        """Return what is chosen for each; without those whose letter would show two twins.

        All wishes of the batch at once: after it they may have no meaning any more.
        """
        wanted = dict.fromkeys(wishes)
        chosen = {wish: known for wish in wanted if (known := self._choices.get(wish))}
        others = [wish for wish in wanted if wish not in chosen]
        for rows, picked in choose_many(_asked(others), self._columns) if others else ():
            for wish, choice in self._choices_of(picked, others[rows]):
                chosen[wish] = self._choices.keep(wish, choice)
        if len(self._columns) > _HITS_KEPT:
            self._start_over()
        return chosen

    def _column(self, topic: Topic) -> int:
        known = self._columns.number(topic)
        return self._columns.add(topic, self._answer(topic)) if known is None else known

    def _length(self, column: int, budget: float) -> int | None:
        """Return how many hits of a column pass the gate; None where it cannot be told by chances."""
        key = (column, budget)
        if key not in self._lengths:
            self._lengths[key] = self._measure(column, budget)
        return self._lengths[key]

    def _measure(self, column: int, budget: float) -> int | None:
        topic, start = self._columns.topics[column], int(self._columns.starts[column])
        size = int(self._columns.sizes[column])
        if topic.about is None:
            return size
        chances = self._columns.chances[start : start + size]
        if topic.query is None and count_unsaid(chances):
            return None
        return passing(chances, asked_by(topic, len(self._fresh), size), budget)

    def _choices_of(self, picked: Picked, wishes: Sequence[Wish]) -> Iterable[tuple[Wish, Choice]]:
        known = self._matches.get
        for has_twins, numbers, wish in zip(
            picked.may_be_twins.tolist(), self._numbers(picked), wishes, strict=True
        ):
            if has_twins:
                continue
            shown = [known(one) or self._match(one) for one in numbers[: wish.at_most] if one >= 0]
            named = [known(one) or self._match(one) for one in numbers[picked.width :] if one >= 0]
            yield wish, Choice(tuple(in_order(shown, wish.order, self._fresh)), tuple(named))

    def _numbers(self, picked: Picked) -> list[list[int]]:
        """Return a number for each entry with the topics that find it, NOTHING for no entry."""
        sets = picked.topics[:, :, 0].copy()
        if picked.topics.shape[2] > 1:
            several = picked.topics[:, :, 1] >= 0
            sets[several] = [self._sets.number(one) for one in picked.topics[several].tolist()]
        numbers = np.where(picked.places < 0, NOTHING, (picked.places << _TOPIC_BITS) | sets)
        rows: list[list[int]] = numbers.tolist()
        return rows

    def _match(self, number: int) -> Match:
        id_ = self._shelf.ids[number >> _TOPIC_BITS]
        found_by = self._sets.columns(number & (2**_TOPIC_BITS - 1))
        answered = tuple(
            (self._columns.topics[one], graded(self._hit(one, id_), self._asked(one)))
            for one in found_by
        )
        return self._matches.keep(number, self._ranker.match(id_, answered))

    def _hit(self, column: int, id_: EntryId) -> TopicHit:
        return self._answer(self._columns.topics[column])[id_]

    def _asked(self, column: int) -> int:
        topic, size = self._columns.topics[column], int(self._columns.sizes[column])
        return asked_by(topic, len(self._fresh), size)


class _Sets:
    """Numbers for columns that find an entry together; one column has its own number."""

    _FIRST: Final = 2 ** (_TOPIC_BITS - 1)

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, ...], int] = {}
        self._sets: list[tuple[int, ...]] = []

    def number(self, columns: Sequence[int]) -> int:
        """Return the number of several columns, with NOTHING behind them."""
        wanted = tuple(columns)
        known = self._numbers.get(wanted)
        if known is None:
            known = self._numbers[wanted] = self._FIRST + len(self._sets)
            self._sets.append(tuple(one for one in wanted if one >= 0))
        return known

    def columns(self, number: int) -> tuple[int, ...]:
        """Return the columns of a number."""
        return (number,) if number < self._FIRST else self._sets[number - self._FIRST]


def _asked(wishes: Sequence[Wish]) -> Asked:
    most = max(len(wish.columns) for wish in wishes)
    topics = [(*wish.columns, *repeat(NOTHING, most - len(wish.columns))) for wish in wishes]
    lengths = [(*wish.lengths, *repeat(0, most - len(wish.lengths))) for wish in wishes]
    at_most = np.array([wish.at_most for wish in wishes], np.int64)
    return Asked(np.array(topics, np.int64), at_most, np.array(lengths, np.int64))
