"""Letters for many at once: the usual subscribers of a batch, chosen on arrays.

Whoever plans for a few does without.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Final, NamedTuple, TypeGuard

import numpy as np

from newsletter.model import NO_RELEASE, Entry, EntryId, Order, Strictness, Topic, TopicHit
from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.finding import MOST_TOPICS, Asked
from newsletter.rules.choosing.learning import Asking, Learned
from newsletter.rules.choosing.lines import Lines
from newsletter.rules.choosing.reasons import Reasons
from newsletter.rules.choosing.shelf import NOTHING, make_shelf
from newsletter.rules.choosing.stretches import Exchange
from newsletter.rules.matching import (
    TellsMany,
    budget_of,
)
from newsletter.rules.ranking import Choice, in_order
from newsletter.rules.recent import Recent
from newsletter.rules.short_matches import (
    AskedTopic,
    Register,
    ShortMatches,
    write_entry,
)
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins

_CHOICES_KEPT: Final = 2_048
"""Of how many sets of topics it is kept what was chosen."""

_HITS_KEPT: Final = 5_000_000
"""Of all topics that were asked for together; some 40 bytes each."""

_NAME: Final = attrgetter("name")


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
    tells many of them at once, where there is one; what it told is exchanged with others beside us.
    """

    def __init__(
        self,
        fresh: Iterable[Entry],
        twins: Twins,
        topicality: Topicality,
        answer: Callable[[Sequence[Topic]], Iterable[tuple[Topic, Mapping[EntryId, TopicHit]]]],
        teller: TellsMany | None = None,
        exchange: Exchange | None = None,
    ) -> None:
        self._fresh = {entry.id: entry for entry in fresh}
        self._answer = answer
        self._teller = teller
        self._exchange = exchange
        self._shelf = make_shelf(self._fresh.values(), twins, topicality)
        factors = self._shelf.factors
        self._weights = [1.0] * len(self._fresh) if factors is None else factors.tolist()
        ordered = zip(self._shelf.ids, self._weights, strict=True)
        texts = [write_entry(self._fresh[one], weight) for one, weight in ordered]
        releases = (entry.release_no for entry in self._fresh.values())
        lowest = min(releases, default=NO_RELEASE)
        self._register = Register(texts, self._shelf.places, lowest)
        self._start_over()

    def _start_over(self) -> None:
        """Forget all topics, and everything that knows them by their numbers."""
        self._learned = Learned(self._shelf, self._answer, self._teller, self._exchange)
        reasons = Reasons(self._learned, self._teller.words_at if self._teller else None)
        self._lines = Lines(self._shelf, reasons)
        self._choices: Recent[Wish, Choice] = Recent(_CHOICES_KEPT)
        self._asked_topics: list[AskedTopic] = []
        """By the numbers of the columns."""

    def make_room(self) -> None:
        """Forget all topics where there are too many; earlier wishes mean nothing after it."""
        if len(self._learned.columns) > _HITS_KEPT:
            self._start_over()

    def look_ahead(self, asked: Iterable[Asking]) -> None:
        """Learn as many of these topics as can be told at once, for a batch."""
        self._learned.look_ahead(asked)

    def learn(self, asked: Iterable[Asking]) -> None:
        """Find what answers these topics, as far as they can be read: for wishes that are chosen next."""
        self._learned.learn(asked)

    def wish(
        self, topics: Sequence[Topic], strictness: Strictness, at_most: int, order: Order
    ) -> Wish | None:
        """Return what somebody with these topics wants.

        None where arrays cannot choose it, or the topics were not learned yet for as wide a gate.
        """
        if not 0 < len(topics) <= MOST_TOPICS or len(set(map(_NAME, topics))) < len(topics):
            return None
        columns = self._learned.columns.numbers(topics)
        if not _is_all(columns):
            return None
        lengths = self._learned.lengths(columns, budget_of(strictness, topics))
        return Wish(tuple(columns), tuple(lengths), at_most, order) if _is_all(lengths) else None

    def choose(self, wishes: Iterable[Wish]) -> Mapping[Wish, Choice]:
        """Return what is chosen for each; without those whose letter would show two twins.

        What several want is kept: it would be lost among all that one alone wants.
        """
        wanted = Counter(wishes)
        chosen = {wish: known for wish in wanted if (known := self._choices.get(wish))}
        others = [wish for wish in wanted if wish not in chosen]
        columns = self._learned.columns
        for rows, picked in choose_many(_asked_by(others), columns) if others else ():
            for wish, choice in self._choices_of(picked, others[rows]):
                chosen[wish] = choice
                if wanted[wish] > 1:
                    self._choices.keep(wish, choice)
        self._learned.forget_answers()
        return chosen

    def _choices_of(self, picked: Picked, wishes: Sequence[Wish]) -> Iterable[tuple[Wish, Choice]]:
        lines = self._lines.write(picked)
        is_one = picked.places >= 0
        entries = list(map(self._shelf.ids.__getitem__, picked.places[is_one].tolist()))
        shown, named = is_one[:, : picked.width].sum(axis=1), is_one[:, picked.width :].sum(axis=1)
        counts = shown.tolist(), named.tolist(), picked.may_be_twins.tolist()
        asked = self._asked()
        last = 0
        for wish, here, there, has_twins in zip(wishes, *counts, strict=True):
            first, middle, last = last, last + here, last + here + there
            if has_twins:
                continue
            topics = tuple([asked[one] for one in wish.columns])
            theirs = topics, self._register
            chosen = ShortMatches(entries[first:middle], lines[first:middle], *theirs)
            also = ShortMatches(entries[middle:last], lines[middle:last], *theirs)
            if wish.order is Order.RELEVANCE:
                yield wish, Choice(chosen, also)
            else:
                yield wish, Choice(tuple(in_order(chosen, wish.order, self._fresh)), also)

    def _asked(self) -> Sequence[AskedTopic]:
        """Return what lines need to know of all topics, by the numbers of the columns."""
        known = len(self._asked_topics)
        self._asked_topics += map(AskedTopic.of, self._learned.columns.topics[known:])
        return self._asked_topics


def _is_all(numbers: list[int | None]) -> TypeGuard[list[int]]:
    """Return whether all of the numbers are known."""
    return None not in numbers


def _asked_by(wishes: Sequence[Wish]) -> Asked:
    most = max(len(wish.columns) for wish in wishes)
    topics = [(*wish.columns, *repeat(NOTHING, most - len(wish.columns))) for wish in wishes]
    lengths = [(*wish.lengths, *repeat(0, most - len(wish.lengths))) for wish in wishes]
    at_most = np.array([wish.at_most for wish in wishes], np.int64)
    return Asked(np.array(topics, np.int64), at_most, np.array(lengths, np.int64))
