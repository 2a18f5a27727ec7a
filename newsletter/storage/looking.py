"""Looking at the outbox: what is in it, found and counted."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from newsletter.model import (
    WAITING,
    Accounting,
    EditionId,
    OutboxId,
    OutboxItem,
    OutboxState,
    SubscriberId,
)
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.purging import count_purged
from newsletter.storage.rows import pieces, tuples_in
from newsletter.storage.tables import EditionRow

_EDITIONS: Final = table_of(EditionRow)
_OPEN: Final = WAITING | {OutboxState.UNCERTAIN}


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
    queries = list(_narrowed(query, asked))
    rows = [row for one in queries for row in connection.execute(one)]
    if len(queries) > 1:
        rows.sort(key=lambda row: (row.begins_at, row.id), reverse=True)
    return [message_of(row).item for row in rows[: asked.limit]]


def _narrowed(query: Select[Any], asked: Question) -> Iterator[Select[Any]]:
    """Yield the queries that answer together, each along an index."""
    if asked.subscriber is None and asked.editions is None:
        # One walk for each state, backwards along the index of turns, which the state begins.
        every = OutboxState if asked.states is None else sorted(asked.states)
        yield from (query.where(OUTBOX.c.state == state) for state in every)
        return
    if asked.states is not None:
        # Not by the index of turns, which holds all that were ever sent: people and editions have few.
        query = query.where(OUTBOX.c.state.concat("").in_(asked.states))
    if asked.subscriber is not None:
        query = query.where(OUTBOX.c.subscriber == asked.subscriber)
    if asked.editions is None:
        yield query
        return
    for piece in pieces(dict.fromkeys(asked.editions)):
        # The one index over the names of editions is their own: messages are found by the subscriber.
        readers = select(_EDITIONS.c.subscriber).where(_EDITIONS.c.id.in_(piece))
        yield query.where(OUTBOX.c.subscriber.in_(readers), OUTBOX.c.edition.in_(piece))


def count_waiting(database: Database, most: int) -> int:
    """Return how many messages wait, `most` at the most: cheap, however many there are of others."""
    # One walk for each state, along the index of turns.
    few = [select(OUTBOX.c.id).where(OUTBOX.c.state == one).limit(most) for one in sorted(WAITING)]
    with database.reading() as connection:
        found = (len(connection.execute(query).all()) for query in few)
        return min(most, sum(found))


def count_open(database: Database) -> Mapping[OutboxState, int]:
    """Count the messages that wait or are uncertain, by state: it costs what there is of these."""
    with database.reading() as connection:
        return {
            state: connection.execute(
                select(func.count()).where(OUTBOX.c.state == state)
            ).scalar_one()
            for state in sorted(_OPEN)
        }


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
