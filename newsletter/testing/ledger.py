"""The ledger in memory; its messages are what the outbox of this room works on."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from newsletter.errors import RecordError
from newsletter.model import (
    NO_RELEASE,
    Dressing,
    EntryId,
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
from newsletter.rules.cadence import last_of
from newsletter.testing.ledger_messages import MemoryMessages


class MemoryLedger(MemoryMessages):
    """The Ledger port in memory: slots, standings and silences, beside the messages of its letters.

    `wants_letters` says who may get an edition; a MemorySubscriberStore over this ledger sets it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.wants_letters: Callable[[SubscriberId], bool] = lambda _: True
        self.plans: dict[tuple[SubscriberId, date | datetime], SlotPlan] = {}
        self._last_slots: dict[SubscriberId, Slot] = {}
        self.notes: dict[tuple[SubscriberId, date], Silence] = {}
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
        self.forget_messages(subscriber)
        for key in [key for key in self.plans if key[0] == subscriber]:
            del self.plans[key]
        for noted in [noted for noted in self.notes if noted[0] == subscriber]:
            del self.notes[noted]
        self._last_slots.pop(subscriber, None)

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

    def _plans_of(self, subscriber: SubscriberId) -> list[SlotPlan]:
        return [plan for key, plan in self.plans.items() if key[0] == subscriber]


def _record(plan: SlotPlan) -> SlotRecord:
    return SlotRecord(
        subscriber=plan.subscriber,
        slot=plan.slot,
        planned_at=plan.planned_at,
        new_count=plan.new_count,
        edition=plan.edition.id if plan.edition else None,
        silence=plan.silence,
    )
