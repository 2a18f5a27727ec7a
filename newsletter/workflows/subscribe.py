"""SUBSCRIBE: consent and preferences come into force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.model import (
    AddressKey,
    Document,
    PreferencesReading,
    Problem,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
)
from newsletter.ports import Clock, Outbox, PreferencesStore, SubscriberStore
from newsletter.rules.addresses import address_key


@dataclass(frozen=True, slots=True)
class SubscribePorts:
    """What a change of consent or preferences needs of the world."""

    subscribers: SubscriberStore
    preferences: PreferencesStore
    outbox: Outbox
    clock: Clock


@dataclass(frozen=True, slots=True)
class Adoption:
    """What a look at the documents changed. `asked` are people known for the first time."""

    documents: int
    problems: tuple[Problem, ...]
    asked: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vouching:
    """What came of vouching: addresses confirmed now, confirmed before, and refused.

    Refused are those who once unsubscribed: only they can come back, by mail or page.
    """

    confirmed: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]


def adopt_documents(ports: SubscribePorts) -> Adoption:
    """Put every valid document into force and take those whose file is gone out of it.

    A file for an address with no history is a SUBSCRIBE: the person is PENDING until they, or
    the operator for them, confirm. A broken document leaves the last good one in force.
    """
    now = ports.clock.now()
    reading = ports.preferences.read()
    asked = _ask_unknown(reading.documents, ports)
    ports.subscribers.adopt(reading.documents, now=now)
    gone = _missing(reading, ports)
    ports.subscribers.disown(gone)
    return Adoption(len(reading.documents), reading.problems, asked, gone)


def vouch(documents: Sequence[Document], ports: SubscribePorts, *, statement: str) -> Vouching:
    """Confirm the people of `documents` on the operator's word, which is logged for each."""
    confirmed, known, refused = [], [], []
    now = ports.clock.now()
    for document in documents:
        address = document.preferences.email
        stored = ports.subscribers.find(address_key(address))
        match stored.state if stored else None:
            case SubscriptionState.CONFIRMED:
                known.append(address)
            case SubscriptionState.UNSUBSCRIBED:
                refused.append(address)
            case _:
                ports.subscribers.apply(
                    address,
                    SubscriptionEvent.VOUCH,
                    now=now,
                    statement=statement,
                    evidence=document.place,
                )
                confirmed.append(address)
    ports.subscribers.adopt(documents, now=now)
    return Vouching(tuple(confirmed), tuple(known), tuple(refused))


def unsubscribe(subscriber: SubscriberId, ports: SubscribePorts, *, evidence: str) -> bool:
    """End a subscription and cancel what waits for it; return whether the person is known.

    Doing it twice is fine and changes nothing more.
    """
    now = ports.clock.now()
    person = ports.subscribers.get(subscriber)
    if person is None:
        return False
    if person.state is not SubscriptionState.UNSUBSCRIBED:
        ports.subscribers.apply(
            person.address,
            SubscriptionEvent.UNSUBSCRIBE,
            now=now,
            statement="Unsubscribed with the token of a letter.",
            evidence=evidence,
        )
    ports.outbox.cancel(person.id, reason="unsubscribed", now=now)
    return True


def _ask_unknown(documents: Iterable[Document], ports: SubscribePorts) -> tuple[str, ...]:
    now = ports.clock.now()
    asked = []
    known = {address_key(person.address) for person in ports.subscribers.all()}
    for document in documents:
        address = document.preferences.email
        if address_key(address) in known:
            continue
        ports.subscribers.apply(
            address,
            SubscriptionEvent.SUBSCRIBE,
            now=now,
            statement="A preferences document was put into the subscribers folder.",
            evidence=document.place,
        )
        asked.append(address)
    return tuple(asked)


def _missing(reading: PreferencesReading, ports: SubscribePorts) -> tuple[AddressKey, ...]:
    present = {address_key(document.preferences.email) for document in reading.documents}
    if any(not problem.line for problem in reading.problems):
        return ()  # the folder or a whole file could not be read: nobody is taken for gone
    kept = present | reading.broken
    return tuple(
        key
        for person in ports.subscribers.all()
        if person.preferences is not None and (key := address_key(person.address)) not in kept
    )
