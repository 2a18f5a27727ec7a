"""What answers one topic, each hit with its words made when somebody looks at it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from newsletter.indexing.columns import Row
from newsletter.model import EntryId, TopicHit


class Answer(Mapping[EntryId, TopicHit]):
    """The hits of one topic by their entries, in the order of the collection.

    `look` makes a hit without its words, `read` finds these.
    """

    __slots__ = ("_hits", "_look", "_looks", "_read", "_rows")

    def __init__(
        self,
        rows: Mapping[EntryId, Row],
        look: Callable[[Row], TopicHit],
        read: Callable[[Row], tuple[str, ...]],
    ) -> None:
        self._rows = rows
        self._look = look
        self._read = read
        self._looks: dict[EntryId, TopicHit] = {}
        self._hits: dict[EntryId, TopicHit] = {}

    def __getitem__(self, entry: EntryId) -> TopicHit:
        """Return the hit of an entry."""
        known = self._hits.get(entry)
        if known is None:
            words = self._read(self._rows[entry])
            known = self._hits[entry] = replace(self._seen(entry), words=words)
        return known

    def __iter__(self) -> Iterator[EntryId]:
        """Yield the entries."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Return how many entries answer."""
        return len(self._rows)

    def __contains__(self, entry: object) -> bool:
        """Say whether an entry answers, without making its hit."""
        return entry in self._rows

    def scores(self) -> Iterator[tuple[EntryId, float, float | None]]:
        """Yield the entries with score and chance, as their hits have them."""
        for entry in self._rows:
            hit = self._seen(entry)
            yield entry, hit.score, hit.chance

    def _seen(self, entry: EntryId) -> TopicHit:
        known = self._looks.get(entry)
        if known is None:
            known = self._looks[entry] = self._look(self._rows[entry])
        return known
