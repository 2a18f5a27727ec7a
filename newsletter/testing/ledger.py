"""The ledger in memory; the outbox of this room works on the same memory."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import RLock

from newsletter.errors import RecordError
from newsletter.model import (
    NO_RELEASE,
    Dressing,
    Edition,
    EditionId,
    EntryId,
    Lane,
    LaneName,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SlotPlan,
    SlotRecord,
    Standing,
    SubscriberId,
    UnplannedDay,
)
from newsletter.ports import Shown
from newsletter.rules.cadence import last_of


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
    shown: frozenset[EntryId]
    named: frozenset[EntryId]


class MemoryLedger:
    """The Ledger port in memory. `messages` is what MemoryOutbox works on.

    `wants_letters` says who may get an edition, `hindrance` why a planned letter must not go any
    more; a MemorySubscriberStore over this ledger sets both.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.messages: dict[OutboxId, MemoryMessage] = {}
        self.lanes: dict[LaneName, Lane] = {}
        self.wants_letters: Callable[[SubscriberId], bool] = lambda _: True
        self.hindrance: Callable[[OutboxItem], str | None] = lambda _: None
        self.retired: dict[OutboxId, MemoryMessage] = {}
        """Messages that are forgotten but for their number, and what was sent with them."""
        self._last_id = 0
        self.plans: dict[tuple[SubscriberId, date | datetime], SlotPlan] = {}
        self._last_slots: dict[SubscriberId, Slot] = {}
        self.notes: dict[tuple[SubscriberId, date], Silence] = {}
        self._places: dict[EditionId, _Place] = {}
        self._dressings: dict[RevisionId, Dressing] = {}

    def standings(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each; one never planned for has an empty Standing."""
        return {subscriber: self._standing(subscriber) for subscriber in subscribers}

    def marks(self, subscribers: Sequence[SubscriberId]) -> Mapping[SubscriberId, Standing]:
        """Return the standing of each without what appeared."""
        nothing = frozenset[EntryId]()
        return {
            subscriber: replace(standing, appeared=nothing, named=nothing)
            for subscriber, standing in self.standings(subscribers).items()
        }

    def with_appearances(
        self, standings: Iterable[Standing], entries: Collection[EntryId]
    ) -> Mapping[SubscriberId, Standing]:
        """Return these standings with what appeared of `entries`."""
        whole = {one.subscriber: (one, self._standing(one.subscriber)) for one in standings}
        wanted = frozenset(entries)
        return {
            person: replace(mark, appeared=found.appeared & wanted, named=found.named & wanted)
            for person, (mark, found) in whole.items()
        }

    def plan(self, plans: Sequence[SlotPlan]) -> Sequence[SlotPlan]:
        """Write the plans whose slot is free, whose entries are not taken and who is wanted."""
        last = self._last_id + sum(plan.edition is not None for plan in plans)
        written = [plan for plan in plans if self._plan(plan)]
        self._last_id = last  # numbers of letters that were refused are not given again
        return written

    def keep_dressing(self, dressing: Dressing) -> RevisionId:
        """Store a dressing under its content's hash."""
        text = repr((dressing.letterhead, sorted(dressing.templates.items())))
        revision = RevisionId(hashlib.sha256(text.encode()).hexdigest())
        self._dressings[revision] = dressing
        return revision

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return a stored dressing; raises RecordError when there is none."""
        if revision not in self._dressings:
            message = f"dressing {revision}: is not stored"
            raise RecordError(message)
        return self._dressings[revision]

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        """Return the editions that exist among `ids`."""
        gone = {one.item.edition for one in self.retired.values()}
        kept = [id_ for id_ in ids if id_ in self._places and id_ not in gone]
        return {id_: self._places[id_].edition for id_ in kept}

    def redress(self, ids: Iterable[EditionId], dressing: RevisionId) -> None:
        """Let these editions be rendered with another dressing, if nobody saw or holds them."""
        wanted = set(ids)
        for message in self.messages.values():
            item = message.item
            is_held = item.state in {OutboxState.CLAIMED, OutboxState.IN_DATA}
            if item.edition in wanted and not (item.message_sha256 or is_held):
                place = self._places[item.edition]
                place.edition = replace(place.edition, dressing=dressing)

    def slots(self, subscriber: SubscriberId, *, limit: int = 20) -> Sequence[SlotRecord]:
        """Return the last slots of a subscriber, latest first."""
        gone = {one.item.edition for one in self.retired.values()}
        plans = sorted(self._plans_of(subscriber), key=lambda plan: plan.slot.begins_at)
        records = [_record(plan) for plan in reversed(plans)]
        return [one for one in records if one.edition is None or one.edition not in gone][:limit]

    def slots_on(self, subscriber: SubscriberId, day: date) -> Sequence[SlotRecord]:
        """Return the slots of one local day of a subscriber, latest first."""
        slots = self.slots(subscriber, limit=len(self.plans))
        return [record for record in slots if record.slot.local_date == day]

    def note(self, days: Sequence[UnplannedDay]) -> None:
        """Write down why people got nothing on days without a slot; a later note of a day counts."""
        self.notes.update({(one.subscriber, one.local_date): one.silence for one in days})

    def noted(self, subscriber: SubscriberId, day: date) -> Silence | None:
        """Return what was written down for a day without a slot."""
        return self.notes.get((subscriber, day))

    def silences(self, *, since: datetime) -> Mapping[SilenceReason, int]:
        """Count the slots that began after `since` and passed in silence, by reason."""
        return Counter(
            plan.silence.reason
            for plan in self.plans.values()
            if plan.silence and plan.slot.begins_at > since
        )

    def latest_beginning(self, *, after: datetime) -> datetime | None:
        """Return when the latest of all last slots begins; None when none begins after then."""
        beginnings = (slot.begins_at for slot in self._last_slots.values())
        return max((moment for moment in beginnings if moment > after), default=None)

    def forget(self, subscriber: SubscriberId) -> None:
        """Remove everything that is stored of a subscriber."""
        for messages in (self.messages, self.retired):
            for id_, message in list(messages.items()):
                if message.item.subscriber == subscriber:
                    del messages[id_]
        for edition, place in list(self._places.items()):
            if place.edition.reader.subscriber == subscriber:
                del self._places[edition]
        for key in [key for key in self.plans if key[0] == subscriber]:
            del self.plans[key]
        for noted in [noted for noted in self.notes if noted[0] == subscriber]:
            del self.notes[noted]
        self._last_slots.pop(subscriber, None)

    def states(self) -> list[OutboxState]:
        """Return what became of each message, also of those whose number alone is left."""
        return [one.item.state for one in (*self.messages.values(), *self.retired.values())]

    def live_entries(self, message: MemoryMessage) -> frozenset[EntryId]:
        """Return the entries that count as sent by this message."""
        edition = message.item.edition
        if message.given_back or edition is None:
            return frozenset()
        return self._places[edition].shown

    def entries_of(self, edition: EditionId) -> frozenset[EntryId]:
        """Return the entries that an edition shows."""
        return self._places[edition].shown

    def entries_in(self, subscriber: SubscriberId, beginning: str) -> Shown | None:
        """Return the edition of a subscriber whose id begins so, and its entries by their numbers."""
        for id_, place in self._places.items():
            edition = place.edition
            if edition.reader.subscriber == subscriber and id_.startswith(beginning):
                every = (*edition.matches, *edition.also_matched)
                return id_, list(dict.fromkeys(one.entry for one in every))
        return None

    def _plan(self, plan: SlotPlan) -> bool:
        slot = plan.slot
        is_scheduled = slot.kind is SlotKind.SCHEDULED
        key = (plan.subscriber, slot.local_date if is_scheduled else slot.begins_at)
        is_unwanted = plan.edition is not None and not self.wants_letters(plan.subscriber)
        if key in self.plans:
            self._move_last_slot(plan)
            return False
        if is_unwanted or self._is_taken(plan):
            return False
        self.plans[key] = plan
        self._move_last_slot(plan)
        if plan.edition:
            self._enqueue(plan, plan.edition)
        return True

    def _move_last_slot(self, plan: SlotPlan) -> None:
        if plan.slot.kind is SlotKind.SCHEDULED:
            last = self._last_slots.get(plan.subscriber)
            moved = last_of(last, plan.slot, planned_at=plan.planned_at)
            self._last_slots[plan.subscriber] = moved

    def _is_taken(self, plan: SlotPlan) -> bool:
        wanted = {one.entry for one in plan.edition.matches} if plan.edition else set()
        return any(
            wanted & self.live_entries(message) for message in self._messages_of(plan.subscriber)
        )

    def _enqueue(self, plan: SlotPlan, edition: Edition) -> None:
        shown = frozenset(match.entry for match in edition.matches)
        named = frozenset(match.entry for match in edition.also_matched) - shown
        self._places[edition.id] = _Place(edition, shown, named)
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
        messages = self._messages_of(subscriber)
        live = self._places_of(one for one in messages if not one.given_back)
        lost = self._places_of(one for one in messages if one.given_back)
        appeared = frozenset(entry for place in live for entry in place.shown)
        named = frozenset(entry for place in live for entry in place.named)
        offered = frozenset(entry for place in lost for entry in place.shown | place.named)
        return Standing(
            subscriber=subscriber,
            watermark=max((plan.watermark for plan in plans), default=NO_RELEASE),
            last_slot=self._last_slots.get(subscriber),
            last_edition_on=max(
                (one.slot.local_date for one in plans if one.edition), default=None
            ),
            appeared=appeared,
            given_back=offered - appeared - named,
            named=named - appeared,
        )

    def _places_of(self, messages: Iterable[MemoryMessage]) -> list[_Place]:
        return [self._places[one.item.edition] for one in messages if one.item.edition]

    def _plans_of(self, subscriber: SubscriberId) -> list[SlotPlan]:
        return [plan for key, plan in self.plans.items() if key[0] == subscriber]

    def _messages_of(self, subscriber: SubscriberId) -> list[MemoryMessage]:
        retired = (one for one in self.retired.values() if not one.given_back)
        every = (*self.messages.values(), *retired)
        return [one for one in every if one.item.subscriber == subscriber]


def _record(plan: SlotPlan) -> SlotRecord:
    return SlotRecord(
        subscriber=plan.subscriber,
        slot=plan.slot,
        planned_at=plan.planned_at,
        new_count=plan.new_count,
        edition=plan.edition.id if plan.edition else None,
        silence=plan.silence,
    )
