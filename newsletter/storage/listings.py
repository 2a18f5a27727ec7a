"""What is stored, a page at a time."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from newsletter.model import (
    Admission,
    Entry,
    OutboxId,
    OutboxItem,
    OutboxState,
    ReleaseNo,
    SourceName,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.entry_reading import load_entries
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.subscriber_rows import SUBSCRIBERS_WITH_SUPPRESSION, subscriber_of
from newsletter.storage.tables import EntryRow, EntrySourceRow, SubscriberRow

_ENTRIES: Final = table_of(EntryRow).c
_SOURCES: Final = table_of(EntrySourceRow).c
_PEOPLE: Final = table_of(SubscriberRow).c


class StoredListings:
    """The Listings port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(
        self, *, above: ReleaseNo, limit: int, source: SourceName | None = None
    ) -> Sequence[Entry]:
        """Return released entries with a release number > `above`, in release order."""
        query = (
            select(_ENTRIES.id)
            .where(_ENTRIES.release_no > max(above, 0), _ENTRIES.admission == Admission.RELEASED)
            .order_by(_ENTRIES.release_no)
            .limit(limit)
        )
        if source is not None:
            announced = select(_SOURCES.entry).where(_SOURCES.source == source)
            query = query.where(_ENTRIES.id.in_(announced))
        with self._database.reading() as connection:
            ids = connection.execute(query).scalars().all()
            entries = load_entries(connection, ids)
        return sorted(entries.values(), key=lambda entry: entry.release_no)

    def people(
        self, *, above: SubscriberId, limit: int, state: SubscriptionState | None = None
    ) -> Sequence[Subscriber]:
        """Return subscribers with an id > `above`, by id."""
        query = SUBSCRIBERS_WITH_SUPPRESSION.where(_PEOPLE.id > above)
        if state is not None:
            query = query.where(_PEOPLE.state == state)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_PEOPLE.id).limit(limit)).all()
        return [subscriber_of(row) for row in rows]

    def messages(
        self,
        *,
        below: OutboxId | None,
        limit: int,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
    ) -> Sequence[OutboxItem]:
        """Return messages with an id < `below` (None: from the last one), the newest first."""
        query = MESSAGES.order_by(OUTBOX.c.id.desc()).limit(limit)
        if below is not None:
            query = query.where(OUTBOX.c.id < below)
        if states is not None:
            query = query.where(OUTBOX.c.state.in_(sorted(states)))
        if subscriber is not None:
            query = query.where(OUTBOX.c.subscriber == subscriber)
        with self._database.reading() as connection:
            return [message_of(row).item for row in connection.execute(query)]
