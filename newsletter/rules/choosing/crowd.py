"""Letters for many at once: the usual subscribers of a batch, chosen on arrays.

Whoever plans for a few does without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np

from newsletter.model import Entry, EntryId, Order, Strictness, Topic, TopicHit
from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.gating import count_unsaid, passing
from newsletter.rules.choosing.shelf import NOTHING, Numbers, make_shelf
from newsletter.rules.matching import TabledAnswer, asked_by, budget_of, graded
from newsletter.rules.ranking import Choice, in_order
from newsletter.rules.recent import Recent
from newsletter.rules.short_matches import (
    BETWEEN,
    AskedTopic,
    Register,
    ShortMatches,
    write_entry,
    write_part,
    write_reason,
    write_source_part,
)
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins

_REASONS_KEPT: Final = 250_000
"""Of how many topics with their entries it is kept why these are found: some 200 bytes each."""

_CHOICES_KEPT: Final = 2_048
"""Of how many sets of topics it is kept what was chosen."""

_HITS_KEPT: Final = 5_000_000
"""Of all topics that were asked for together; 20 bytes each."""

_PLACE_BITS: Final = 24


class Wish(NamedTuple):
    """What one subscriber wants: columns of topics, and how the letter is made of them.

    `lengths` says how many hits of each column pass the gate.
    """

    columns: tuple[int, ...]
    lengths: tuple[int, ...]
    at_most: int
    order: Order


class Crowd:
    """Chooses from the entries that are new to many. Answers and reasons are kept for the next batch.

    `answer` finds what answers some topics, in their order, and leaves out what it cannot read.
    """

    def __init__(
        self,
        fresh: Iterable[Entry],
        twins: Twins,
        topicality: Topicality,
        answer: Callable[[Sequence[Topic]], Iterable[tuple[Topic, Mapping[EntryId, TopicHit]]]],
    ) -> None:
        self._fresh = {entry.id: entry for entry in fresh}
        self._answer = answer
        self._shelf = make_shelf(self._fresh.values(), twins, topicality)
        factors = self._shelf.factors
        self._weights = [1.0] * len(self._fresh) if factors is None else factors.tolist()
        ordered = zip(self._shelf.ids, self._weights, strict=True)
        texts = [write_entry(self._fresh[one], weight) for one, weight in ordered]
        self._register = Register(texts, self._shelf.places)
        self._start_over()

    def _start_over(self) -> None:
        """Forget all topics, and everything that knows them by their numbers."""
        self._columns = Columns(self._shelf)
        self._lengths: dict[tuple[int, float], int | None] = {}
        self._reasons: dict[int, str] = {}
        self._choices: Recent[Wish, Choice] = Recent(_CHOICES_KEPT)
        self._answers: dict[int, Mapping[EntryId, TopicHit]] = {}
        """Those of the present batch, by the numbers of the columns."""

    def learn(self, topics: Iterable[Topic]) -> None:
        """Find what answers these topics, as far as they can be read: for all wishes of a batch at once."""
        known = self._columns.number
        unknown = [topic for topic in dict.fromkeys(topics) if known(topic) is None]
        for topic, hits in self._answer(unknown):
            self._answers[self._columns.add(topic, hits)] = hits

    def wish(
        self, topics: Sequence[Topic], strictness: Strictness, at_most: int, order: Order
    ) -> Wish | None:
        """Return what somebody with these topics wants, None where arrays cannot choose it.

        For topics that were learned in this batch.
        """
        if not 0 < len(topics) <= MOST_TOPICS or len({one.name for one in topics}) < len(topics):
            return None
        budget = budget_of(strictness, topics)
        numbers = [self._columns.number(topic) for topic in topics]
        columns = tuple([number for number in numbers if number is not None])
        if len(columns) < len(topics):
            return None
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
        self._answers.clear()
        if len(self._columns) > _HITS_KEPT:
            self._start_over()
        return chosen

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
        lines = self._lines(picked)
        rows = zip(picked.places.tolist(), lines, picked.may_be_twins.tolist(), strict=True)
        width = picked.width
        for wish, (places, said, has_twins) in zip(wishes, rows, strict=True):
            if has_twins:
                continue
            topics = tuple(AskedTopic.of(self._columns.topics[one]) for one in wish.columns)
            chosen = self._matches(places[: wish.at_most], said, topics)
            named = self._matches(places[width:], said[width:], topics)
            if wish.order is Order.RELEVANCE:
                yield wish, Choice(chosen, named)
            else:
                yield wish, Choice(tuple(in_order(chosen, wish.order, self._fresh)), named)

    def _matches(
        self, places: Sequence[int], lines: Sequence[str], topics: tuple[AskedTopic, ...]
    ) -> ShortMatches:
        count = places.index(NOTHING) if NOTHING in places else len(places)
        entries = [self._shelf.ids[place] for place in places[:count]]
        return ShortMatches(entries, lines[:count], topics, self._register)

    def _lines(self, picked: Picked) -> list[list[str]]:
        """Return the line of each entry; empty where there is none."""
        keys = np.where(
            picked.topics < 0, NOTHING, (picked.topics << _PLACE_BITS) | picked.places[..., None]
        )
        reasons = self._reasons
        self._find_reasons(np.unique(keys))
        first = [
            [
                f"{place}{BETWEEN}{slot} {units} {reasons[key]}" if key >= 0 else ""
                for place, slot, units, key in zip(*row, strict=True)
            ]
            for row in zip(
                picked.places.tolist(),
                picked.slots[..., 0].tolist(),
                picked.units[..., 0].tolist(),
                keys[..., 0].tolist(),
                strict=True,
            )
        ]
        for turn in range(1, keys.shape[2]):
            rows, entries = np.nonzero(keys[..., turn] >= 0)
            for row, entry, key, slot, units in zip(
                rows.tolist(),
                entries.tolist(),
                keys[rows, entries, turn].tolist(),
                picked.slots[rows, entries, turn].tolist(),
                picked.units[rows, entries, turn].tolist(),
                strict=True,
            ):
                first[row][entry] += f"{BETWEEN}{write_part(slot, units, reasons[key])}"
        self._add_sources(picked, first)
        return first

    def _add_sources(self, picked: Picked, lines: list[list[str]]) -> None:
        """Say what the weights of sources add, where there are any."""
        if self._shelf.factors is None:
            return
        given = np.where(picked.units >= 0, picked.units, 0).sum(axis=2)
        added = self._shelf.by_sources(picked.places, given)
        is_said = (picked.places >= 0) & (self._shelf.factors[picked.places] != 1)
        for row, entry in zip(*(one.tolist() for one in np.nonzero(is_said)), strict=True):
            lines[row][entry] += f"{BETWEEN}{write_source_part(int(added[row, entry]))}"

    def _find_reasons(self, keys: Numbers) -> None:
        """Find out why topics find their entries, where it is not known yet."""
        if len(self._reasons) > _REASONS_KEPT:
            self._reasons.clear()
        unknown = [key for key in keys.tolist() if key >= 0 and key not in self._reasons]
        columns = dict.fromkeys(key >> _PLACE_BITS for key in unknown)
        lost = {self._columns.topics[one]: one for one in columns if one not in self._answers}
        for topic, hits in self._answer(list(lost)):
            self._answers[lost[topic]] = hits
        for key in unknown:
            column, place = key >> _PLACE_BITS, key & (2**_PLACE_BITS - 1)
            hit = _hit(self._answers[column], self._shelf.ids[place])
            self._reasons[key] = write_reason(graded(hit, self._asked(column)))

    def _asked(self, column: int) -> int:
        topic, size = self._columns.topics[column], int(self._columns.sizes[column])
        return asked_by(topic, len(self._fresh), size)


def _hit(hits: Mapping[EntryId, TopicHit], id_: EntryId) -> TopicHit:
    return hits.without_terms(id_) if isinstance(hits, TabledAnswer) else hits[id_]


def _asked(wishes: Sequence[Wish]) -> Asked:
    most = max(len(wish.columns) for wish in wishes)
    topics = [(*wish.columns, *repeat(NOTHING, most - len(wish.columns))) for wish in wishes]
    lengths = [(*wish.lengths, *repeat(0, most - len(wish.lengths))) for wish in wishes]
    at_most = np.array([wish.at_most for wish in wishes], np.int64)
    return Asked(np.array(topics, np.int64), at_most, np.array(lengths, np.int64))
