"""Subscribers: persons, their consent, and suppressions."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from newsletter.model import (
    AddressKey,
    ConsentRecord,
    Document,
    EmailAddress,
    Preferences,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    next_subscription_state,
)
from newsletter.ports import DocumentChanges
from newsletter.rules.addresses import Secrets, address_key
from newsletter.storage.columns import table_of
from newsletter.storage.consent_events import apply_batch, entered, log_consents
from newsletter.storage.database import Database
from newsletter.storage.erasure import erase, forget_received, ids_of
from newsletter.storage.in_force import InForce
from newsletter.storage.people_pages import read_by_address, read_by_id
from newsletter.storage.rows import lock_series, pieces, rows_in
from newsletter.storage.subscriber_rows import (
    KEPT_SUBSCRIBERS,
    SUBSCRIBERS_WITH_SUPPRESSION,
    consent_of,
    row_of,
    subscriber_of,
)
from newsletter.storage.suppressions import (
    find_suppression,
    lift,
    list_suppressions,
    reveal,
    write_suppression,
)
from newsletter.storage.tables import ConsentRow, SubscriberRow

_PAGE: Final = 1000
_KEY: Final = 1
"""Where the key of the address stands in a row of a person."""
_REMOVALS: Final = frozenset({SubscriptionEvent.EXPIRE, SubscriptionEvent.ERASE})


def _chance_id() -> str:
    return secrets.token_hex(8)


class Subscribers:
    """The SubscriberStore port over a database. `new_id` makes ids by chance.

    Under `secrets` the suppressions of forgotten addresses are hashed; without them, they stay
    as they are.
    """

    def __init__(
        self,
        database: Database,
        secrets: Secrets | None = None,
        *,
        new_id: Callable[[], str] = _chance_id,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._new_id = new_id
        self._in_force = InForce(database)

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address.

        Read page by page: somebody who comes meanwhile may be among them or not.
        """
        return read_by_address(self._database)

    def by_id(self, *, above: str = "", below: str | None = None) -> Iterator[Subscriber]:
        """Yield every subscriber with an id above one and below the other, by id; read as `all`."""
        return read_by_id(self._database, above, below)

    def count(self) -> int:
        """Return how many subscribers there are, in whatever state."""
        query = select(func.count()).select_from(table_of(SubscriberRow))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def find(self, address: AddressKey) -> Subscriber | None:
        """Return the subscriber with that folded address."""
        with self._database.reading() as connection:
            return _find(connection, address)

    def get(self, subscriber: SubscriberId) -> Subscriber | None:
        """Return the subscriber with that id."""
        query = SUBSCRIBERS_WITH_SUPPRESSION.where(table_of(SubscriberRow).c.id == subscriber)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return subscriber_of(row) if row else None

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

        Returns None when the person is unknown afterwards: EXPIRE removes the person and keeps
        the log, ERASE is `forget`. Raises IllegalTransitionError and changes nothing where the
        table has no row.
        """
        key = address_key(address)
        if event is SubscriptionEvent.ERASE:
            person = self.find(key)
            next_subscription_state(person.state if person else None, event)
            self.forget(key)
            return None
        with self._database.writing() as connection:
            lock_series(connection, "consent")
            before = _find(connection, key, KEPT_SUBSCRIBERS)
            state = next_subscription_state(before.state if before else None, event)
            person = before or self._newcomer(address, now)
            consent = ConsentRecord(person.id, person.address, event, now, statement, evidence)
            log_consents(connection, [consent])
            if state is None:
                _remove(connection, person.id)
                return None
            is_same = before is not None and before.state is state
            after = person if is_same else entered(person, state, now)
            _put(connection, after)
            if before is None:
                reveal(connection, [key], self._secrets)
                return _find(connection, key)
            return after

    def apply_all(
        self,
        people: Iterable[tuple[EmailAddress, str]],
        event: SubscriptionEvent,
        *,
        now: datetime,
        statement: str,
    ) -> None:
        """Take the same event for many people, each with the evidence beside the address.

        One transaction for a thousand of them: an error leaves those of the batches before it
        changed.
        """
        if event in _REMOVALS:
            for address, evidence in people:
                self.apply(address, event, now=now, statement=statement, evidence=evidence)
            return
        for batch in pieces(people, _PAGE):
            with self._database.writing() as connection:
                apply_batch(
                    connection,
                    batch,
                    event,
                    now=now,
                    statement=statement,
                    newcomer=self._newcomer,
                    secrets=self._secrets,
                )

    def states(self, addresses: Iterable[AddressKey]) -> Mapping[AddressKey, SubscriptionState]:
        """Return the state of each of these people who is known."""
        table = table_of(SubscriberRow)
        query = select(table.c.address_key, table.c.state)
        with self._database.reading() as connection:
            rows = rows_in(connection, query, table.c.address_key, addresses)
            return {row["address_key"]: SubscriptionState(row["state"]) for row in rows}

    def compare(self, documents: Mapping[AddressKey, Preferences]) -> DocumentChanges:
        """Return how these documents differ from those in force."""
        return self._in_force.compare(documents)

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put these documents into force for the subscribers they name; others are ignored.

        `cadence_since_at` moves to `now` when cadence or zone differ from those in force before.
        Written in batches of a thousand.
        """
        self._in_force.adopt(documents, now=now)

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force: their file is gone.

        It is kept, so that a file which comes back unchanged does not begin a new cadence.
        """
        self._in_force.disown(addresses)

    def forget(self, address: AddressKey) -> bool:
        """Remove everything that is stored of an address; of a suppression a keyed hash stays.

        Also of somebody who is no subscriber (any more). Returns whether there was anything.
        """
        with self._database.writing() as connection:
            lock_series(connection, "consent")
            _find(connection, address, KEPT_SUBSCRIBERS)
            gone = erase(connection, address, ids_of(connection, address), self._secrets)
        return bool(gone + forget_received(self._database, address))

    def pending(self, *, before: datetime) -> Iterator[Subscriber]:
        """Yield who has been PENDING since before then, by address, page by page."""
        people = table_of(SubscriberRow).c
        waits = SUBSCRIBERS_WITH_SUPPRESSION.where(
            people.state == SubscriptionState.PENDING, people.since_at < before
        )
        last = ""
        while True:
            page = waits.where(people.address_key > last).order_by(people.address_key)
            with self._database.reading() as connection:
                rows = list(connection.execute(page.limit(_PAGE)))
            yield from map(subscriber_of, rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1][_KEY]

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed; a later one replaces an earlier one."""
        with self._database.writing() as connection:
            write_suppression(connection, suppression, self._secrets)

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one."""
        with self._database.writing() as connection:
            lift(connection, address, self._secrets)

    def suppression(self, address: AddressKey) -> Suppression | None:
        """Return why an address must not be mailed, also one that was forgotten."""
        with self._database.reading() as connection:
            return find_suppression(connection, address, self._secrets)

    def suppressions(self) -> Sequence[Suppression]:
        """Return all suppressions, the newest first."""
        with self._database.reading() as connection:
            return list_suppressions(connection)

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        table = table_of(ConsentRow)
        query = select(table).where(table.c.address_key == address).order_by(table.c.id)
        with self._database.reading() as connection:
            return [consent_of(row) for row in connection.execute(query).mappings()]

    def _newcomer(self, address: EmailAddress, now: datetime) -> Subscriber:
        # The state is that of the event to come: a row is never written without one.
        id_ = SubscriberId(self._new_id())
        return Subscriber(id_, address, SubscriptionState.PENDING, since_at=now)


def _find(
    connection: Connection,
    address: AddressKey,
    people: Select[Any] = SUBSCRIBERS_WITH_SUPPRESSION,
) -> Subscriber | None:
    query = people.where(table_of(SubscriberRow).c.address_key == address)
    row = connection.execute(query).first()
    return subscriber_of(row) if row else None


def _put(connection: Connection, person: Subscriber) -> None:
    table = table_of(SubscriberRow)
    row = row_of(person)
    changed = connection.execute(update(table).where(table.c.id == person.id).values(row))
    if not changed.rowcount:
        connection.execute(insert(table), [row])


def _remove(connection: Connection, person: SubscriberId) -> None:
    table = table_of(SubscriberRow)
    connection.execute(delete(table).where(table.c.id == person))
