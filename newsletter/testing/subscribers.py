"""Persons, their consent and suppressions, kept in memory as the ports promise."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from newsletter.model import (
    AddressKey,
    Cadence,
    ConsentRecord,
    Document,
    EmailAddress,
    OutboxItem,
    Preferences,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    next_subscription_state,
)
from newsletter.ports import DocumentChanges
from newsletter.rules.addresses import Secrets, address_key, suppression_key, suppression_keys
from newsletter.testing.ledger import MemoryLedger

ForgetOthers = Callable[[AddressKey, set[SubscriberId]], bool]


class MemorySuppressions:
    """Suppressions under addresses, and under hashes of addresses that were forgotten."""

    def __init__(self, secrets: Secrets | None = None) -> None:
        self._secrets = secrets
        self._known: dict[AddressKey, Suppression] = {}

    def put(self, suppression: Suppression) -> None:
        """Keep one in place of every earlier one of the address."""
        self.lift(suppression.address)
        self._known[suppression.address] = suppression

    def lift(self, address: AddressKey) -> None:
        """Forget that of an address."""
        for name in (address, *self._hidden(address)):
            self._known.pop(name, None)

    def shown(self, address: AddressKey) -> Suppression | None:
        """Return that of an address that is known."""
        return self._known.get(address)

    def find(self, address: AddressKey) -> Suppression | None:
        """Return that of an address, known or forgotten."""
        names = [name for name in (address, *self._hidden(address)) if name in self._known]
        return replace(self._known[names[0]], address=address) if names else None

    def all(self) -> Sequence[Suppression]:
        """Return all, the newest first."""
        by_address = sorted(self._known.values(), key=lambda one: one.address)
        return sorted(by_address, key=lambda one: one.since_at, reverse=True)

    def reveal(self, address: AddressKey) -> None:
        """Let that of a forgotten address stand under the address again."""
        found = self.find(address)
        if found:
            self.put(found)

    def hide(self, address: AddressKey) -> None:
        """Let that of an address stand under its hash."""
        found = self._known.get(address)
        if found and self._secrets:
            self.lift(address)
            name = suppression_key(address, self._secrets)
            self._known[name] = replace(found, address=name, detail="")

    def _hidden(self, address: AddressKey) -> tuple[AddressKey, ...]:
        return suppression_keys(address, self._secrets) if self._secrets else ()


class MemorySubscriberStore:
    """The SubscriberStore port in memory.

    `ledger`, if given, writes to the CONFIRMED alone and forgets who is forgotten. `forget_others`
    forgets what else is kept of an address and of the ids it had, and says whether there was any.
    """

    def __init__(
        self,
        ledger: MemoryLedger | None = None,
        secrets: Secrets | None = None,
        forget_others: ForgetOthers = lambda *_: False,
    ) -> None:
        self._ledger = ledger
        self._forget_others = forget_others
        self._numbers = count(1)
        self._people: dict[AddressKey, Subscriber] = {}
        self._consents: dict[AddressKey, list[ConsentRecord]] = {}
        self._suppressions = MemorySuppressions(secrets)
        self._cadences: dict[AddressKey, Cadence] = {}
        if ledger:
            ledger.wants_letters = self._is_confirmed
            ledger.hindrance = self._hindrance

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address."""
        for key in sorted(self._people):
            yield self._shown(key)

    def by_id(self, *, above: str = "", below: str | None = None) -> Iterator[Subscriber]:
        """Yield the subscribers with ids above one and below the other, by id."""
        for person in sorted(self.all(), key=lambda one: one.id):
            if above < person.id and (below is None or person.id < below):
                yield person

    def count(self) -> int:
        """Return how many there are, in whatever state."""
        return len(self._people)

    def find(self, address: AddressKey) -> Subscriber | None:
        """Return the subscriber with that folded address."""
        return self._shown(address) if address in self._people else None

    def get(self, subscriber: SubscriberId) -> Subscriber | None:
        """Return the subscriber with that id."""
        return next((person for person in self.all() if person.id == subscriber), None)

    def apply(
        self,
        address: EmailAddress,
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
        evidence: str = "",
    ) -> Subscriber | None:
        """Take one event through the transition table and log it."""
        key = address_key(address)
        before = self._people.get(key)
        state = next_subscription_state(before.state if before else None, event)
        if event is SubscriptionEvent.ERASE:
            self.forget(key)
            return None
        person = before or self._newcomer(address, now)
        self._suppressions.reveal(key)
        record = ConsentRecord(person.id, person.address, event, now, statement, evidence)
        self._consents.setdefault(key, []).append(record)
        if state is None:
            del self._people[key]
            return None
        if before is None or before.state is not state:
            confirmed = now if state is SubscriptionState.CONFIRMED else person.confirmed_at
            person = replace(person, state=state, since_at=now, confirmed_at=confirmed)
        self._people[key] = person
        return self._shown(key)

    def apply_all(
        self,
        people: Iterable[tuple[EmailAddress, str]],
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
    ) -> None:
        """Take the same event for one after the other."""
        for address, evidence in people:
            self.apply(address, event, now=now, statement=statement, evidence=evidence)

    def states(self, addresses: Iterable[AddressKey]) -> Mapping[AddressKey, SubscriptionState]:
        """Return the state of each of these people who is known."""
        return {key: self._people[key].state for key in addresses if key in self._people}

    def compare(self, documents: Mapping[AddressKey, Preferences]) -> DocumentChanges:
        """Return how these documents differ from those in force."""
        last = {key: person.preferences for key, person in self._people.items()}
        in_force = {key for key, preferences in last.items() if preferences}
        return DocumentChanges(
            unknown=frozenset(documents.keys() - last.keys()),
            changed=frozenset(
                key for key, one in documents.items() if key in last and last[key] != one
            ),
            missing=frozenset(in_force - documents.keys()),
            in_force=len(in_force),
        )

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put documents into force for the subscribers they name."""
        for document in documents:
            key = address_key(document.preferences.email)
            if person := self._people.get(key):
                old = self._cadences.get(key)
                self._cadences[key] = document.preferences.cadence
                is_same = old == document.preferences.cadence
                self._people[key] = replace(
                    person,
                    preferences=document.preferences,
                    cadence_since_at=person.cadence_since_at if is_same else now,
                )

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force."""
        for key in addresses:
            if key in self._people:
                self._people[key] = replace(self._people[key], preferences=None)

    def forget(self, address: AddressKey) -> bool:
        """Remove everything that is stored of an address but a hash of its suppression."""
        log, person = self._consents.pop(address, []), self._people.pop(address, None)
        ids = {*(one.subscriber for one in log), *([person.id] if person else [])}
        for id_ in ids:
            if self._ledger:
                self._ledger.forget(id_)
        self._cadences.pop(address, None)
        self._suppressions.hide(address)
        return bool(ids) | self._forget_others(address, ids)

    def ids_of(self, address: AddressKey) -> tuple[SubscriberId, ...]:
        """Return every id that an address ever had, the oldest first."""
        return tuple(dict.fromkeys(one.subscriber for one in self.consents(address)))

    def pending(self, *, before: datetime) -> Iterator[Subscriber]:
        """Yield who has been PENDING since before then, by address."""
        for person in list(self.all()):
            if person.state is SubscriptionState.PENDING and person.since_at < before:
                yield person

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed."""
        self._suppressions.put(suppression)

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one."""
        self._suppressions.lift(address)

    def suppression(self, address: AddressKey) -> Suppression | None:
        """Return why an address must not be mailed, also one that was forgotten."""
        return self._suppressions.find(address)

    def suppressions(self) -> Sequence[Suppression]:
        """Return all suppressions, the newest first."""
        return self._suppressions.all()

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        return tuple(self._consents.get(address, ()))

    def _shown(self, key: AddressKey) -> Subscriber:
        return replace(self._people[key], suppression=self._suppressions.shown(key))

    def _is_confirmed(self, subscriber: SubscriberId) -> bool:
        person = self.get(subscriber)
        return person is not None and person.state is SubscriptionState.CONFIRMED

    def _hindrance(self, item: OutboxItem) -> str | None:
        """Return why a letter must not go to its reader any more."""
        person = self.get(item.subscriber)
        if person is None or person.state is not SubscriptionState.CONFIRMED:
            return "unsubscribed"
        if person.suppression:
            return f"the address is suppressed ({person.suppression.cause})"
        if person.preferences is None:
            is_gone = address_key(person.address) in self._cadences
            return "the preferences document is gone" if is_gone else None
        until = person.preferences.pause_until
        is_paused = until is not None and item.slot is not None and item.slot.local_date < until
        return f"paused until {until}" if is_paused else None

    def _newcomer(self, address: EmailAddress, now: datetime) -> Subscriber:
        id_ = SubscriberId(f"person-{next(self._numbers)}")
        return Subscriber(id_, address, SubscriptionState.PENDING, since_at=now)
