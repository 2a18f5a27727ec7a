"""Where slots, editions and waiting messages are kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from newsletter.model import (
    Accounting,
    Beginning,
    Claim,
    Dressing,
    Edition,
    EditionId,
    EntryId,
    OutboxId,
    OutboxItem,
    OutboxState,
    RevisionId,
    Settlement,
    Silence,
    SilenceReason,
    SlotPlan,
    SlotRecord,
    Standing,
    SubscriberId,
    Throttle,
    UnplannedDay,
)

Shown = tuple[EditionId, Sequence[EntryId]]
"""An edition, and the entries that stand in it, the first under number 1."""


class Ledger(Protocol):
    """One row per (subscriber, slot), and the editions that were planned."""

    def standings(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each, whole; one never planned for has an empty Standing.

        It grows with all letters a person ever got: for a few people. For many, `marks`.
        """
        ...

    def marks(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each without `appeared` and `named`: cheap, whatever was sent."""
        ...

    def with_appearances(
        self, standings: Iterable[Standing], entries: Collection[EntryId]
    ) -> Mapping[SubscriberId, Standing]:
        """Return these standings with `appeared` and `named` as far as `entries` go."""
        ...

    def plan(self, plans: Sequence[SlotPlan]) -> Sequence[SlotPlan]:
        """Write slots, watermarks, editions, appearances and outbox rows in one transaction.

        Left out are a plan whose slot exists already, one that shows an entry, in whatever
        revision, which meanwhile went into another edition of the same subscriber, and an edition
        for somebody who is not CONFIRMED any more; the ones written are returned. A last slot that
        lies ahead of the clock gives way to the slot of a plan, written or left out.
        """
        ...

    def keep_dressing(self, dressing: Dressing) -> RevisionId:
        """Store a dressing under its content's hash; storing it again is harmless."""
        ...

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return a stored dressing; raises RecordError when there is none."""
        ...

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`; raises RecordError for a damaged one."""
        ...

    def entries_in(self, subscriber: SubscriberId, beginning: str) -> Shown | None:
        """Return the edition of a subscriber whose id begins so, and its entries by their numbers.

        First those it shows, then those it names. They are known as long as they count as sent, also
        when the edition itself is forgotten; None for one that never was.
        """
        ...

    def redress(self, ids: Iterable[EditionId], dressing: RevisionId) -> None:
        """Let these editions be rendered with another dressing: a template was mended by hand.

        Left alone is an edition of which a byte ever left, or that a worker holds now.
        """
        ...

    def slots(self, subscriber: SubscriberId, *, limit: int = 20) -> Sequence[SlotRecord]:
        """Return the last slots of a subscriber, latest first."""
        ...

    def slots_on(self, subscriber: SubscriberId, day: date) -> Sequence[SlotRecord]:
        """Return the slots of one local day of a subscriber, latest first."""
        ...

    def note(self, days: Sequence[UnplannedDay]) -> None:
        """Write down why people got nothing on days without a slot; a later note of a day counts."""
        ...

    def noted(self, subscriber: SubscriberId, day: date) -> Silence | None:
        """Return what was written down for a day without a slot."""
        ...

    def silences(self, *, since: datetime) -> Mapping[SilenceReason, int]:
        """Count the slots that began after `since` and passed in silence, by reason."""
        ...

    def latest_beginning(self, *, after: datetime) -> datetime | None:
        """Return when the latest of all last slots begins; None when none begins after then."""
        ...


class Outbox(Protocol):
    """Messages that must still go. Every change of state follows OUTBOX_TRANSITIONS."""

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages that may be tried now, oldest slot first.

        Those that another living worker holds are left alone.
        """
        ...

    def claim_in_turn(
        self,
        *,
        now: datetime,
        limit: int,
        throttle: Throttle,
        subscriber: SubscriberId | None = None,
    ) -> Claim:
        """Lease those for which there is room in their lanes now, and book their moments.

        As `claim` otherwise; where `subscriber` is given, the messages of that one alone. A domain
        without room holds up no other. While nothing limits the pace, no lane is written.
        """
        ...

    def record(
        self,
        *,
        ended: Sequence[Settlement] = (),
        begun: Sequence[Beginning] = (),
        now: datetime,
    ) -> frozenset[OutboxId]:
        """Write the ends of tries, then the beginnings of others, in one durable commit, all or none.

        Returns which of `begun` may send their final dot now. Not those that were cancelled
        meanwhile or whose lease was lost, and not an edition for somebody who is not CONFIRMED any
        more, which is cancelled by this. An edition that failed gives its entries back.

        After a StorageError the same ends can be given again: what is written is passed over.
        Raises IllegalTransitionError where the table has no row for another reason.
        """
        ...

    def recover(self, *, now: datetime) -> int:
        """Expire the leases of workers that are gone; return how many messages were freed."""
        ...

    def release(self, *, now: datetime) -> int:
        """Give up every message that this worker holds; return how many.

        For a worker that begins anew after a round that broke off. One in data may have arrived.
        """
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
        """Queue failed, deferred or uncertain messages again by hand; return those that could be.

        In the order of `items`, one by one: an edition stays failed when one of the entries it
        shows is in another edition that was sent, is on its way or was queued just before.
        """
        ...

    def get(self, items: Collection[OutboxId]) -> Sequence[OutboxItem]:
        """Return the messages that exist among `items`, by id."""
        ...

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        editions: Collection[EditionId] | None = None,
        limit: int | None = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first; all of them where `limit` is None."""
        ...

    def accounting(self) -> Accounting:
        """Count all messages by what became of them."""
        ...
