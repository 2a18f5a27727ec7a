"""The numbers of an answer, without its words: these take most of the time, and most are never shown."""

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from newsletter.model import EntryId, TopicHit

Numbers = tuple[EntryId, float, float | None]
"""An entry with the score and the chance of its hit."""


@runtime_checkable
class ScoredAnswer(Protocol):
    """An answer that tells its numbers without making a hit, with its words, for each of them."""

    def numbers(self) -> Iterable[Numbers]:
        """Yield the entries with score and chance, as their hits have them, in the same order."""
        ...


def numbers_of(hits: Mapping[EntryId, TopicHit]) -> Iterable[Numbers]:
    """Return the numbers of an answer, in its order."""
    if isinstance(hits, ScoredAnswer):
        return hits.numbers()
    return ((id_, hit.score, hit.chance) for id_, hit in hits.items())
