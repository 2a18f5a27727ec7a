"""What is stored of a person: handed over, erased, and forgotten when its time is over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import (
    AddressKey,
    Edition,
    OutboxItem,
    SlotRecord,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
)
from newsletter.ports import (
    Archive,
    BounceBook,
    Clock,
    Deadlines,
    EnquiryStore,
    Forgotten,
    InboundStore,
    Ledger,
    Outbox,
    Postbag,
    PreferencesStore,
    SubscriberStore,
    VectorStore,
    Votes,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.plain_records import JsonValue, plain

_PENDING: Final = timedelta(days=7)
_RECEIVED: Final = timedelta(days=14)
_UNREAD: Final = timedelta(days=90)
"""Mail for a source that nobody pulls: for as long as an operator may be away."""
_REPLIES: Final = timedelta(days=14)
_STRANGERS: Final = timedelta(days=1)
"""Answers to people who are no subscribers are counted for a day, against mail loops."""
_CONFIRMATIONS: Final = timedelta(days=31)
"""An address is asked at most three times in thirty days."""
_KEYS: Final = timedelta(days=14)
"""So long somebody who is late is told so, instead of that the token was never ours."""
_DELIVERIES: Final = timedelta(days=90)
_ASIDE: Final = timedelta(days=1)
"""Long enough to be seen in the log, and within the time in which an address has to be forgotten."""
_DEEDS: Final = timedelta(days=365)
"""Who did what on the operator's pages: so long somebody may ask."""
_VECTORS: Final = timedelta(days=120)
"""A month more than the entries that any letter looks at: what is gone costs time, nothing else."""
_ALL_SLOTS: Final = 100_000
_EXPIRED: Final = "Did not confirm within seven days."


@dataclass(frozen=True, slots=True)
class PrivacyPorts:
    """What handing over, erasing and forgetting need of the world."""

    subscribers: SubscriberStore
    preferences: PreferencesStore
    ledger: Ledger
    outbox: Outbox
    archive: Archive
    inbound: InboundStore
    bounces: BounceBook
    votes: Votes
    clock: Clock
    postbag: Postbag
    vectors: VectorStore | None = None
    """None: none are kept."""
    enquiries: EnquiryStore | None = None
    """None: no pages are there to ask on."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did. `expired` are people who never confirmed, `received` messages that came in.

    `vectors` are those of texts, of entries or topics, that no letter asked for any more, `enquiries`
    what was asked for on pages and could not be answered.
    """

    expired: int
    received: int
    forgotten: Forgotten
    vectors: int = 0
    enquiries: int = 0


def erase_person(address: AddressKey, ports: PrivacyPorts) -> bool:
    """Remove everything that is stored of an address; return whether there was anything.

    Of a suppression a keyed hash of the address stays, so that nobody writes there again. The
    document goes first, so that nobody is taken for new because of it. Doing it twice is fine.
    Raises PreferencesError, and erases nothing, when the document cannot be removed: it is broken
    and perhaps somebody else's too, or its file cannot be written.
    """
    had_document = ports.preferences.source_of(address) is not None
    ports.preferences.remove(address, expected=None)
    return ports.subscribers.forget(address) or had_document


def export_person(address: AddressKey, ports: PrivacyPorts) -> Mapping[str, JsonValue]:
    """Return everything that is stored of an address, in plain values that JSON can hold.

    Also of somebody who is no subscriber (any more). Nothing is changed by looking.
    """
    person = ports.subscribers.find(address)
    traces = ports.archive.traces(address)
    document = ports.preferences.source_of(address)
    bounces = ports.bounces.standing(address)
    return {
        "address": person.address if person else address,
        "subscription": _subscription(person),
        "consent_log": plain(ports.subscribers.consents(address)),
        "document": plain(document),
        "preferences_in_force": plain(person.preferences if person else None),
        "letters": [one for id_ in traces.subscribers for one in _letters(id_, ports)],
        "silent_days": [
            {"date": day.isoformat(), "reason": str(silence.reason), "detail": silence.detail}
            for day, silence in traces.silent_days
        ],
        "entries_sent": [one for id_ in traces.subscribers for one in _entries(id_, ports)],
        "other_mail": plain(traces.replies),
        "tokens": plain(traces.keys),
        "mail_received": plain(traces.received),
        "asked_on_pages": plain(traces.enquiries),
        "done_by_operators": plain(traces.deeds),
        "votes": [plain(one) for id_ in traces.subscribers for one in ports.votes.votes(id_)],
        "bounces": bounces,
        "suppression": plain(ports.subscribers.suppression(address)),
    }


