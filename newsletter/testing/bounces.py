"""What bounces say, and votes, in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from newsletter.model import AddressKey, EntryId, SubscriberId
from newsletter.ports import Vote

_KNOWN_VOTES: Final = (-1, 0, 1)


class MemoryBounces:
    """The BounceBook port."""

    def __init__(self) -> None:
        self._texts: dict[AddressKey, str] = {}

    def standing(self, address: AddressKey) -> str | None:
        """Return what was kept of an address."""
        return self._texts.get(address)

    def keep(self, address: AddressKey, text: str) -> None:
        """Remember a text of an address."""
        self._texts[address] = text

    def forget(self, address: AddressKey) -> None:
        """Remember nothing of an address."""
        self._texts.pop(address, None)


class MemoryVotes:
    """The Votes port."""

    def __init__(self) -> None:
        self._votes: dict[tuple[SubscriberId, EntryId], Vote] = {}

    def vote(self, subscriber: SubscriberId, entry: EntryId, vote: int, *, now: datetime) -> None:
        """Keep a vote, or take one back."""
        if vote not in _KNOWN_VOTES:
            message = f"{vote}: is no vote"
            raise ValueError(message)
        self._votes.pop((subscriber, entry), None)
        if vote:
            self._votes[subscriber, entry] = Vote(entry, vote, now)

    def votes(self, subscriber: SubscriberId) -> Sequence[Vote]:
        """Return the votes of a person, the oldest first."""
        theirs = [one for (person, _), one in self._votes.items() if person == subscriber]
        return sorted(theirs, key=lambda one: (one.voted_at, one.entry))

    def forget(self, subscriber: SubscriberId) -> None:
        """Forget the votes of a person."""
        self._votes = {key: one for key, one in self._votes.items() if key[0] != subscriber}
