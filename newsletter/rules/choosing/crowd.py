"""Letters for many at once: the usual subscribers of a batch, chosen on arrays.

Whoever plans for a few does without.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from newsletter.model import NO_RELEASE, Entry, EntryId, Order, Topic, TopicHit
from newsletter.rules.choosing.arrays import Picked, choose_many
from newsletter.rules.choosing.learning import Asking, Learned
from newsletter.rules.choosing.lines import Lines
from newsletter.rules.choosing.reasons import Reasons
from newsletter.rules.choosing.shelf import make_shelf
from newsletter.rules.choosing.stretches import Exchange
from newsletter.rules.choosing.wishes import Wanted, Wish, look_up
from newsletter.rules.matching import TellsMany
from newsletter.rules.ranking import Choice, in_order
from newsletter.rules.recent import Recent
from newsletter.rules.short_matches import Register, ShortMatches, write_entry
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins

_CHOICES_KEPT: Final = 2_048
"""Of how many sets of topics it is kept what was chosen."""

_HITS_KEPT: Final = 5_000_000
"""Of all topics that were asked for together; some 40 bytes each."""

_AT_ONCE: Final = 500
"""Letters for which answers that are not told in tables are held."""


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
        self._none = ShortMatches((), (), (), self._register)
        self._start_over()

    def _start_over(self) -> None:
        """Forget all topics, and everything that knows them by their numbers."""
        self._learned = Learned(self._shelf, self._answer, self._teller, self._exchange)
        reasons = Reasons(self._learned, self._teller.words_at if self._teller else None)
        self._lines = Lines(self._shelf, reasons)
        self._choices: Recent[bytes, Choice] = Recent(_CHOICES_KEPT)

    def choose(self, wishes: Sequence[Wish]) -> Iterator[Choice | None]:
        """Yield what is chosen for each, in their order.

        None where it has to be chosen alone: where arrays cannot, where a topic cannot be read, and where
        the letter would show two twins.
        """
        if not wishes:
            return
        if len(self._learned.columns) > _HITS_KEPT:
            self._start_over()
        wanted = look_up(wishes, self._learned)
        self._fill_in(wanted, wishes, range(len(wishes)), self._learned.look_ahead)
        # Some at a time: all answers that are not told in tables are held until the letters are chosen.
        for first in range(0, len(wishes), _AT_ONCE):
            rows = range(first, min(first + _AT_ONCE, len(wishes)))
            self._fill_in(wanted, wishes, rows, self._learned.learn)
            letters = self._choose(wanted, wishes, rows)
            self._learned.forget_answers()
            yield from letters

    def _fill_in(
        self,
        wanted: Wanted,
        wishes: Sequence[Wish],
        rows: range,
        learn: Callable[[Iterable[Asking]], None],
    ) -> None:
        """Learn the topics of those rows that are not known yet, and look at these again."""
        unknown = rows.start + np.flatnonzero(wanted.is_open[rows.start : rows.stop])
        if len(unknown):
            theirs = [wishes[row] for row in unknown.tolist()]
            learn((topics, strictness) for topics, strictness, _, _ in theirs)
            wanted.fill_in(unknown, look_up(theirs, self._learned))

    def _choose(self, wanted: Wanted, wishes: Sequence[Wish], rows: range) -> list[Choice | None]:
        """Return what is chosen for each of some rows.

        What several want is kept: it would be lost among all that one alone wants.
        """
        here = rows.start + np.flatnonzero(wanted.is_known[rows.start : rows.stop])
        keys = dict(zip(here.tolist(), wanted.part(here).keys(), strict=True))
        counts = Counter(keys.values())
        chosen = {key: known for key in counts if (known := self._choices.get(key))}
        others = {key: row for row, key in keys.items() if key not in chosen}
        asked = wanted.part(np.array(list(others.values()), np.int64))
        names, orders = list(others), asked.order_of()
        topics = [tuple(wishes[row][0]) for row in others.values()]
        for part, picked in choose_many(asked.asked(), self._learned.columns) if names else ():
            letters = self._choices_of(picked, topics[part], orders[part])
            for key, choice in zip(names[part], letters, strict=True):
                if choice:
                    chosen[key] = choice
                    if counts[key] > 1:
                        self._choices.keep(key, choice)
        return [chosen.get(keys[row]) if row in keys else None for row in rows]

    def _choices_of(
        self, picked: Picked, asked: Sequence[tuple[Topic, ...]], orders: Sequence[Order]
    ) -> Iterator[Choice | None]:
        lines = self._lines.write(picked)
        is_one = picked.places >= 0
        entries = list(map(self._shelf.ids.__getitem__, picked.places[is_one].tolist()))
        shown, named = is_one[:, : picked.width].sum(axis=1), is_one[:, picked.width :].sum(axis=1)
        counts = shown.tolist(), named.tolist(), picked.may_be_twins.tolist()
        last = 0
        for topics, order, here, there, has_twins in zip(asked, orders, *counts, strict=True):
            first, middle, last = last, last + here, last + here + there
            if has_twins:
                yield None
                continue
            chosen = ShortMatches(
                entries[first:middle], lines[first:middle], topics, self._register
            )
            also = self._none
            if there:
                also = ShortMatches(
                    entries[middle:last], lines[middle:last], topics, self._register
                )
            if order is Order.RELEVANCE:
                yield Choice(chosen, also)
            else:
                yield Choice(tuple(in_order(chosen, order, self._fresh)), also)
