"""One event for many people, in one transaction: what `apply` does, in few statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, update

from newsletter.model import (
    ConsentRecord,
    EmailAddress,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    next_subscription_state,
)
from newsletter.rules.addresses import Secrets, address_key
from newsletter.storage.bulk import insert_rows
from newsletter.storage.columns import storable, table_of
from newsletter.storage.rows import lock_series, take_numbers, tuples_in
from newsletter.storage.subscriber_rows import SUBSCRIBERS_WITH_SUPPRESSION, row_of, subscriber_of
from newsletter.storage.suppressions import reveal
from newsletter.storage.tables import ConsentRow, SubscriberRow

_PEOPLE: Final = table_of(SubscriberRow)
_ENTRY: Final = (
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("person"))
    .values(
        state=bindparam("new_state"),
        since_at=bindparam("new_since_at"),
        confirmed_at=bindparam("new_confirmed_at"),
    )
)

NewPerson = Callable[[EmailAddress, datetime], Subscriber]


def apply_batch(
    connection: Connection,
    people: Sequence[tuple[EmailAddress, str]],
    event: SubscriptionEvent,
    *,
    now: datetime,
    statement: str,
    newcomer: NewPerson,
    secrets: Secrets | None,
) -> None:
    """Take `event` for `people`, address and evidence; the event must not remove anybody.

    Whose address was suppressed and then forgotten is suppressed again.

    Raises IllegalTransitionError where the table has no row.
    """
    lock_series(connection, "consent")
    keys = [address_key(address) for address, _ in people]
    found = tuples_in(connection, SUBSCRIBERS_WITH_SUPPRESSION, _PEOPLE.c.address_key, keys)
    before = {address_key(one.address): one for one in map(subscriber_of, found)}
    after = dict(before)
    consents = []
    for key, (address, evidence) in zip(keys, people, strict=True):
        person = after.get(key)
        state = next_subscription_state(person.state if person else None, event)
        assert state, "an event that removes people is taken one by one"  # noqa: S101
        person = person or newcomer(address, now)
        is_same = key in after and person.state is state
        after[key] = person if is_same else entered(person, state, now)
        consents.append(ConsentRecord(person.id, person.address, event, now, statement, evidence))
    new = [row_of(one) for key, one in after.items() if key not in before]
    insert_rows(connection, _PEOPLE, [{"preferences": None, **row} for row in new])
    reveal(connection, after.keys() - before.keys(), secrets)
    moved = [_entry_of(one) for key, one in after.items() if before.get(key, one) != one]
    if moved:
        connection.execute(_ENTRY, moved)
    log_consents(connection, consents)


def entered(person: Subscriber, state: SubscriptionState, now: datetime) -> Subscriber:
    """Return the person after the change to another state."""
    confirmed = now if state is SubscriptionState.CONFIRMED else person.confirmed_at
    return replace(person, state=state, since_at=now, confirmed_at=confirmed)


def log_consents(connection: Connection, consents: Iterable[ConsentRecord]) -> None:
    """Write lines of the consent log, in their order."""
    records = list(consents)
    numbers = take_numbers(connection, "consent", len(records))
    rows = [
        {
            "id": number,
            "address_key": address_key(one.address),
            "subscriber": one.subscriber,
            "address": one.address,
            "event": one.event,
            "at": one.at,
            "statement": storable(one.statement),
            "evidence": storable(one.evidence),
        }
        for number, one in zip(numbers, records, strict=True)
    ]
    if rows:
        connection.execute(insert(table_of(ConsentRow)), rows)


def _entry_of(person: Subscriber) -> dict[str, object]:
    return {
        "person": SubscriberId(person.id),
        "new_state": person.state,
        "new_since_at": person.since_at,
        "new_confirmed_at": person.confirmed_at,
    }
