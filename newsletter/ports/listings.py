"""What is stored, a page at a time, for programs that read all of it."""

from collections.abc import Sequence
from typing import Protocol

from newsletter.model import (
    Entry,
    OutboxId,
    OutboxItem,
    OutboxState,
    ReleaseNo,
    SourceName,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)


class Listings(Protocol):
    """Pages of what is stored: each begins after the last thing of the one before."""

    def entries(
        self, *, above: ReleaseNo, limit: int, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return released entries with a release number > `above`, in release order."""
        ...

    def people(
        self, *, above: SubscriberId, limit: int, state: SubscriptionState | None = None
    ) -> Sequence[Subscriber]:
        """Return subscribers with an id > `above`, by id."""
        ...

    def messages(
        self,
        *,
        below: OutboxId | None,
        limit: int,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
    ) -> Sequence[OutboxItem]:
        """Return messages with an id < `below` (None: from the last one), the newest first."""
        ...
