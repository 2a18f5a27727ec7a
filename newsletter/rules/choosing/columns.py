"""What topics find on one shelf: column behind column in a few long arrays."""

from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from newsletter.model import EntryId, Topic, TopicHit
from newsletter.rules.choosing.gating import count_unsaid, passing
from newsletter.rules.choosing.shelf import NOTHING, Numbers, Shelf
from newsletter.rules.matching import BUDGETS, TabledAnswer, numbers_of

_Kind = TypeVar("_Kind", bound=np.generic)

_FIRST_ROOM: Final = 4_096
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
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.topics: list[Topic] = []
        """By their numbers."""
        self._numbers: dict[Topic, int] = {}
        self._starts = _Growing(np.int64)
        self._sizes = _Growing(np.int64)
        self._places = _Growing(np.int32)
        self._values = _Growing(np.float64)
        self._chances = _Growing(np.float64)
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

    def number(self, topic: Topic) -> int | None:
        """Return the number of the column of `topic`, None where it has none yet."""
        return self._numbers.get(topic)

    def add(self, topic: Topic, hits: Mapping[EntryId, TopicHit]) -> int:
        """Write down the answers to `topic`, as far as they are on the shelf; return its number."""
        table = self._table(hits) if isinstance(hits, TabledAnswer) else self._listed(hits)
        chances, places, values = table
        order = np.argsort(chances, kind="stable")
        chances = chances[order]
        most = self._most(topic, chances)
        self._chances.extend(chances[:most])
        self._add(places[order[:most]], values[order[:most]] * topic.weight)
        number = self._numbers[topic] = len(self.topics)
        self.topics.append(topic)
        return number

    def _table(self, hits: TabledAnswer) -> _Table:
        if hits.ids is not self._asked:
            known = self.shelf.places
            self._places_of_rows = np.array([known.get(id_, NOTHING) for id_ in hits.ids], np.int64)
            self._asked = hits.ids
        places = self._places_of_rows[hits.rows]
        here = places >= 0
        count = int(here.sum())
        chances = np.full(count, UNSAID) if hits.chances is None else hits.chances[here]
        return chances, places[here], hits.scores[here]

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

    def _most(self, topic: Topic, chances: NDArray[np.float64]) -> int:
        """Return how many hits may be shown to anybody: of a free text not what no gate lets pass.

        The chances are in order.
        """
        if topic.about is None or topic.query is not None or count_unsaid(chances):
            return len(chances)
        return passing(chances, len(self.shelf.ids), _WIDEST)

    def _add(self, places: Numbers, values: NDArray[np.float64]) -> None:
        self._starts.append(len(self))
        self._sizes.append(len(places))
        self._places.extend(places)
        self._values.extend(values)


class _Growing(Generic[_Kind]):
    """An array that others are put behind."""

    __slots__ = ("_room", "size")

    def __init__(self, kind: type[_Kind]) -> None:
        self._room = np.empty(_FIRST_ROOM, kind)
        self.size = 0

    def extend(self, more: NDArray[np.generic]) -> None:
        size = self.size + len(more)
        if size > len(self._room):
            larger = np.empty(max(size, len(self._room) * 5 // 4), self._room.dtype)
            larger[: self.size] = self._room[: self.size]
            self._room = larger
        self._room[self.size : size] = more
        self.size = size

    def append(self, one: int) -> None:
        if self.size == len(self._room):
            self.extend(np.array([one]))
        else:
            self._room[self.size] = one
            self.size += 1

    def filled(self) -> NDArray[_Kind]:
        return self._room[: self.size]
