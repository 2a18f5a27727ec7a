"""SUBSCRIBE: consent and preferences come into force."""

from collections.abc import Container, Iterable, Sequence
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
    """What a look at the documents changed."""

    documents: int
    problems: tuple[Problem, ...]
    asked: tuple[str, ...] = ()
    """People known for the first time."""
    gone: tuple[str, ...] = ()
    """People whose document went out of force: it is certain that there is none."""
    kept: tuple[str, ...] = ()
    """People whose document may stand in what could not be read: the last one stays in force."""


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
    the operator for them, confirm. A broken document leaves the last good one in force, and so
    does anything that could not be read, for whoever may stand in it.
    """
    now = ports.clock.now()
    reading = ports.preferences.read()
    in_force = {address_key(one.address): one.preferences for one in ports.subscribers.all()}
    asked = _ask_unknown(reading.documents, in_force, ports)
    present = {address_key(one.preferences.email): one for one in reading.documents}
    changed = [one for key, one in present.items() if in_force.get(key) != one.preferences]
    if changed:
        ports.subscribers.adopt(changed, now=now)
    there = present.keys() | reading.broken
    missing = tuple(key for key, last in in_force.items() if last and key not in there)
    if missing and reading.unread:
        problems = (*reading.problems, _uncertain(reading, len(missing)))
        return Adoption(len(present), problems, asked, kept=missing)
    if missing:
        ports.subscribers.disown(missing)
    return Adoption(len(present), reading.problems, asked, gone=missing)


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


def unsubscribe(
    subscriber: SubscriberId,
    ports: SubscribePorts,
    *,
    statement: str = "Unsubscribed with the token of a letter.",
    evidence: str,
) -> bool:
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
            statement=statement,
            evidence=evidence,
        )
    ports.outbox.cancel(person.id, reason="unsubscribed", now=now)
    return True


def _ask_unknown(
    documents: Iterable[Document], known: Container[AddressKey], ports: SubscribePorts
) -> tuple[str, ...]:
    now = ports.clock.now()
    asked = []
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


def _uncertain(reading: PreferencesReading, missing: int) -> Problem:
    who = "1 subscriber has" if missing == 1 else f"{missing:,} subscribers have"
    message = f"{who} no document now and may stand here, so the last good one stays in force"
    return Problem(min(reading.unread), 0, 0, "", message, "mend this to let deleted ones go")
