"""Where people, their consent and their preferences are kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    AddressKey,
    ConsentRecord,
    Document,
    EmailAddress,
    Preferences,
    PreferencesReading,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
)


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """One person's document as written, good or broken, without its neighbours in the same file."""

    text: str
    place: str
    """`subscribers/ada@example.org.yaml:1`, as in `Document.place`."""


class PreferencesStore(Protocol):
    """Where preferences documents stand."""

    def read(self) -> PreferencesReading:
        """Return every valid document and every problem. Never raises for what people wrote.

        While nothing changed, the same documents are returned and nothing is read again.
        """
        ...

    def source_of(self, address: AddressKey) -> DocumentSource | None:
        """Return the document of a person as written, comments and all; None: there is none."""
        ...

    def replace(self, address: AddressKey, text: str, *, expected: str | None) -> None:
        """Write the document of a person, whole or not at all.

        `expected` is the text it was read as, None for a new document. Raises PreferencesError,
        with what to do, when something else stands there now, and for a text that is not one
        valid document of that person; then everything stays as it was.
        """
        ...

    def remove(self, address: AddressKey, *, expected: str | None) -> None:
        """Take the document of a person away, whole or not at all; its neighbours stay as they are.

        `expected` is the text it was read as, None for whatever it says. Nothing happens where
        there is none. Raises PreferencesError, with what to do, when something else stands there
        now, and when a document with a mistake cannot be told from somebody else's.
        """
        ...


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """What documents say that is not in force. Each person is named by the folded address."""

    unknown: frozenset[AddressKey] = frozenset()
    """With a document, without any history."""
    changed: frozenset[AddressKey] = frozenset()
    """Known, with another document in force, or none."""
    missing: frozenset[AddressKey] = frozenset()
    """With a document in force that is not among these."""
    in_force: int = 0
    """How many people had a document in force."""


class SubscriberStore(Protocol):
    """Persons, their consent, and suppressions."""

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address."""
        ...

    def by_id(self, *, above: str = "", below: str | None = None) -> Iterator[Subscriber]:
        """Yield every subscriber with an id above one and below the other (None: no end), by id.

        What is written for each of them goes to one place after the other then: for many people that is
        some times as fast as by address. Ids are made by chance, so equal stretches hold equal shares.
        """
        ...

    def count(self) -> int:
        """Return how many subscribers there are, in whatever state."""
        ...

    def find(self, address: AddressKey) -> Subscriber | None:
        """Return the subscriber with that folded address."""
        ...

    def get(self, subscriber: SubscriberId) -> Subscriber | None:
        """Return the subscriber with that id."""
        ...

    def apply(
        self,
        address: EmailAddress,
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
        evidence: str = "",
    ) -> Subscriber | None:
        """Take one event through the transition table and write it to the consent log.

        Returns None when the person is unknown afterwards; ERASE is `forget`. Raises
        IllegalTransitionError and changes nothing where the table has no row. `confirmed_at` is
        set by each entry into CONFIRMED from another state.
        """
        ...

    def apply_all(
        self,
        people: Iterable[tuple[EmailAddress, str]],
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
    ) -> None:
        """Take the same event for many people, each with the evidence beside the address.

        As `apply` for one after the other, but written in batches: an error leaves those of the
        batches before it changed.
        """
        ...

    def states(self, addresses: Iterable[AddressKey]) -> Mapping[AddressKey, SubscriptionState]:
        """Return the state of each of these people who is known."""
        ...

    def compare(self, documents: Mapping[AddressKey, Preferences]) -> DocumentChanges:
        """Return how these documents differ from those in force.

        Made to be asked each minute: what did not change since the last time costs little.
        """
        ...

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put these documents into force for the subscribers they name; others are ignored.

        `cadence_since_at` moves to `now` when cadence or zone differ from those in force before.
        """
        ...

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force: their file is gone."""
        ...

    def forget(self, address: AddressKey) -> bool:
        """Remove everything that is stored of an address; return whether there was anything.

        Also of somebody who is no subscriber (any more), and each message that came in and names
        the address; of those that nobody looked at yet, each that is to or from it. Of a
        suppression a keyed hash stays, so that whoever comes again with that address is suppressed
        as before.
        """
        ...

    def pending(self, *, before: datetime) -> Iterator[Subscriber]:
        """Yield who has been PENDING since before then, by address."""
        ...

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed; a later one replaces an earlier one."""
        ...

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one.

        Where the address itself was forgotten, it can also be named as `suppressions` does.
        """
        ...

    def suppression(self, address: AddressKey) -> Suppression | None:
        """Return why an address must not be mailed, also one that was forgotten."""
        ...

    def suppressions(self) -> Sequence[Suppression]:
        """Return all suppressions, the newest first; a forgotten address is a hash, `hmac:…`."""
        ...

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        ...
