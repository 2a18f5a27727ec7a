"""Looking at the outbox: what is in it, found and counted."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from newsletter.model import (
    WAITING,
    Accounting,
    EditionId,
    OutboxId,
    OutboxItem,
    OutboxState,
    SubscriberId,
)
from newsletter.storage.database import Database
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.purging import count_purged
from newsletter.storage.rows import pieces, tuples_in


@dataclass(frozen=True, slots=True)
class Question:
    """Which messages are looked for; None is without a condition."""

    states: frozenset[OutboxState] | None
    subscriber: SubscriberId | None
    editions: Collection[EditionId] | None
    limit: int | None


def get(connection: Connection, items: Collection[OutboxId]) -> Sequence[OutboxItem]:
    """Return the messages that exist among `items`, by id."""
    rows = list(tuples_in(connection, MESSAGES, OUTBOX.c.id, items))
    return sorted((message_of(row).item for row in rows), key=lambda item: item.id)


def find(connection: Connection, asked: Question) -> Sequence[OutboxItem]:
    """Return the messages asked for, latest slot first."""
    query = MESSAGES.order_by(OUTBOX.c.begins_at.desc(), OUTBOX.c.id.desc()).limit(asked.limit)
    if asked.states is not None:
        query = query.where(OUTBOX.c.state.in_(asked.states))
    if asked.subscriber is not None:
        query = query.where(OUTBOX.c.subscriber == asked.subscriber)
    queries = [query]
    if asked.editions is not None:
        wanted = dict.fromkeys(asked.editions)
        queries = [query.where(OUTBOX.c.edition.in_(piece)) for piece in pieces(wanted)]
    rows = [row for one in queries for row in connection.execute(one)]
    if len(queries) > 1:
        rows.sort(key=lambda row: (row.begins_at, row.id), reverse=True)
    return [message_of(row).item for row in rows[: asked.limit]]


def count_waiting(database: Database, most: int) -> int:
    """Return how many messages wait, `most` at the most: cheap, however many there are of others."""
    # One walk for each state, along the index of turns.
    few = [select(OUTBOX.c.id).where(OUTBOX.c.state == one).limit(most) for one in sorted(WAITING)]
    with database.reading() as connection:
        found = (len(connection.execute(query).all()) for query in few)
        return min(most, sum(found))


def count(connection: Connection) -> Accounting:
    """Count all messages by what became of them, also those of which only the number is left."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    counts = Counter({OutboxState(state): number for state, number in connection.execute(query)})
    counts.update(count_purged(connection))
    return Accounting(
        sent=counts[OutboxState.SENT],
        failed=counts[OutboxState.FAILED],
        cancelled=counts[OutboxState.CANCELLED],
        uncertain=counts[OutboxState.UNCERTAIN],
        waiting=sum(counts[state] for state in WAITING),
    )
