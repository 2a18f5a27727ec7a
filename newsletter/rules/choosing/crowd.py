"""Letters for many at once: the usual subscribers of a batch, chosen on arrays.

Whoever plans for a few does without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np

from newsletter.model import Entry, EntryId, Order, Strictness, Topic, TopicHit
from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.learning import Asking, Learned
from newsletter.rules.choosing.reasons import Reasons, reason_keys
from newsletter.rules.choosing.shelf import NOTHING, make_shelf
from newsletter.rules.matching import (
    TellsMany,
    budget_of,
)
from newsletter.rules.ranking import Choice, in_order
from newsletter.rules.recent import Recent
from newsletter.rules.short_matches import (
    BETWEEN,
    AskedTopic,
    Register,
    ShortMatches,
    write_entry,
    write_part,
    write_source_part,
)
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins

_CHOICES_KEPT: Final = 2_048
"""Of how many sets of topics it is kept what was chosen."""

_HITS_KEPT: Final = 5_000_000
"""Of all topics that were asked for together; 20 bytes each."""


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

    `answer` finds what answers some topics, in their order, and leaves out what it cannot read; `teller`
    tells many of them at once, where there is one.
    """

    def __init__(
        self,
        fresh: Iterable[Entry],
        twins: Twins,
        topicality: Topicality,
        answer: Callable[[Sequence[Topic]], Iterable[tuple[Topic, Mapping[EntryId, TopicHit]]]],
        teller: TellsMany | None = None,
    ) -> None:
        self._fresh = {entry.id: entry for entry in fresh}
        self._answer = answer
        self._teller = teller
        self._shelf = make_shelf(self._fresh.values(), twins, topicality)
        factors = self._shelf.factors
        self._weights = [1.0] * len(self._fresh) if factors is None else factors.tolist()
        ordered = zip(self._shelf.ids, self._weights, strict=True)
        texts = [write_entry(self._fresh[one], weight) for one, weight in ordered]
        self._register = Register(texts, self._shelf.places)
        self._start_over()

    def _start_over(self) -> None:
        """Forget all topics, and everything that knows them by their numbers."""
        self._learned = Learned(self._shelf, self._answer, self._teller)
        self._reasons = Reasons(self._learned, self._teller.words_at if self._teller else None)
        self._choices: Recent[Wish, Choice] = Recent(_CHOICES_KEPT)
        self._asked_topics: list[AskedTopic] = []
        """By the numbers of the columns."""

    def look_ahead(self, asked: Iterable[Asking]) -> None:
        """Learn as many topics as can be told at once, for a batch; earlier wishes mean nothing after it."""
        if len(self._learned.columns) > _HITS_KEPT:
            self._start_over()
        self._learned.look_ahead(asked)

    def learn(self, asked: Iterable[Asking]) -> None:
        """Find what answers these topics, as far as they can be read: for wishes that are chosen next."""
        self._learned.learn(asked)

    def wish(
        self, topics: Sequence[Topic], strictness: Strictness, at_most: int, order: Order
    ) -> Wish | None:
        """Return what somebody with these topics wants, None where arrays cannot choose it.

        For topics that were learned for as strict a gate.
        """
        if not 0 < len(topics) <= MOST_TOPICS or len({one.name for one in topics}) < len(topics):
            return None
        numbers = map(self._learned.columns.number, topics)
        columns = tuple([number for number in numbers if number is not None])
        if len(columns) < len(topics):
            return None
        known = self._learned.lengths(columns, budget_of(strictness, topics))
        lengths = tuple([length for length in known if length is not None])
        return Wish(columns, lengths, at_most, order) if len(lengths) == len(columns) else None

    def choose(self, wishes: Iterable[Wish]) -> Mapping[Wish, Choice]:
        """Return what is chosen for each; without those whose letter would show two twins."""
        wanted = dict.fromkeys(wishes)
        chosen = {wish: known for wish in wanted if (known := self._choices.get(wish))}
        others = [wish for wish in wanted if wish not in chosen]
        columns = self._learned.columns
        for rows, picked in choose_many(_asked(others), columns) if others else ():
            for wish, choice in self._choices_of(picked, others[rows]):
                chosen[wish] = self._choices.keep(wish, choice)
        self._learned.forget_answers()
        return chosen

    def _choices_of(self, picked: Picked, wishes: Sequence[Wish]) -> Iterable[tuple[Wish, Choice]]:
        lines = self._lines(picked)
        rows = zip(picked.places.tolist(), lines, picked.may_be_twins.tolist(), strict=True)
        width = picked.width
        known = len(self._asked_topics)
        self._asked_topics += map(AskedTopic.of, self._learned.columns.topics[known:])
        asked = self._asked_topics
        for wish, (places, said, has_twins) in zip(wishes, rows, strict=True):
            if has_twins:
                continue
            topics = tuple([asked[one] for one in wish.columns])
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
        keys = reason_keys(picked.topics, picked.places[..., None])
        reasons = self._reasons.find(keys)
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


def _asked(wishes: Sequence[Wish]) -> Asked:
    most = max(len(wish.columns) for wish in wishes)
    topics = [(*wish.columns, *repeat(NOTHING, most - len(wish.columns))) for wish in wishes]
    lengths = [(*wish.lengths, *repeat(0, most - len(wish.lengths))) for wish in wishes]
    at_most = np.array([wish.at_most for wish in wishes], np.int64)
    return Asked(np.array(topics, np.int64), at_most, np.array(lengths, np.int64))
