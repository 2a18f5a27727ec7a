"""Leaving with the links of letters, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.model import (
    ConsentRecord,
    EditionId,
    ReplyKind,
    Subscriber,
    SubscriptionEvent,
    SubscriptionState,
)
from newsletter.ports import Ledger, Outbox, Parting, PartingNotice
from newsletter.rules.addresses import address_key
from newsletter.testing.correspondence import MemoryLetterbox
from newsletter.testing.subscribers import MemorySubscriberStore

_TOLD_BY = frozenset({ReplyKind.NOTICE, ReplyKind.ANSWER})


@dataclass(slots=True)
class MemoryPartings:
    """The Partings port over the other stores in memory."""

    people: MemorySubscriberStore
    ledger: Ledger
    outbox: Outbox
    letterbox: MemoryLetterbox = field(default_factory=MemoryLetterbox)

    def end(
        self, letters: Mapping[EditionId, str], *, now: datetime, statement: str
    ) -> Mapping[EditionId, Parting]:
        """End the subscriptions of the readers of these letters, one after the other."""
        found = {}
        for edition, evidence in letters.items():
            known = self.ledger.editions([edition]).get(edition)
            person = self.people.get(known.reader.subscriber) if known else None
            if person:
                found[edition] = self._end(person, evidence, now, statement)
        return found

    def _end(self, person: Subscriber, evidence: str, now: datetime, statement: str) -> Parting:
        if person.state is SubscriptionState.UNSUBSCRIBED:
            last = self._last_end(person)
            is_same = last is not None and (last.at, last.evidence) == (person.since_at, evidence)
            return Parting(person.id, person.since_at, can_return=is_same)
        was_confirmed = person.state is SubscriptionState.CONFIRMED
        event, how = SubscriptionEvent.UNSUBSCRIBE, "" if was_confirmed else ", while only asked"
        self.people.apply(
            person.address, event, now=now, statement=statement, evidence=f"{evidence}{how}"
        )
        self.outbox.cancel(person.id, reason="unsubscribed", now=now)
        return Parting(person.id, now, can_return=was_confirmed)

    def untold(self, *, since: datetime, statement: str, limit: int) -> Sequence[Subscriber]:
        """Return who left so, is gone, and was told nothing."""
        gone = []
        for person in self.people.all():
            last = self._last_end(person)
            is_gone = person.state is SubscriptionState.UNSUBSCRIBED and person.since_at > since
            by_this = last and (last.at, last.statement) == (person.since_at, statement)
            if is_gone and by_this and not self._was_told(person, person.since_at):
                gone.append(person)
        return sorted(gone, key=lambda one: one.since_at)[:limit]

    def tell(self, notices: Sequence[PartingNotice], *, now: datetime) -> int:
        """Post notices, but to those who were told since they left."""
        told = 0
        for one in notices:
            person = self.people.find(one.reply.to_key)
            if person is None or not self._was_told(person, one.left_at):
                self.letterbox.post(one.reply, one.keys, now=now)
                told += 1
        return told

    def _last_end(self, person: Subscriber) -> ConsentRecord | None:
        log = self.people.consents(address_key(person.address))
        ends = [one for one in log if one.event is SubscriptionEvent.UNSUBSCRIBE]
        return ends[-1] if ends else None

    def _was_told(self, person: Subscriber, since: datetime) -> bool:
        key = address_key(person.address)
        return any(
            one.at >= since and one.reply.to_key == key and one.reply.kind in _TOLD_BY
            for one in self.letterbox.posted
        )
