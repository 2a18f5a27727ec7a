"""The ledger in memory; the outbox of this room works on the same memory."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from newsletter.errors import StorageError
from newsletter.model import (
    NO_RELEASE,
    Dressing,
    Edition,
    EditionId,
    EntryId,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    RevisionId,
    SlotKind,
    SlotPlan,
    SlotRecord,
    Standing,
    SubscriberId,
)


@dataclass(slots=True)
class MemoryMessage:
    """One outbox item with what only the outbox knows of it."""

    item: OutboxItem
    begins_at: datetime
    maybe_sent: bool = False
    lease: str | None = None
    given_back: bool = False
    """Whether the next edition may have its entries."""


@dataclass(slots=True)
class _Place:
    edition: Edition
    taken: dict[EntryId, RevisionId]
    named: set[EntryId] = field(default_factory=set)
    """Entries that were given back and since then named by title in a later edition."""


class MemoryLedger:
    """The Ledger port in memory. `messages` is what MemoryOutbox works on."""

    def __init__(self) -> None:
        self.messages: dict[OutboxId, MemoryMessage] = {}
        self._last_id = 0
        self._plans: dict[tuple[SubscriberId, date | datetime], SlotPlan] = {}
        self._places: dict[EditionId, _Place] = {}
        self._dressings: dict[RevisionId, Dressing] = {}

    def standings(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each; one never planned for has an empty Standing."""
        return {subscriber: self._standing(subscriber) for subscriber in subscribers}

    def plan(self, plans: Sequence[SlotPlan]) -> Sequence[SlotPlan]:
        """Write the plans whose slot is free and whose entries are not taken; return them."""
        return [plan for plan in plans if self._plan(plan)]

    def keep_dressing(self, dressing: Dressing) -> RevisionId:
        """Store a dressing under its content's hash."""
        text = repr((dressing.letterhead, sorted(dressing.templates.items())))
        revision = RevisionId(hashlib.sha256(text.encode()).hexdigest())
        self._dressings[revision] = dressing
        return revision

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return a stored dressing; raises StorageError when there is none."""
        if revision not in self._dressings:
            message = f"dressing {revision}: is not stored"
            raise StorageError(message)
        return self._dressings[revision]

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`."""
        return {id_: self._places[id_].edition for id_ in ids if id_ in self._places}

    def redress(self, ids: Iterable[EditionId], dressing: RevisionId) -> None:
        """Let these editions be rendered with another dressing."""
        for id_ in ids:
            place = self._places[id_]
            place.edition = replace(place.edition, dressing=dressing)

    def slots(self, subscriber: SubscriberId, *, limit: int = 20) -> Sequence[SlotRecord]:
        """Return the last slots of a subscriber, latest first."""
        plans = sorted(self._plans_of(subscriber), key=lambda plan: plan.slot.begins_at)
        return [_record(plan) for plan in reversed(plans)][:limit]

    def forget(self, subscriber: SubscriberId) -> None:
        """Remove everything that is stored of a subscriber."""
        for id_, message in list(self.messages.items()):
            if message.item.subscriber == subscriber:
                del self.messages[id_]
        for edition, place in list(self._places.items()):
            if place.edition.reader.subscriber == subscriber:
                del self._places[edition]
        for key in [key for key in self._plans if key[0] == subscriber]:
            del self._plans[key]

    def live_entries(self, message: MemoryMessage) -> frozenset[EntryId]:
        """Return the entries that count as sent by this message."""
        edition = message.item.edition
        if message.given_back or edition is None:
            return frozenset()
        return frozenset(self._places[edition].taken)

    def entries_of(self, edition: EditionId) -> frozenset[EntryId]:
        """Return the entries that an edition shows."""
        return frozenset(self._places[edition].taken)

    def take_again(self, edition: EditionId) -> None:
        """Let an edition have its entries again."""
        self._places[edition].named.clear()

    def _plan(self, plan: SlotPlan) -> bool:
        slot = plan.slot
        is_scheduled = slot.kind is SlotKind.SCHEDULED
        key = (plan.subscriber, slot.local_date if is_scheduled else slot.begins_at)
        if key in self._plans or self._is_taken(plan):
            return False
        self._plans[key] = plan
        if plan.edition:
            self._enqueue(plan, plan.edition)
        return True

    def _is_taken(self, plan: SlotPlan) -> bool:
        wanted = (
            {(one.entry, one.revision) for one in plan.edition.matches} if plan.edition else set()
        )
        taken = {
            pair
            for message in self._messages_of(plan.subscriber)
            if message.item.edition and not message.given_back
            for pair in self._places[message.item.edition].taken.items()
        }
        return bool(wanted & taken)

    def _enqueue(self, plan: SlotPlan, edition: Edition) -> None:
        named = {match.entry for match in edition.also_matched}
        for message in self._messages_of(plan.subscriber):
            if message.item.edition and message.given_back:
                place = self._places[message.item.edition]
                place.named |= named & place.taken.keys()
        taken = {match.entry: match.revision for match in edition.matches}
        self._places[edition.id] = _Place(edition, taken)
        self._last_id += 1
        item = OutboxItem(
            id=OutboxId(self._last_id),
            kind=OutboxKind.EDITION,
            subscriber=plan.subscriber,
            recipient=edition.reader.address,
            state=OutboxState.QUEUED,
            begin_by=plan.begin_by,
            retry_until=plan.retry_until,
            edition=edition.id,
            slot=plan.slot,
            updated_at=plan.planned_at,
        )
        self.messages[item.id] = MemoryMessage(item, plan.slot.begins_at)

    def _standing(self, subscriber: SubscriberId) -> Standing:
        plans = self._plans_of(subscriber)
        if not plans:
            return Standing(subscriber)
        scheduled = [one.slot for one in plans if one.slot.kind is SlotKind.SCHEDULED]
        messages = self._messages_of(subscriber)
        appeared = frozenset[EntryId]().union(*(self.live_entries(one) for one in messages))
        return Standing(
            subscriber=subscriber,
            watermark=max((plan.watermark for plan in plans), default=NO_RELEASE),
            last_slot=max(scheduled, key=lambda slot: slot.local_date, default=None),
            last_edition_on=max(
                (one.slot.local_date for one in plans if one.edition), default=None
            ),
            appeared=appeared,
            given_back=self._given_back(messages) - appeared,
        )

    def _given_back(self, messages: Iterable[MemoryMessage]) -> frozenset[EntryId]:
        places = [
            self._places[one.item.edition]
            for one in messages
            if one.item.edition and one.given_back
        ]
        return frozenset(entry for place in places for entry in place.taken.keys() - place.named)

    def _plans_of(self, subscriber: SubscriberId) -> list[SlotPlan]:
        return [plan for key, plan in self._plans.items() if key[0] == subscriber]

    def _messages_of(self, subscriber: SubscriberId) -> list[MemoryMessage]:
        return [one for one in self.messages.values() if one.item.subscriber == subscriber]


def _record(plan: SlotPlan) -> SlotRecord:
    return SlotRecord(
        subscriber=plan.subscriber,
        slot=plan.slot,
        planned_at=plan.planned_at,
        new_count=plan.new_count,
        edition=plan.edition.id if plan.edition else None,
        silence=plan.silence,
    )
