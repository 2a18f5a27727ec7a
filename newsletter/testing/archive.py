"""What is kept of people beside consent and letters, in memory."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.model import (
    WAITING,
    AddressKey,
    InboundMessage,
    InboundState,
    OutboxState,
    ReplyKind,
    SubscriberId,
)
from newsletter.ports import (
    AuditLine,
    Deadlines,
    DeedTrace,
    Enquiry,
    EnquiryTrace,
    Forgotten,
    InboundTrace,
    KeyTrace,
    ReplyTrace,
    Traces,
)
from newsletter.rules.addresses import Secrets, address_key, suppression_keys
from newsletter.testing.audit import MemoryAudit
from newsletter.testing.bounces import MemoryBounces
from newsletter.testing.correspondence import MemoryLetterbox, Posted
from newsletter.testing.enquiries import MemoryEnquiries
from newsletter.testing.inbound import MemoryInbound
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.votes import MemoryVotes


@dataclass(frozen=True, slots=True)
class MemoryArchive:
    """The Archive port over the fakes beside it. A reply is over as soon as it is posted here.

    `ids_of` returns the ids that an address ever had, `is_known` whether somebody is a subscriber.
    """

    ledger: MemoryLedger
    letterbox: MemoryLetterbox
    inbound: MemoryInbound
    bounces: MemoryBounces
    votes: MemoryVotes
    ids_of: Callable[[AddressKey], tuple[SubscriberId, ...]] = lambda _: ()
    is_known: Callable[[SubscriberId], bool] = lambda _: True
    enquiries: MemoryEnquiries = field(default_factory=MemoryEnquiries)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    secrets: Secrets | None = None

    def traces(self, address: AddressKey) -> Traces:
        """Return what is stored of an address."""
        ids = self.ids_of(address)
        posted = [one for one in self.letterbox.posted if one.reply.to_key == address]
        keys = [one for one in self.letterbox.keys.values() if one.address == address]
        days = [(day, one) for (who, day), one in self.ledger.notes.items() if who in ids]
        return Traces(
            subscribers=ids,
            replies=tuple(ReplyTrace(one.reply.kind, one.at, OutboxState.SENT) for one in posted),
            keys=tuple(
                KeyTrace(one.purpose, one.made_at, one.ends_at, one.used_at) for one in keys
            ),
            received=tuple(
                InboundTrace(one.received_at, one.recipient, len(one.raw), one.state, one.note)
                for one in self._naming(address)
            ),
            silent_days=tuple(sorted(days, key=lambda one: one[0])),
            enquiries=tuple(
                EnquiryTrace(one.kind, one.asked_at, one.document, one.evidence)
                for one in self._asked_by(address)
            ),
            deeds=tuple(
                DeedTrace(one.at, one.deed.action, one.deed.detail)
                for one in self._deeds_on(address, ids)
            ),
        )

    def purge(self, deadlines: Deadlines) -> Forgotten:
        """Forget what is over and old."""
        old = [one for one in self.letterbox.posted if self._is_old(one, deadlines)]
        self.letterbox.posted = [one for one in self.letterbox.posted if one not in old]
        keys = {one.hash for one in self.letterbox.keys.values() if one.ends_at < deadlines.keys}
        for name in keys:
            del self.letterbox.keys[name]
        deliveries, days = _purge_ledger(self.ledger, deadlines.deliveries)
        deeds = self.audit.drop(deadlines.deeds) if deadlines.deeds else 0
        return Forgotten(len(old), len(keys), deliveries, days, deeds)

    def forget(self, address: AddressKey, people: set[SubscriberId]) -> bool:
        """Forget all of an address and of the ids it had; return whether there was anything."""
        was_there = self.traces(address) != Traces(self.ids_of(address))
        kept = [one for one in self.letterbox.posted if one.reply.to_key != address]
        self.letterbox.posted = kept
        for key in list(self.letterbox.keys.values()):
            if key.address == address or key.subscriber in people:
                del self.letterbox.keys[key.hash]
        self.inbound.drop({one.id for one in self._naming(address)})
        was_there |= self.bounces.standing(address) is not None
        self.bounces.forget(address)
        for person in people:
            self.votes.forget(person)
        for enquiry in self._asked_by(address):
            self.enquiries.done(enquiry.id)
        lines = self._deeds_on(address, tuple(people))
        self.audit.unname({one.id for one in lines})
        return was_there or bool(lines)

    def _is_old(self, posted: Posted, deadlines: Deadlines) -> bool:
        if posted.reply.kind is ReplyKind.CONFIRMATION:
            return posted.at < deadlines.confirmations
        person = posted.reply.subscriber
        is_stranger = person is None or not self.is_known(person)
        return posted.at < (deadlines.strangers if is_stranger else deadlines.replies)

    def _asked_by(self, address: AddressKey) -> list[Enquiry]:
        return [one for one in self.enquiries.kept.values() if address_key(one.address) == address]

    def _deeds_on(self, address: AddressKey, people: tuple[SubscriberId, ...]) -> list[AuditLine]:
        hashes = suppression_keys(address, self.secrets) if self.secrets else ()
        subjects = {*(f"person {one}" for one in people), *(f"address {one}" for one in hashes)}
        return [
            one
            for one in reversed(self.audit.latest(limit=1_000))
            if one.deed.subject in subjects or address in one.deed.detail.lower()
        ]

    def _naming(self, address: AddressKey) -> list[InboundMessage]:
        names = re.compile(rb"(?<![a-z0-9.])" + re.escape(address.encode()))
        return [one for one in self.inbound.messages if names.search(_text_of(one))]


def _text_of(message: InboundMessage) -> bytes:
    """Return envelope and message; of one that nobody looked at, its header alone."""
    is_waiting = message.state is InboundState.RECEIVED and not message.tries
    header, _, _ = message.raw.partition(b"\r\n\r\n")
    envelope = f"{message.sender} {message.recipient} ".encode()
    return (envelope + (header if is_waiting else message.raw)).lower()


def _purge_ledger(ledger: MemoryLedger, before: datetime) -> tuple[int, int]:
    over = [
        id_
        for id_, one in ledger.messages.items()
        if one.item.state not in WAITING and one.item.updated_at and one.item.updated_at < before
    ]
    for id_ in over:
        ledger.retired[id_] = ledger.messages.pop(id_)
    notes = [key for key in ledger.notes if key[1] < before.date()]
    slots = [
        key for key, one in ledger.plans.items() if one.silence and one.slot.begins_at < before
    ]
    for note in notes:
        del ledger.notes[note]
    for slot in slots:
        del ledger.plans[slot]
    return len(over), len(notes) + len(slots)
