"""SUBSCRIBE: consent and preferences come into force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

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
from newsletter.rules.removals import are_doubtful


@dataclass(frozen=True, slots=True)
class SubscribePorts:
    """What a change of consent or preferences needs of the world."""

    subscribers: SubscriberStore
    preferences: PreferencesStore
    outbox: Outbox
    clock: Clock


class Removals(StrEnum):
    """What to think of very many documents that are gone at once."""

    HOLD = "hold"
    """They may be lost: the last good ones stay in force until somebody says otherwise."""
    ACCEPT = "accept"
    """They were deleted."""


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
    """People whose document may not have been deleted at all: the last one stays in force."""
    changed: int = 0
    """How many documents came into force."""


@dataclass(frozen=True, slots=True)
class Vouching:
    """What came of vouching: addresses confirmed now, confirmed before, and refused.

    Refused are those who once unsubscribed: only they can come back, by mail or page.
    """

    confirmed: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]


def adopt_documents(ports: SubscribePorts, removals: Removals = Removals.HOLD) -> Adoption:
    """Put every valid document into force and take those whose file is gone out of it.

    A file for an address with no history is a SUBSCRIBE: the person is PENDING until they, or
    the operator for them, confirm. A broken document leaves the last good one in force, and so
    does anything that could not be read, for whoever may stand in it; and so many documents gone
    at once that their place may be lost, unless `removals` says that they were deleted.
    """
    now = ports.clock.now()
    reading = ports.preferences.read()
    present = {address_key(one.preferences.email): one for one in reading.documents}
    found = ports.subscribers.compare({key: one.preferences for key, one in present.items()})
    strangers = [one for key, one in present.items() if key in found.unknown]
    _ask(strangers, ports)
    changed = found.unknown | found.changed
    if changed:
        ports.subscribers.adopt([one for key, one in present.items() if key in changed], now=now)
    asked = tuple(one.preferences.email for one in strangers)
    missing = tuple(sorted(found.missing - reading.broken))
    doubt = _doubt(reading, missing, found.in_force, removals) if missing else None
    adoption = Adoption(len(present), reading.problems, asked, changed=len(changed))
    if doubt:
        return replace(adoption, problems=(*reading.problems, doubt), kept=missing)
    if missing:
        ports.subscribers.disown(missing)
    return replace(adoption, gone=missing)


def vouch(documents: Sequence[Document], ports: SubscribePorts, *, statement: str) -> Vouching:
    """Confirm the people of `documents` on the operator's word, which is logged for each."""
    now = ports.clock.now()
    by_key = {address_key(one.preferences.email): one for one in documents}
    states = ports.subscribers.states(by_key)
    confirmed, known, refused = [], [], []
    for key, document in by_key.items():
        match states.get(key):
            case SubscriptionState.CONFIRMED:
                known.append(document)
            case SubscriptionState.UNSUBSCRIBED:
                refused.append(document)
            case _:
                confirmed.append(document)
    people = [(one.preferences.email, one.place) for one in confirmed]
    ports.subscribers.apply_all(people, SubscriptionEvent.VOUCH, now=now, statement=statement)
    ports.subscribers.adopt(documents, now=now)
    return Vouching(_addresses(confirmed), _addresses(known), _addresses(refused))


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


def _ask(strangers: Sequence[Document], ports: SubscribePorts) -> None:
    ports.subscribers.apply_all(
        [(one.preferences.email, one.place) for one in strangers],
        SubscriptionEvent.SUBSCRIBE,
        now=ports.clock.now(),
        statement="A preferences document was put among the subscribers.",
    )


def _addresses(documents: Iterable[Document]) -> tuple[str, ...]:
    return tuple(one.preferences.email for one in documents)


def _doubt(
    reading: PreferencesReading, missing: Sequence[AddressKey], in_force: int, removals: Removals
) -> Problem | None:
    """Return why documents that are missing are not taken for deleted, if there is a reason."""
    who = "1 subscriber has" if len(missing) == 1 else f"{len(missing):,} subscribers have"
    if reading.unread:
        message = f"{who} no document now and may stand here, so the last good one stays in force"
        return Problem(min(reading.unread), 0, 0, "", message, "mend this to let deleted ones go")
    present = len(reading.documents) + len(reading.broken)
    if removals is Removals.ACCEPT or not are_doubtful(
        missing=len(missing), in_force=in_force, present=present
    ):
        return None
    message = f"{who} no document any more, of {in_force:,}: the last good ones stay in force"
    remedy = "bring them back, or run `newsletter subscribers accept-removals` if they were deleted"
    return Problem("subscribers", 0, 0, "", message, remedy)
