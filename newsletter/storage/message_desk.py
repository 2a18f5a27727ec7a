"""The part of the outbox that needs no lease: messages are looked at, cancelled, queued again, expired."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select

from newsletter.model import (
    Accounting,
    EditionId,
    OutboxId,
    OutboxItem,
    OutboxState,
    SubscriberId,
    Work,
)
from newsletter.storage import looking, messages
from newsletter.storage.again import repeated
from newsletter.storage.announcing import announce
from newsletter.storage.by_hand import queue_again
from newsletter.storage.database import Database
from newsletter.storage.ends import find_late
from newsletter.storage.message_rows import MESSAGES, OUTBOX, move_found, write_moves
from newsletter.storage.messages import OPEN, Message

_CANCELLABLE: Final = (*OPEN, OutboxState.CLAIMED, OutboxState.UNCERTAIN)


class MessageDesk:
    """The Outbox port, but for what a worker leases and ends: the base of `MessageOutbox` alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def expire(self, *, now: datetime) -> int:
        """Cancel editions that were not begun in time or whose tries are over; return how many.

        Their entries go into the next edition. Replies whose time is over fail instead. A
        thousand or two at a time, each in a transaction of its own.
        """
        count = 0
        while moved := self._expire_some(now):
            count += moved
        return count

    @repeated
    def _expire_some(self, now: datetime) -> int:
        with self._database.writing() as connection:
            late = find_late(connection, now)
            write_moves(connection, [(one, messages.expire(one, now)) for one in late])
        return len(late)

    def cancel(self, subscriber: SubscriberId, *, reason: str, now: datetime) -> int:
        """Cancel what waits for a subscriber and is not in data; return how many.

        An UNCERTAIN one is cancelled too, so that it is not sent again; its entries stay sent.
        """
        query = MESSAGES.where(OUTBOX.c.subscriber == subscriber, OUTBOX.c.state.in_(_CANCELLABLE))
        return self._move_all(query, lambda message: messages.cancel(message, reason, now))

    @repeated
    def retry(self, items: Sequence[OutboxId], *, now: datetime) -> Sequence[OutboxItem]:
        """Queue failed, deferred or uncertain messages again by hand; return those that could be.

        Not those whose address was called bad (5.1.x), and not an edition that gave its entries
        back when one it shows went into another that was sent or is on its way: nothing is sent
        twice. They are taken one by one in the order of `items`, so of two that failed and share
        an entry the first is queued.
        """
        with self._database.writing() as connection:
            queued = queue_again(connection, items, now)
            announce(connection, Work.DELIVER)
            return queued

    def get(self, items: Collection[OutboxId]) -> Sequence[OutboxItem]:
        """Return the messages that exist among `items`, by id."""
        with self._database.reading() as connection:
            return looking.get(connection, items)

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        editions: Collection[EditionId] | None = None,
        limit: int | None = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first; all of them where `limit` is None."""
        asked = looking.Question(states, subscriber, editions, limit)
        with self._database.reading() as connection:
            return looking.find(connection, asked)

    def accounting(self) -> Accounting:
        """Count all messages by what became of them."""
        with self._database.reading() as connection:
            return looking.count(connection)

    @repeated
    def _move_all(self, query: Select[Any], move: Callable[[Message], Message]) -> int:
        with self._database.writing() as connection:
            return move_found(connection, query, move)
