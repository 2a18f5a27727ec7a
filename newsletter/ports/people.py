"""Where people, their consent and their preferences are kept."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    AddressKey,
    ConsentRecord,
    Document,
    EmailAddress,
    PreferencesReading,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    Suppression,
)


class PreferencesStore(Protocol):
    """Where preferences documents stand."""

    def read(self) -> PreferencesReading:
        """Return every valid document and every problem. Never raises for what people wrote."""
        ...


class SubscriberStore(Protocol):
    """Persons, their consent, and suppressions."""

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address."""
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

        Returns None when the person is unknown afterwards. Raises IllegalTransitionError and
        changes nothing where the table has no row. `confirmed_at` is set by each entry into
        CONFIRMED from another state.
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

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed; a later one replaces an earlier one."""
        ...

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one."""
        ...

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        ...
