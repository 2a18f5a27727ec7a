"""Look-ups for the operator: people by a part of their address, messages page by page."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select

from newsletter.model import (
    EmailAddress,
    KeyPurpose,
    OutboxItem,
    OutboxState,
    SubscriberId,
    SubscriptionState,
)
from newsletter.ports import PersonFound, QueuePlace
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import KeyRow
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.tables import SubscriberRow

_PEOPLE: Final = table_of(SubscriberRow)
_KEYS: Final = table_of(KeyRow)


class LookUps:
    """The Register port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self, part: str, *, limit: int) -> Sequence[PersonFound]:
        """Return people whose address has `part` in it, by address."""
        has_part = _PEOPLE.c.address_key.contains(part.casefold(), autoescape=True)
        query = select(_PEOPLE.c.id, _PEOPLE.c.address, _PEOPLE.c.state).where(has_part)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_PEOPLE.c.address_key).limit(limit)).all()
        return [
            PersonFound(SubscriberId(id_), EmailAddress(address), SubscriptionState(state))
            for id_, address, state in rows
        ]

    def wish(self, subscriber: SubscriberId) -> str:
        """Return the document that a person asked for when last asked to confirm."""
        query = (
            select(_KEYS.c.wish)
            .where(_KEYS.c.subscriber == subscriber, _KEYS.c.purpose == KeyPurpose.CONFIRM)
            .order_by(_KEYS.c.made_at.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or ""

    def messages(
        self, states: frozenset[OutboxState], *, below: QueuePlace | None, limit: int
    ) -> Sequence[tuple[QueuePlace, OutboxItem]]:
        """Return messages in these states, the latest slot first.

        Each state is read along the index by turn, and what comes first of all is taken.
        """
        order = OUTBOX.c.begins_at.desc(), OUTBOX.c.id.desc()
        found: list[tuple[QueuePlace, OutboxItem]] = []
        with self._database.reading() as connection:
            for state in sorted(states):
                query = MESSAGES.where(OUTBOX.c.state == state)
                if below is not None:
                    query = query.where(_is_behind(below))
                rows = connection.execute(query.order_by(*order).limit(limit))
                found += [((row.begins_at, row.id), message_of(row).item) for row in rows]
        found.sort(key=lambda one: one[0], reverse=True)
        return found[:limit]


def _is_behind(place: QueuePlace) -> ColumnElement[bool]:
    begins_at, number = place
    # The first condition alone tells the index where to begin.
    return and_(
        OUTBOX.c.begins_at <= begins_at,
        or_(OUTBOX.c.begins_at < begins_at, OUTBOX.c.id < number),
    )
