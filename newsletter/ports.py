"""What we ask of the world.

Every port has a fake in `newsletter.testing` and one contract test for all its adapters.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    Accounting,
    AddressKey,
    ConsentRecord,
    Document,
    Dressing,
    Edition,
    EditionId,
    EmailAddress,
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    Envelope,
    IdentityKey,
    Letter,
    OutboxId,
    OutboxItem,
    OutboxState,
    PreferencesReading,
    Pull,
    Receipt,
    ReleaseNo,
    RenderedEmail,
    RevisionId,
    Settlement,
    SlotPlan,
    SlotRecord,
    SourceName,
    SourceReport,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    Suppression,
    Topic,
    TopicHit,
)


class Clock(Protocol):
    """The present moment."""

    def now(self) -> datetime:
        """Return now as aware UTC."""
        ...


class Source(Protocol):
    """Where entries come from."""

    @property
    def name(self) -> SourceName:
        """The key of this source in config.yaml."""
        ...

    @property
    def kind(self) -> str:
        """The name of its adapter in config.yaml, e.g. `saved-page`."""
        ...

    def pull(self, now: datetime) -> Pull:
        """Return what the source announces now.

        One unreadable entry is a problem in the Pull, not an error. Raises SourceError when
        nothing could be read at all; may be called from any thread.
        """
        ...


DecideChanges = Callable[[Mapping[IdentityKey, Sequence[Entry]]], Sequence[EntryChange]]
"""From the stored entries under some keys to what must change; pure, see rules.identity."""


class EntryStore(Protocol):
    """One row per real paper, and every revision of its content."""

    def change(
        self, keys: Iterable[IdentityKey], decide: DecideChanges, *, now: datetime
    ) -> Sequence[EntryChange]:
        """Look up `keys`, decide and apply the changes, all in one write transaction; return them.

        Several entries can share a weak key. New entries get their release numbers in the order
        of the changes, above every number given before.
        """
        ...

    def last_release(self) -> ReleaseNo:
        """Return the highest release number given so far, 0 when there is none."""
        ...

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        """Return entries with release_no > `above`, in release order."""
        ...

    def find(
        self, *, since: datetime | None = None, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return entries first seen at or after `since` and announced by `source`, in release order.

        None asks for no such limit.
        """
        ...

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries that exist among `ids`, in their present revision."""
        ...

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the contents of `revisions`, as they were when an edition named them."""
        ...


class SourceLog(Protocol):
    """The last report of every source."""

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        ...

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source that was ever pulled."""
        ...


class PreferencesStore(Protocol):
    """Where preferences documents stand."""

    def read(self) -> PreferencesReading:
        """Return every valid document and every problem. Never raises for what people wrote."""
        ...


class SubscriberStore(Protocol):
    """Persons, their consent, and suppressions."""

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address."""
        ...

    def find(self, address: AddressKey) -> Subscriber | None:
        """Return the subscriber with that folded address."""
        ...

    def apply(
        self,
        address: EmailAddress,
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
        evidence: str = "",
    ) -> Subscriber | None:
        """Take one event through the transition table and write it to the consent log.

        Returns None when the person is unknown afterwards. Raises IllegalTransitionError and
        changes nothing where the table has no row. `confirmed_at` is set by each entry into
        CONFIRMED from another state.
        """
        ...

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put these documents into force for the subscribers they name; others are ignored.

        `cadence_since_at` moves to `now` when cadence or zone differ from those in force before.
        """
        ...

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force: their file is gone."""
        ...

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed; a later one replaces an earlier one."""
        ...

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one."""
        ...

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        ...


class Ledger(Protocol):
    """One row per (subscriber, slot), and the editions that were planned."""

    def standings(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each; one never planned for has an empty Standing."""
        ...

    def plan(self, plans: Sequence[SlotPlan]) -> Sequence[SlotPlan]:
        """Write slots, watermarks, editions, appearances and outbox rows in one transaction.

        A plan whose slot exists already is left out; the ones written are returned.
        """
        ...

    def keep_dressing(self, dressing: Dressing) -> RevisionId:
        """Store a dressing under its content's hash; storing it again is harmless."""
        ...

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return a stored dressing; raises StorageError when there is none."""
        ...

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`."""
        ...

    def slots(self, subscriber: SubscriberId, *, limit: int = 20) -> Sequence[SlotRecord]:
        """Return the last slots of a subscriber, latest first."""
        ...


class Outbox(Protocol):
    """Messages that must still go. Every change of state follows OUTBOX_TRANSITIONS."""

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages that may be tried now, oldest slot first.

        Those that another living worker holds are left alone.
        """
        ...

    def begin_data(
        self, item: OutboxId, *, message_id: str, message_sha256: str, now: datetime
    ) -> bool:
        """Record, durably, that the final dot may now be sent.

        False: it was cancelled meanwhile, or the lease was lost; do not send.
        """
        ...

    def settle(self, settlements: Sequence[Settlement], *, now: datetime) -> None:
        """Write the ends of tries. An edition that failed gives its entries back."""
        ...

    def recover(self, *, now: datetime) -> int:
        """Expire the leases of workers that are gone; return how many messages were freed."""
        ...

    def expire(self, *, now: datetime) -> int:
        """Cancel editions that were not begun in time or whose tries are over; return how many.

        Their entries go into the next edition. Replies whose time is over fail instead.
        """
        ...

    def cancel(self, subscriber: SubscriberId, *, reason: str, now: datetime) -> int:
        """Cancel what waits for a subscriber and is not in data; return how many."""
        ...

    def retry(self, items: Sequence[OutboxId], *, now: datetime) -> Sequence[OutboxItem]:
        """Queue failed, deferred or uncertain messages again by hand; return those that could be."""
        ...

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        limit: int = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first."""
        ...

    def accounting(self) -> Accounting:
        """Count all messages by what became of them."""
        ...


class TopicIndex(Protocol):
    """Answers topic questions over a fixed set of entries."""

    def answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        """Return the entries that answer `topic`. Raises QueryError when its query cannot be read."""
        ...

    def holds(self, query: str) -> frozenset[EntryId]:
        """Return the entries for which `query` is true, unranked (for mute)."""
        ...


BuildIndex = Callable[[Sequence[Entry]], TopicIndex]


class Renderer(Protocol):
    """Turns a letter into its two forms."""

    def render(self, letter: Letter) -> RenderedEmail:
        """Return the same result for the same letter. Raises RenderingError with template and line."""
        ...


MakeRenderer = Callable[[Mapping[str, str]], Renderer]
"""From a template set (name → text) to a renderer; raises RenderingError for a broken template."""

BeginData = Callable[[], Awaitable[bool]]
"""Called once, just before the final dot; False forbids it."""


class Transport(Protocol):
    """Hands envelopes to the next hop."""

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        """Hand one envelope over and say what came of it; never raises for what the other side does.

        May be awaited many times at once: the transport keeps to its number of connections.
        """
        ...

    async def close(self) -> None:
        """End all connections politely."""
        ...
