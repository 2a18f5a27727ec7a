"""Subscribers: persons, their consent, and suppressions."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

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
from newsletter.rules.addresses import address_key
from newsletter.storage.codec import read_preferences, write_preferences
from newsletter.storage.columns import remark, storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import pieces, rows_in, take_numbers
from newsletter.storage.subscriber_rows import (
    SUBSCRIBERS_WITH_SUPPRESSION,
    consent_of,
    erase,
    row_of,
    subscriber_of,
)
from newsletter.storage.tables import ConsentRow, SubscriberRow, SuppressionRow

_PAGE: Final = 1000


def _chance_id() -> str:
    return secrets.token_hex(8)


class Subscribers:
    """The SubscriberStore port over a database. `new_id` makes ids by chance."""

    def __init__(self, database: Database, *, new_id: Callable[[], str] = _chance_id) -> None:
        self._database = database
        self._new_id = new_id

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber, by address.

        Read page by page: somebody who comes meanwhile may be among them or not.
        """
        key = table_of(SubscriberRow).c.address_key
        last = ""
        while True:
            page = SUBSCRIBERS_WITH_SUPPRESSION.where(key > last).order_by(key).limit(_PAGE)
            with self._database.reading() as connection:
                rows = list(connection.execute(page).mappings())
            yield from (subscriber_of(row) for row in rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1]["address_key"]

    def find(self, address: AddressKey) -> Subscriber | None:
        """Return the subscriber with that folded address."""
        with self._database.reading() as connection:
            return _find(connection, address)

    def get(self, subscriber: SubscriberId) -> Subscriber | None:
        """Return the subscriber with that id."""
        query = SUBSCRIBERS_WITH_SUPPRESSION.where(table_of(SubscriberRow).c.id == subscriber)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
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
        the log, ERASE removes both, and every letter that was planned. Raises
        IllegalTransitionError and changes nothing where the table has no row.
        """
        key = address_key(address)
        with self._database.writing() as connection:
            before = _find(connection, key)
            state = next_subscription_state(before.state if before else None, event)
            person = before or self._newcomer(address, now)
            if event is SubscriptionEvent.ERASE:
                erase(connection, person.id, key)
                return None
            consent = ConsentRecord(person.id, person.address, event, now, statement, evidence)
            _log(connection, key, consent)
            if state is None:
                _remove(connection, person.id)
                return None
            is_same = before is not None and before.state is state
            after = person if is_same else _enter(person, state, now)
            _put(connection, after)
            return after

    def adopt(self, documents: Iterable[Document], *, now: datetime) -> None:
        """Put these documents into force for the subscribers they name; others are ignored.

        `cadence_since_at` moves to `now` when cadence or zone differ from those in force before.
        """
        wanted = {address_key(one.preferences.email): one.preferences for one in documents}
        key = table_of(SubscriberRow).c.address_key
        changed = self._changed(wanted)
        if not changed:
            return
        with self._database.writing() as connection:
            found = list(rows_in(connection, SUBSCRIBERS_WITH_SUPPRESSION, key, changed))
            for row in found:
                before, preferences = subscriber_of(row), wanted[row["address_key"]]
                if before.preferences == preferences:
                    continue
                last = row["preferences"]
                cadence = read_preferences(last).cadence if last else None
                since = before.cadence_since_at if cadence == preferences.cadence else now
                _put(connection, replace(before, preferences=preferences, cadence_since_at=since))

    def disown(self, addresses: Iterable[AddressKey]) -> None:
        """Take the document of these subscribers out of force: their file is gone.

        It is kept, so that a file which comes back unchanged does not begin a new cadence.
        """
        table = table_of(SubscriberRow)
        wanted = list(addresses)
        if not wanted:
            return
        with self._database.writing() as connection:
            for piece in pieces(wanted):
                here = table.c.address_key.in_(piece)
                connection.execute(update(table).where(here).values(is_disowned=True))

    def suppress(self, suppression: Suppression) -> None:
        """Record that an address must not be mailed; a later one replaces an earlier one."""
        table = table_of(SuppressionRow)
        row = {
            "address_key": suppression.address,
            "cause": suppression.cause,
            "detail": remark(suppression.detail),
            "since_at": suppression.since_at,
        }
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.address_key == suppression.address))
            connection.execute(insert(table), [row])

    def unsuppress(self, address: AddressKey) -> None:
        """Forget the suppression of an address, if there is one."""
        table = table_of(SuppressionRow)
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.address_key == address))

    def consents(self, address: AddressKey) -> Sequence[ConsentRecord]:
        """Return the consent log of an address, oldest first."""
        table = table_of(ConsentRow)
        query = select(table).where(table.c.address_key == address).order_by(table.c.id)
        with self._database.reading() as connection:
            return [consent_of(row) for row in connection.execute(query).mappings()]

    def _changed(self, wanted: Mapping[AddressKey, Preferences]) -> list[str]:
        """Return who among `wanted` has another document, or none, in force; most have not."""
        table = table_of(SubscriberRow)
        query = select(table.c.address_key, table.c.preferences, table.c.is_disowned)
        with self._database.reading() as connection:
            rows = list(rows_in(connection, query, table.c.address_key, wanted))
        return [
            row["address_key"]
            for row in rows
            if row["is_disowned"]
            or row["preferences"] != write_preferences(wanted[row["address_key"]])
        ]

    def _newcomer(self, address: EmailAddress, now: datetime) -> Subscriber:
        # The state is that of the event to come: a row is never written without one.
        id_ = SubscriberId(self._new_id())
        return Subscriber(id_, address, SubscriptionState.PENDING, since_at=now)


def _find(connection: Connection, address: AddressKey) -> Subscriber | None:
    query = SUBSCRIBERS_WITH_SUPPRESSION.where(table_of(SubscriberRow).c.address_key == address)
    row = connection.execute(query).mappings().first()
    return subscriber_of(row) if row else None


def _enter(person: Subscriber, state: SubscriptionState, now: datetime) -> Subscriber:
    confirmed = now if state is SubscriptionState.CONFIRMED else person.confirmed_at
    return replace(person, state=state, since_at=now, confirmed_at=confirmed)


def _put(connection: Connection, person: Subscriber) -> None:
    table = table_of(SubscriberRow)
    row = row_of(person)
    changed = connection.execute(update(table).where(table.c.id == person.id).values(row))
    if not changed.rowcount:
        connection.execute(insert(table), [row])


def _remove(connection: Connection, person: SubscriberId) -> None:
    table = table_of(SubscriberRow)
    connection.execute(delete(table).where(table.c.id == person))


def _log(connection: Connection, key: AddressKey, consent: ConsentRecord) -> None:
    row = {
        "id": take_numbers(connection, "consent", 1)[0],
        "address_key": key,
        "subscriber": consent.subscriber,
        "address": consent.address,
        "event": consent.event,
        "at": consent.at,
        "statement": storable(consent.statement),
        "evidence": storable(consent.evidence),
    }
    connection.execute(insert(table_of(ConsentRow)), [row])
