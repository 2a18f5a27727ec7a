"""What is known of topics on one shelf: their columns, and how far each gate reaches into them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.model import EntryId, Strictness, Topic, TopicHit
from newsletter.rules.choosing.columns import Columns
from newsletter.rules.choosing.gating import passing
from newsletter.rules.choosing.shelf import NOTHING, Numbers, Shelf
from newsletter.rules.choosing.stretches import Exchange
from newsletter.rules.matching import TellsMany, asked_by, budget_of

Answer = Callable[[Sequence[Topic]], Iterable[tuple[Topic, Mapping[EntryId, TopicHit]]]]
"""Finds what answers some topics, in their order, and leaves out what it cannot read."""

Asking = tuple[Sequence[Topic], Strictness]
"""The topics of somebody, and how strict they are."""

_Gate = tuple[Topic, float]
"""A topic and its budget."""

_WORTH_TELLING: Final = 100
"""Topics: fewer are learned as fast as they are told."""

_UNKNOWN: Final = -1.0
"""A gate that lets nothing through."""

UNTOLD: Final = -1
_UNMEASURED: Final = -2
"""Stand in place of how many hits pass."""


def _gates_of(asked: Iterable[Asking]) -> list[_Gate]:
    """Return each topic of each with the budget that it has there."""
    shared = [(topics, budget_of(strictness, topics)) for topics, strictness in asked]
    return [(topic, budget) for topics, budget in shared for topic in topics]


def _name_of(fingerprint: str, shelf: Shelf) -> str:
    """Return what tells apart what is learned of these entries of an index."""
    return sha256("\0".join((fingerprint, *shelf.ids)).encode()).hexdigest()


class Learned:
    """Topics that were asked for, with their columns.

    `teller` tells the answers to many topics at once, where there is one: where the words of these stand is
    kept with them. Other answers are objects, which are held until they are forgotten. What is told is
    exchanged with others who learn beside us, where there is an `exchange`.
    """

    def __init__(
        self,
        shelf: Shelf,
        answer: Answer,
        teller: TellsMany | None,
        exchange: Exchange | None = None,
    ) -> None:
        self.columns = Columns(shelf)
        self._answer = answer
        self._teller = teller
        fingerprint = teller.fingerprint() if teller and exchange else ""
        self._talk = (
            exchange.about(_name_of(fingerprint, shelf)) if exchange and fingerprint else None
        )
        self._lengths: dict[float, NDArray[np.int32]] = {}
        """By the budget of a gate, and the numbers of the columns; _UNMEASURED where nobody asked yet."""
        self._answers: dict[int, Mapping[EntryId, TopicHit]] = {}
        """By the numbers of the columns."""

    def look_ahead(self, asked: Iterable[Asking]) -> None:
        """Learn as many of these topics as can be told at once: they take little room."""
        if self._teller is None:
            return
        columns, budgets = self.columns, self._unknown(_gates_of(asked))
        if self._talk and budgets:
            for stretch in self._talk.take():
                columns.take_over(stretch)
            budgets = self._unknown(list(budgets.items()))
        first = len(columns.topics)
        for topics, table in self._teller.tell(list(budgets), columns.shelf.ids):
            columns.add_table(topics, table, [budgets[topic] for topic in topics])
        if self._talk and first + _WORTH_TELLING <= len(columns.topics):
            self._talk.give(columns.since(first))

    def learn(self, asked: Iterable[Asking]) -> None:
        """Learn all of these topics that can be read, and hold their answers."""
        budgets = self._unknown(_gates_of(asked))
        for topic, hits in self._answer(list(budgets)) if budgets else ():
            self._answers[self.columns.add(topic, hits, budgets[topic])] = hits

    def forget_answers(self) -> None:
        """Let go of the answers that are held."""
        self._answers.clear()

    def answer(self, column: int) -> Mapping[EntryId, TopicHit]:
        """Return the answer to the topic of a column, which may have to be found once more."""
        if column not in self._answers:
            ((_, hits),) = self._answer([self.columns.topics[column]])
            self._answers[column] = hits
        return self._answers[column]

    def lengths(self, columns: Numbers, budget: float) -> Numbers:
        """Return how many hits of each of these columns pass a gate.

        UNTOLD where chances cannot tell it, and where the topic was learned for a narrower gate.
        """
        known = self._lengths.get(budget)
        if known is None or len(known) < len(self.columns.topics):
            more = np.full(len(self.columns.topics), _UNMEASURED, np.int32)
            if known is not None:
                more[: len(known)] = known
            self._lengths[budget] = known = more
        unknown = columns[known[columns] == _UNMEASURED]
        for column in np.unique(unknown).tolist():
            known[column] = self._measure(column, budget)
        return known[columns].astype(np.int64)

    def asked(self, column: int) -> int:
        """Return how many entries the topic of a column was asked of."""
        size = int(self.columns.sizes[column])
        return asked_by(self.columns.topics[column], len(self.columns.shelf.ids), size)

    def _measure(self, column: int, budget: float) -> int:
        columns = self.columns
        topic, start = columns.topics[column], int(columns.starts[column])
        size = int(columns.sizes[column])
        if topic.about is None:
            return size
        if columns.budgets[column] < budget:
            return UNTOLD
        if topic.query is None and size and columns.chances[start] < 0:  # nothing is said of it
            return UNTOLD
        if topic.query is None and budget == columns.budgets[column]:
            return size
        return passing(columns.chances[start : start + size], self.asked(column), budget)

    def _unknown(self, gates: Sequence[_Gate]) -> dict[Topic, float]:
        """Return the topics of which it is not known what passes, with the widest gate for each."""
        known = self.columns.budgets
        columns = self.columns.numbers([topic for topic, _ in gates]).tolist()
        budgets: dict[Topic, float] = {}
        for (topic, budget), column in zip(gates, columns, strict=True):
            reach = _UNKNOWN if column == NOTHING else known[column]
            if reach < budget and budgets.get(topic, _UNKNOWN) < budget:
                budgets[topic] = budget
        return budgets
