"""What topics find on one shelf: column behind column in a few long arrays."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.model import EntryId, Topic, TopicHit
from newsletter.rules.choosing.gating import count_unsaid, may_pass, passing, passing_each
from newsletter.rules.choosing.growing import Growing
from newsletter.rules.choosing.shelf import NOTHING, Numbers, Shelf
from newsletter.rules.choosing.stretches import Stretch
from newsletter.rules.matching import BUDGETS, AnswerTable, TabledAnswer, numbers_of
from newsletter.rules.runs import runs

_WIDEST: Final = max(BUDGETS.values())

_Table = tuple[NDArray[np.float64], Numbers, NDArray[np.float64]]
"""Chances, places and scores of hits."""

UNSAID: Final = -1.0
"""Stands where nothing is said of a chance: before all that is said."""


class Columns:
    """The answers of topics, each given a number as it comes.

    Column `n` is what stands in `places`, `values` and `chances` from `starts[n]` on, `sizes[n]` hits,
    those first that chance explains least, so that any gate lets the first few pass. Topics with equal
    questions and other names or weights have columns of their own: `values` are weighted.

    A column holds what passes the widest gate that it was added for, `budgets[n]`. A topic that is added
    again has a new column in place of the old one.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.topics: list[Topic] = []
        """By their numbers."""
        self.budgets: list[float] = []
        self._numbers: dict[Topic, int] = {}
        self._met: dict[int, int] = {}
        """By the identity of those in `topics`: to compare what they say takes longer than all the rest."""
        self._spots = Growing(np.uint32)
        self._spot_ends = Growing(np.int64)
        self._names = Growing(np.int64)
        self._has_about = Growing(np.bool_)
        self._starts = Growing(np.int64)
        self._sizes = Growing(np.int64)
        self._places = Growing(np.int32)
        self._values = Growing(np.float64)
        self._chances = Growing(np.float64)
        self._asked: Sequence[EntryId] = ()
        """All entries of the index that answered last, and the place of each on the shelf, if it has one."""
        self._places_of_rows: Numbers = np.empty(0, np.int64)

    def __len__(self) -> int:
        """Return how many hits there are in all columns."""
        return self._places.size

    @property
    def starts(self) -> Numbers:
        """Return where each column begins."""
        return self._starts.filled()

    @property
    def sizes(self) -> Numbers:
        """Return how many hits each column has."""
        return self._sizes.filled()

    @property
    def names(self) -> Numbers:
        """Return a number for the name of the topic of each column: two names hardly ever have the same."""
        return self._names.filled()

    @property
    def has_about(self) -> NDArray[np.bool_]:
        """Return which columns are of a topic with `about`."""
        return self._has_about.filled()

    @property
    def places(self) -> NDArray[np.int32]:
        """Return the place on the shelf of each hit."""
        return self._places.filled()

    @property
    def values(self) -> NDArray[np.float64]:
        """Return what each hit is worth to who gave its topic that weight."""
        return self._values.filled()

    @property
    def chances(self) -> NDArray[np.float64]:
        """Return how probable each hit is for an entry off its topic; UNSAID where nobody knows."""
        return self._chances.filled()

    def spots(self, hits: Numbers) -> Iterator[list[int]]:
        """Yield where the words of each hit stand; nothing where it did not come in a table."""
        all_ends = self._spot_ends.filled()
        begins = np.where(hits > 0, all_ends[hits - 1], 0)
        sizes = all_ends[hits] - begins
        ends = np.cumsum(sizes)
        found: list[int] = self._spots.filled()[runs(begins, sizes)].tolist()
        return (found[first:last] for first, last in pairwise([0, *ends.tolist()]))

    def numbers(self, topics: Sequence[Topic]) -> Numbers:
        """Return the numbers of the columns of `topics`, NOTHING where there is none yet."""
        met = map(self._met.get, map(id, topics), repeat(NOTHING))
        numbers = np.fromiter(met, np.int64, len(topics))
        for place in np.flatnonzero(numbers < 0).tolist():
            known = self._met.get(id(topics[place]))  # met meanwhile, for another reader
            numbers[place] = self._meet(topics[place]) if known is None else known
        return numbers

    def _meet(self, topic: Topic) -> int:
        """Find a topic by what it says, and let it take the place of its equal: readers have it in common."""
        number = self._numbers.pop(topic, NOTHING)
        if number != NOTHING:
            self._numbers[topic] = number
            self._met.pop(id(self.topics[number]), None)
            self.topics[number] = topic
            self._met[id(topic)] = number
        return number

    def add(self, topic: Topic, hits: Mapping[EntryId, TopicHit], budget: float = _WIDEST) -> int:
        """Write down the answers to `topic`, as far as they are on the shelf; return its number."""
        table = self._table(hits) if isinstance(hits, TabledAnswer) else self._listed(hits)
        chances, places, values = table
        order = np.argsort(chances, kind="stable")
        chances = chances[order]
        most = self._most(topic, chances, budget)
        self._chances.extend(chances[:most])
        self._spot_ends.extend(np.full(most, self._spots.size))
        self._starts.append(len(self))
        self._sizes.append(most)
        self._places.extend(places[order[:most]])
        self._values.extend(values[order[:most]] * topic.weight)
        return self._name(topic, budget)

    def add_table(
        self, topics: Sequence[Topic], table: AnswerTable, budgets: Sequence[float]
    ) -> None:
        """Write down the answers to all `topics`, each with a budget, and where their words stand."""
        places = self._places_of(table.ids)[table.rows]
        asked, limits = len(self.shelf.ids), np.array(budgets)
        here = np.flatnonzero(places >= 0)
        here = here[may_pass(table.chances[here], table.topics[here], limits, asked)]
        hits = here[np.lexsort((table.chances[here], table.topics[here]))]
        of = table.topics[hits]
        passed = passing_each(table.chances[hits], of, limits, asked)
        hits, of = hits[passed], of[passed]
        sizes = np.bincount(of, minlength=len(topics))
        values = table.scores[hits] * np.array([topic.weight for topic in topics])[of]
        numbers = sizes, places[hits].astype(np.int32), values, table.chances[hits]
        self._put(Stretch(topics, budgets, *numbers, *table.spots(hits)))

    def since(self, number: int) -> Stretch:
        """Return the columns from one on."""
        first = int(self.starts[number]) if number < len(self.topics) else len(self)
        ends = self._spot_ends.filled()
        first_spot = int(ends[first - 1]) if first else 0
        return Stretch(
            self.topics[number:],
            self.budgets[number:],
            self.sizes[number:],
            self.places[first:],
            self.values[first:],
            self.chances[first:],
            np.diff(ends[first:], prepend=first_spot),
            self._spots.filled()[first_spot:],
        )

    def take_over(self, stretch: Stretch) -> None:
        """Write down what others learned, as far as it is not known for as wide a gate."""
        known = [self._numbers.get(topic) for topic in stretch.topics]
        wanted = [
            place
            for place, (number, budget) in enumerate(zip(known, stretch.budgets, strict=True))
            if number is None or self.budgets[number] < budget
        ]
        self._put(stretch.part(wanted))

    def _put(self, some: Stretch) -> None:
        self._starts.extend(len(self) + np.cumsum(some.sizes) - some.sizes)
        self._sizes.extend(some.sizes)
        self._places.extend(some.places)
        self._chances.extend(some.chances)
        self._values.extend(some.values)
        self._spot_ends.extend(self._spots.size + np.cumsum(some.counts))
        self._spots.extend(some.spots)
        for topic, budget in zip(some.topics, some.budgets, strict=True):
            self._name(topic, budget)

    def _name(self, topic: Topic, budget: float) -> int:
        before = self._numbers.get(topic, NOTHING)
        if before != NOTHING:
            self._met.pop(id(self.topics[before]), None)
        number = self._numbers[topic] = len(self.topics)
        self.topics.append(topic)
        self.budgets.append(budget)
        self._names.append(hash(topic.name))
        self._has_about.append(topic.about is not None)
        return number

    def _table(self, hits: TabledAnswer) -> _Table:
        places = self._places_of(hits.ids)[hits.rows]
        here = places >= 0
        count = int(here.sum())
        chances = np.full(count, UNSAID) if hits.chances is None else hits.chances[here]
        return chances, places[here], hits.scores[here]

    def _places_of(self, ids: Sequence[EntryId]) -> Numbers:
        """Return the place on the shelf of each row of an index, NOTHING where it has none."""
        if ids is not self._asked:
            known = self.shelf.places
            self._places_of_rows = np.array([known.get(id_, NOTHING) for id_ in ids], np.int64)
            self._asked = ids
        return self._places_of_rows

    def _listed(self, hits: Mapping[EntryId, TopicHit]) -> _Table:
        known = self.shelf.places
        found = [
            (UNSAID if chance is None else chance, known[id_], score)
            for id_, score, chance in numbers_of(hits)
            if id_ in known
        ]
        chances, places, values = zip(*found, strict=True) if found else ((), (), ())
        return (
            np.array(chances, np.float64),
            np.array(places, np.int64),
            np.array(values, np.float64),
        )

    def _most(self, topic: Topic, chances: NDArray[np.float64], budget: float) -> int:
        """Return how many hits may be shown: of a free text not what the gate does not let pass.

        The chances are in order.
        """
        if topic.about is None or topic.query is not None or count_unsaid(chances):
            return len(chances)
        return passing(chances, len(self.shelf.ids), budget)
