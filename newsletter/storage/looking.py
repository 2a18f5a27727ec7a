"""Looking at the outbox: what is in it, found and counted."""

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
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
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


def count(connection: Connection) -> Accounting:
    """Count all messages by what became of them."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    counts = {OutboxState(state): number for state, number in connection.execute(query)}
    return Accounting(
        sent=counts.get(OutboxState.SENT, 0),
        failed=counts.get(OutboxState.FAILED, 0),
        cancelled=counts.get(OutboxState.CANCELLED, 0),
        uncertain=counts.get(OutboxState.UNCERTAIN, 0),
        waiting=sum(counts.get(state, 0) for state in WAITING),
    )
