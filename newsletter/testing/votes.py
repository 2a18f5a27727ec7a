"""Votes in memory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from newsletter.model import EntryId, SubscriberId
from newsletter.ports import Vote

_KNOWN_VOTES: Final = (-1, 0, 1)


class MemoryVotes:
    """The Votes port."""

    def __init__(self) -> None:
        self._votes: dict[tuple[SubscriberId, EntryId], Vote] = {}

    def vote(self, subscriber: SubscriberId, entry: EntryId, vote: int, *, now: datetime) -> None:
        """Keep a vote, or take one back."""
        self.vote_all(subscriber, [entry], vote, now=now)

    def vote_all(
        self, subscriber: SubscriberId, entries: Iterable[EntryId], vote: int, *, now: datetime
    ) -> None:
        """Keep a vote for each of `entries`, or take them back."""
        if vote not in _KNOWN_VOTES:
            message = f"{vote}: is no vote"
            raise ValueError(message)
        for entry in entries:
            known = self._votes.pop((subscriber, entry), None)
            if vote:
                is_same = known is not None and known.vote == vote
                self._votes[subscriber, entry] = (
                    known if known and is_same else Vote(entry, vote, now)
                )

    def votes(self, subscriber: SubscriberId) -> Sequence[Vote]:
        """Return the votes of a person, the oldest first."""
        theirs = [one for (person, _), one in self._votes.items() if person == subscriber]
        return sorted(theirs, key=lambda one: (one.voted_at, one.entry))

    def votes_of(
        self, subscribers: Iterable[SubscriberId]
    ) -> Mapping[SubscriberId, Sequence[Vote]]:
        """Return the votes of many people; those without any are left out."""
        return {person: votes for person in subscribers if (votes := self.votes(person))}

    def forget(self, subscriber: SubscriberId) -> None:
        """Forget the votes of a person."""
        self._votes = {key: one for key, one in self._votes.items() if key[0] != subscriber}
