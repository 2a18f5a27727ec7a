"""Where it is kept what people think of entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.model import EntryId, SubscriberId


@dataclass(frozen=True, slots=True)
class Vote:
    """What a subscriber thinks of one entry: 1 more like this, -1 less."""

    entry: EntryId
    vote: int
    voted_at: datetime


class Votes(Protocol):
    """What subscribers think of entries, one vote for each."""

    def vote(self, subscriber: SubscriberId, entry: EntryId, vote: int, *, now: datetime) -> None:
        """Keep a vote, in place of an earlier one of the same person for the same entry.

        1 is more like this, -1 less, 0 takes an earlier vote back. The same vote again changes
        nothing: it stays as old as it is. Raises ValueError for others.
        """
        ...

    def vote_all(
        self, subscriber: SubscriberId, entries: Iterable[EntryId], vote: int, *, now: datetime
    ) -> None:
        """Do what `vote` does for many entries at once, all or none."""
        ...

    def votes(self, subscriber: SubscriberId) -> Sequence[Vote]:
        """Return the votes of a person, the oldest first."""
        ...

    def votes_of(
        self, subscribers: Iterable[SubscriberId]
    ) -> Mapping[SubscriberId, Sequence[Vote]]:
        """Return what `votes` returns for each of many; those who never voted are left out."""
        ...
