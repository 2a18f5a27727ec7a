"""Where it is kept what bounces say of an address, and what people think of entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.model import AddressKey, EntryId, SubscriberId


class BounceBook(Protocol):
    """What is remembered of the bounces of each address, as JSON that only its rule understands."""

    def standing(self, address: AddressKey) -> str | None:
        """Return what was kept of an address; None: nothing ever bounced."""
        ...

    def keep(self, address: AddressKey, text: str) -> None:
        """Remember `text` of an address, in place of what was kept before."""
        ...

    def forget(self, address: AddressKey) -> None:
        """Remember nothing of an address any more."""
        ...


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

        1 is more like this, -1 less, 0 takes an earlier vote back. Raises ValueError for others.
        """
        ...

    def votes(self, subscriber: SubscriberId) -> Sequence[Vote]:
        """Return the votes of a person, the oldest first."""
        ...
