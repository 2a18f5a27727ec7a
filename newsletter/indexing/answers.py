"""What answers one topic: numbers for all entries at once, each hit made when somebody looks at it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from newsletter.indexing.columns import Row
from newsletter.indexing.scoring import Grounds
from newsletter.model import EntryId, TopicHit
from newsletter.rules.matching import TabledAnswer
from newsletter.rules.query import Term
from newsletter.rules.relevance import Rows, Scores

Read = Callable[[Row, Mapping[Term, float]], tuple[str, ...]]
"""Returns the words of a row, by what each term gives to it."""


class Answer(TabledAnswer):
    """The hits of one topic by their entries, in the order of the collection.

    `ids` are of all rows of the collection, `places` tells the row of each.
    """

    __slots__ = ("_grounds", "_hits", "_ids", "_places", "_read")

    def __init__(
        self,
        ids: Sequence[EntryId],
        places: Mapping[EntryId, Row],
        grounds: Grounds,
        read: Read,
    ) -> None:
        self._ids = ids
        self._places = places
        self._grounds = grounds
        self._read = read
        self._hits: dict[EntryId, TopicHit] = {}

    @property
    def ids(self) -> Sequence[EntryId]:
        """Return all entries of the collection."""
        return self._ids

    @property
    def rows(self) -> Rows:
        """Return the rows that answer, in order."""
        return self._grounds.rows

    @property
    def scores(self) -> Scores:
        """Return their scores."""
        return self._grounds.scores

    @property
    def chances(self) -> Scores | None:
        """Return their chances; None where nobody knows."""
        return self._grounds.chances

    def __getitem__(self, entry: EntryId) -> TopicHit:
        """Return the hit of an entry."""
        known = self._hits.get(entry)
        if known is None:
            place = self._place(entry)
            if place is None:
                raise KeyError(entry)
            terms = self._grounds.terms(place)
            known = self._hits[entry] = replace(self._make(place), terms=terms)
        return known

    def __iter__(self) -> Iterator[EntryId]:
        """Yield the entries."""
        return (self.ids[row] for row in self.rows.tolist())

    def __len__(self) -> int:
        """Return how many entries answer."""
        return len(self.rows)

    def __contains__(self, entry: object) -> bool:
        """Say whether an entry answers, without making its hit."""
        return self._place(entry) is not None

    def numbers(self) -> Iterator[tuple[EntryId, float, float | None]]:
        """Yield the entries with score and chance, as their hits have them."""
        rows, scores = self.rows.tolist(), self.scores.tolist()
        chances = [None] * len(rows) if self.chances is None else self.chances.tolist()
        for row, score, chance in zip(rows, scores, chances, strict=True):
            yield self.ids[row], score, chance

    def without_terms(self, entry: EntryId) -> TopicHit:
        """Return a hit without the terms of its score: these take as long as all the rest."""
        place = self._place(entry)
        if place is None:
            raise KeyError(entry)
        return self._hits.get(entry) or self._make(place)

    def _make(self, place: int) -> TopicHit:
        grounds = self._grounds
        return TopicHit(
            float(grounds.scores[place]),
            self._read(int(self.rows[place]), grounds.gains(place)),
            by_meaning=grounds.is_by_meaning(place),
            chance=None if grounds.chances is None else float(grounds.chances[place]),
        )

    def _place(self, entry: object) -> int | None:
        row = self._places.get(entry)  # type: ignore[call-overload]
        if row is None:
            return None
        place = int(self.rows.searchsorted(row))
        return place if place < len(self.rows) and int(self.rows[place]) == row else None