def purge(ports: PrivacyPorts) -> Purged:
    """Forget what is over and old, in small steps. Doing it twice is fine.

    Received messages go after 14 days, those for a source once it has pulled them, other mail to
    people 14 days after it ended, letters and their slots after 90: then their numbers alone are
    left, and which entries somebody was sent. Who was asked and did not confirm within seven days is
    forgotten. Vectors of texts go after 120 days without use, what operators did after a year. What was
    asked for on a page goes after a day when three looks failed, after seven when nobody looked.
    """
    now = ports.clock.now()
    return Purged(
        expired=sum(_expire(person, ports, now) for person in _late(ports, now)),
        received=ports.inbound.purge(now - _RECEIVED)
        + ports.postbag.purge(now - _RECEIVED, unread_before=now - _UNREAD),
        forgotten=ports.archive.purge(
            Deadlines(
                replies=now - _REPLIES,
                strangers=now - _STRANGERS,
                confirmations=now - _CONFIRMATIONS,
                keys=now - _KEYS,
                deliveries=now - _DELIVERIES,
                deeds=now - _DEEDS,
            )
        ),
        vectors=ports.vectors.forget(unused_since=now - _VECTORS) if ports.vectors else 0,
        enquiries=ports.enquiries.forget(now - _ASIDE, waiting_before=now - _PENDING)
        if ports.enquiries
        else 0,
    )


def _late(ports: PrivacyPorts, now: datetime) -> Iterator[Subscriber]:
    """Yield who was asked too long ago. The operator vouches for people with a document, in time."""
    reading = ports.preferences.read()
    written = {address_key(one.preferences.email) for one in reading.documents} | reading.broken
    for person in ports.subscribers.pending(before=now - _PENDING):
        if person.preferences is None and address_key(person.address) not in written:
            yield person


def _expire(person: Subscriber, ports: PrivacyPorts, now: datetime) -> bool:
    """End what was asked for and not confirmed; return whether that was now.

    Who left before, and did not confirm the return, has left: nobody may vouch for that person.
    """
    log = ports.subscribers.consents(address_key(person.address))
    if any(one.at > now - _PENDING for one in log):
        return False  # asked again since: that token still counts
    has_left = any(one.event is SubscriptionEvent.UNSUBSCRIBE for one in log)
    event = SubscriptionEvent.UNSUBSCRIBE if has_left else SubscriptionEvent.EXPIRE
    ports.subscribers.apply(person.address, event, now=now, statement=_EXPIRED)
    return True


def _subscription(person: Subscriber | None) -> JsonValue:
    if person is None:
        return None
    return {
        "id": person.id,
        "state": str(person.state),
        "since_at": plain(person.since_at),
        "confirmed_at": plain(person.confirmed_at),
        "cadence_since_at": plain(person.cadence_since_at),
    }


def _letters(id_: SubscriberId, ports: PrivacyPorts) -> Iterator[JsonValue]:
    """Yield every slot, with what was decided for it and what became of the letter."""
    records = ports.ledger.slots(id_, limit=_ALL_SLOTS)
    items = {one.edition: one for one in ports.outbox.find(subscriber=id_, limit=None)}
    editions = ports.ledger.editions([one.edition for one in records if one.edition])
    for record in records:
        edition = editions.get(record.edition) if record.edition else None
        yield _letter(record, edition, items.get(record.edition) if record.edition else None)


def _letter(record: SlotRecord, edition: Edition | None, item: OutboxItem | None) -> JsonValue:
    return {
        "slot": plain(record.slot),
        "planned_at": plain(record.planned_at),
        "new_entries": record.new_count,
        "silence": plain(record.silence),
        "edition": plain(edition),
        "delivery": plain(item),
    }


def _entries(id_: SubscriberId, ports: PrivacyPorts) -> Iterator[JsonValue]:
    """Yield the entries that somebody was sent, which are not offered again."""
    standing = ports.ledger.standings([id_])[id_]
    yield from sorted(standing.appeared | standing.named)
