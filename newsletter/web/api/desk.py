"""What the API asks of the program. Everything is called in a thread, and raises NewsletterError."""

from collections.abc import Sequence
from typing import Protocol

from newsletter.model import (
    ApiToken,
    CatalogueTopic,
    Entry,
    EntryId,
    OutboxId,
    OutboxItem,
    OutboxState,
    ReleaseNo,
    RenderedEmail,
    SlotRecord,
    SourceName,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.workflows import EditionView, Joining, PersonView, Written


class ApiDesk(Protocol):
    """Everything that other programs may read and do."""

    def token(self, text: str) -> ApiToken | None:
        """Return the token that a program shows, where it is one of ours and in force."""
        ...

    def topics(self) -> Sequence[CatalogueTopic]:
        """Return the catalogue."""
        ...

    def entries(
        self, *, above: ReleaseNo, limit: int, source: SourceName | None
    ) -> Sequence[Entry]:
        """Return released entries, in release order."""
        ...

    def entry(self, entry: EntryId) -> Entry | None:
        """Return one released entry."""
        ...

    def people(
        self, *, above: SubscriberId, limit: int, state: SubscriptionState | None
    ) -> Sequence[Subscriber]:
        """Return subscribers, by id."""
        ...

    def person(self, subscriber: SubscriberId) -> PersonView | None:
        """Return one subscriber."""
        ...

    def find(self, address: str) -> Subscriber | None:
        """Return the subscriber with that address. Raises AddressError for what is none."""
        ...

    def join(self, address: str, topics: tuple[str, ...], vouched: str | None, by: str) -> Joining:
        """Ask an address whether it wants letters, or confirm it where `vouched` says why.

        `by` is kept as evidence. Raises AddressError and PreferencesError.
        """
        ...

    def write(self, subscriber: SubscriberId, text: str, expected: str | None) -> Written | None:
        """Write a document in the place of the one that has the hash `expected` (None: whatever).

        None for somebody unknown.
        """
        ...

    def leave(self, subscriber: SubscriberId, statement: str, by: str) -> bool:
        """End a subscription; False for somebody unknown. Doing it twice is fine."""
        ...

    def erase(self, subscriber: SubscriberId) -> bool:
        """Forget everything of a person; False for somebody unknown."""
        ...

    def slots(self, subscriber: SubscriberId, limit: int) -> Sequence[SlotRecord]:
        """Return the last slots of a person, the latest first."""
        ...

    def edition(self, edition: str) -> EditionView | None:
        """Return an edition, as long as it is kept."""
        ...

    def letter(self, edition: str) -> RenderedEmail | None:
        """Return the letter as it was or will be sent, as long as it is kept."""
        ...

    def messages(
        self,
        *,
        below: OutboxId | None,
        limit: int,
        states: frozenset[OutboxState] | None,
        subscriber: SubscriberId | None,
    ) -> Sequence[OutboxItem]:
        """Return messages, the newest first."""
        ...

    def message(self, item: OutboxId) -> OutboxItem | None:
        """Return one message."""
        ...

    def retry(self, item: OutboxId) -> bool:
        """Queue a message that failed or waits again; False where that cannot be."""
        ...
