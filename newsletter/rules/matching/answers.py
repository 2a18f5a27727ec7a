"""The numbers of an answer, without its words: these take most of the time, and most are never shown."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from newsletter.model import EntryId, Topic, TopicHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from newsletter.rules.relevance import Rows, Scores

Numbers = tuple[EntryId, float, float | None]
"""An entry with the score and the chance of its hit."""


class TabledAnswer(Mapping[EntryId, TopicHit]):
    """An answer that tells its numbers without making a hit, with its words, for each of them.

    It is of entries that are numbered by `ids`: those of `rows`, in order, with `scores` and `chances`.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def ids(self) -> Sequence[EntryId]:
        """All entries that were asked; the same object for all answers of one index."""

    @property
    @abstractmethod
    def rows(self) -> "Rows":
        """Which of these answer."""

    @property
    @abstractmethod
    def scores(self) -> "Scores":
        """The scores of their hits."""

    @property
    @abstractmethod
    def chances(self) -> "Scores | None":
        """The chances of their hits; None where nobody knows."""

    @abstractmethod
    def without_terms(self, entry: EntryId) -> TopicHit:
        """Return a hit without the terms of its score."""

    @abstractmethod
    def numbers(self) -> Iterable[Numbers]:
        """Yield the entries with score and chance, as their hits have them, in the same order."""


def numbers_of(hits: Mapping[EntryId, TopicHit]) -> Iterable[Numbers]:
    """Return the numbers of an answer, in its order."""
    if isinstance(hits, TabledAnswer):
        return hits.numbers()
    return ((id_, hit.score, hit.chance) for id_, hit in hits.items())


class Spots(NamedTuple):
    """Where in their entries the words of hits stand, as numbers that the index reads: hit behind hit."""

    counts: "Rows"
    """How many numbers each hit has."""
    spots: "NDArray[np.uint32]"


class AnswerTable(ABC):
    """What answers some topics, hit behind hit: by topic, and of each topic by row.

    It is of entries that are numbered by `ids`. No chance is 0, and the words say more than the meaning.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def ids(self) -> Sequence[EntryId]:
        """All entries that were asked; the same object for all tables of one index."""

    @property
    @abstractmethod
    def topics(self) -> "Rows":
        """Which of the topics each hit answers."""

    @property
    @abstractmethod
    def rows(self) -> "Rows":
        """The entries of the hits."""

    @property
    @abstractmethod
    def scores(self) -> "Scores":
        """The scores of the hits."""

    @property
    @abstractmethod
    def chances(self) -> "Scores":
        """The chances of the hits."""

    @abstractmethod
    def spots(self, hits: "Rows") -> Spots:
        """Return where the words of these hits stand, in the order in which they are given."""


@runtime_checkable
class TellsMany(Protocol):
    """An index that tells the numbers of many answers at once, and their words when they are shown."""

    def fingerprint(self) -> str:
        """Return what tells it apart from each index that may tell anything else; empty: it tells nothing."""
        ...

    def tell(
        self, topics: Sequence[Topic], among: Iterable[EntryId] | None = None
    ) -> Iterator[tuple[Sequence[Topic], AnswerTable]]:
        """Yield those of `topics` for which it can be done, and what answers them, some at a time.

        None of them has a query. Only of the entries `among` all, where these are said.
        """
        ...

    def words_at(self, spots: Sequence[int]) -> tuple[str, ...]:
        """Return the words of a hit."""
        ...


@runtime_checkable
class AnswersMany(Protocol):
    """An index that answers many topics in less time than one after the other."""

    def answer_all(self, topics: Sequence[Topic]) -> Iterator[Mapping[EntryId, TopicHit]]:
        """Yield the answer to each of `topics`. Raises QueryError where a query cannot be read."""
        ...
