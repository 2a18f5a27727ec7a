"""Pages of what the stores in memory hold."""

from collections.abc import Sequence

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
from newsletter.ports import EntryStore, Outbox, SubscriberStore


class MemoryListings:
    """The Listings port over other ports, all of what they hold read each time."""

    def __init__(self, entries: EntryStore, subscribers: SubscriberStore, outbox: Outbox) -> None:
        self._entries, self._subscribers, self._outbox = entries, subscribers, outbox

    def entries(
        self, *, above: ReleaseNo, limit: int, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return released entries, in release order."""
        found = self._entries.released(above=above)
        return [one for one in found if source is None or source in one.sources][:limit]

    def people(
        self, *, above: SubscriberId, limit: int, state: SubscriptionState | None = None
    ) -> Sequence[Subscriber]:
        """Return subscribers, by id."""
        found = self._subscribers.by_id(above=above)
        return [one for one in found if state is None or one.state is state][:limit]

    def messages(
        self,
        *,
        below: OutboxId | None,
        limit: int,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
    ) -> Sequence[OutboxItem]:
        """Return messages, the newest first."""
        found = self._outbox.find(states=states, subscriber=subscriber, limit=None)
        older = [one for one in found if below is None or one.id < below]
        return sorted(older, key=lambda one: one.id, reverse=True)[:limit]
