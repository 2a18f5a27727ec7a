"""The outbox: messages that must still go, and what became of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    or_,
    select,
    update,
)

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    WAITING,
    Accounting,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Settlement,
    SubscriberId,
    next_outbox_state,
)
from newsletter.storage import messages
from newsletter.storage.database import Database
from newsletter.storage.leases import Holder, IsAlive, is_alive, this_process
from newsletter.storage.message_rows import (
    MESSAGES,
    OUTBOX,
    message_of,
    read_messages,
    went_elsewhere,
    write_moves,
)
from newsletter.storage.messages import Message

_OPEN: Final = (OutboxState.QUEUED, OutboxState.DEFERRED)
_HELD: Final = (OutboxState.CLAIMED, OutboxState.IN_DATA)
_CANCELLABLE: Final = (*_OPEN, OutboxState.CLAIMED, OutboxState.UNCERTAIN)


class MessageOutbox:
    """The Outbox port over a database.

    `resend_limit` is how often an UNCERTAIN message is claimed again; 0 holds it for the
    operator. `holder` is the name under which leases are taken (None: this process) and
    `is_holder_alive` tells which leases of others still count.
    """

    def __init__(
        self,
        database: Database,
        *,
        resend_limit: int = 1,
        holder: Holder | None = None,
        is_holder_alive: IsAlive = is_alive,
    ) -> None:
        self._database = database
        self._resend_limit = resend_limit
        self._holder = holder or this_process()
        self._is_holder_alive = is_holder_alive
        self._claimed: set[OutboxId] = set()

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages that may be tried now, oldest slot first.

        UNCERTAIN ones, where they are sent again at all, come after those never sent. A message
        that was held when its worker ended, or raised an error, comes after all others and alone:
        if it is what ends workers, it takes no other message with it.
        """
        with self._database.writing() as connection:
            found = self._select_claimable(connection, OUTBOX.c.crashes == 0, now, limit)
            found = found or self._select_claimable(
                connection, OUTBOX.c.crashes > 0, now, min(limit, 1)
            )
            moves = [(one, messages.claim(one, self._holder, now)) for one in found]
            write_moves(connection, moves)
        self._claimed.update(after.item.id for _, after in moves)
        return [after.item for _, after in moves]

    def begin_data(
        self, item: OutboxId, *, message_id: str, message_sha256: str, now: datetime
    ) -> bool:
        """Record, durably, that the final dot may now be sent.

        False: it was cancelled meanwhile, or the lease was lost; do not send.
        """
        before = OutboxState.CLAIMED
        statement = (
            update(OUTBOX)
            .where(OUTBOX.c.id == item, OUTBOX.c.state == before, OUTBOX.c.lease == self._holder)
            .values(
                state=next_outbox_state(before, OutboxEvent.BEGIN_DATA),
                message_id=message_id,
                message_sha256=message_sha256,
                updated_at=now,
            )
        )
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount == 1

    def settle(self, settlements: Sequence[Settlement], *, now: datetime) -> None:
        """Write the ends of tries, all or none. An edition that failed gives its entries back.

        A settlement comes to nothing where the message was erased, or where this worker held it
        and lost it (cancelled, or taken for dead). Otherwise raises IllegalTransitionError where
        the table has no row. After a StorageError the same settlements can be given again.
        """
        with self._database.writing() as connection:
            before = read_messages(connection, (one.item for one in settlements))
            after = dict(before)
            for one in settlements:
                message = after.get(one.item)
                if message is not None and not self._is_stale(message, one):
                    after[one.item] = messages.settle(message, one, now)
            write_moves(connection, [(before[id_], after[id_]) for id_ in _changed(before, after)])
        self._claimed.difference_update(one.item for one in settlements)

    def recover(self, *, now: datetime) -> int:
        """Expire the leases of workers that are gone; return how many messages were freed."""
        with self._database.reading() as connection:
            held = select(OUTBOX.c.lease).where(OUTBOX.c.state.in_(_HELD)).distinct()
            leases = list(connection.execute(held).scalars())
        gone = [one for one in leases if one is None or not self._is_holder_alive(Holder(one))]
        if not gone:
            return 0
        of_nobody = or_(OUTBOX.c.lease.in_(gone), OUTBOX.c.lease.is_(None))
        query = MESSAGES.where(OUTBOX.c.state.in_(_HELD), of_nobody)
        return self._move_all(query, lambda message: messages.free(message, now))

    def release(self, *, now: datetime) -> int:
        """Give up every message that this worker holds; return how many."""
        query = MESSAGES.where(OUTBOX.c.state.in_(_HELD), OUTBOX.c.lease == self._holder)
        self._claimed.clear()
        return self._move_all(query, lambda message: messages.release(message, now))

    def expire(self, *, now: datetime) -> int:
        """Cancel editions that were not begun in time or whose tries are over; return how many.

        Their entries go into the next edition. Replies whose time is over fail instead.
        """
        never_begun = and_(
            OUTBOX.c.kind == OutboxKind.EDITION,
            OUTBOX.c.message_sha256.is_(None),
            OUTBOX.c.begin_by <= now,
        )
        is_over = or_(never_begun, OUTBOX.c.retry_until <= now)
        query = MESSAGES.where(OUTBOX.c.state.in_(_OPEN), is_over)
        return self._move_all(query, lambda message: messages.expire(message, now))

    def cancel(self, subscriber: SubscriberId, *, reason: str, now: datetime) -> int:
        """Cancel what waits for a subscriber and is not in data; return how many.

        An UNCERTAIN one is cancelled too, so that it is not sent again; its entries stay sent.
        """
        query = MESSAGES.where(OUTBOX.c.subscriber == subscriber, OUTBOX.c.state.in_(_CANCELLABLE))
        return self._move_all(query, lambda message: messages.cancel(message, reason, now))

    def retry(self, items: Sequence[OutboxId], *, now: datetime) -> Sequence[OutboxItem]:
        """Queue failed, deferred or uncertain messages again by hand; return those that could be.

        Not those whose address was called bad (5.1.x), and not an edition that gave its entries
        back when one of them went into a later edition: nothing is sent twice, and the later
        edition had its choice of the rest.
        """
        with self._database.writing() as connection:
            found = read_messages(connection, items)
            moves = [
                (one, messages.retry(one, now))
                for one in found.values()
                if messages.may_retry(one)
                and not (one.gives_back and went_elsewhere(connection, one.item))
            ]
            write_moves(connection, moves)
        return [after.item for _, after in moves]

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        limit: int = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first."""
        query = MESSAGES.order_by(OUTBOX.c.begins_at.desc(), OUTBOX.c.id.desc()).limit(limit)
        if states is not None:
            query = query.where(OUTBOX.c.state.in_(states))
        if subscriber is not None:
            query = query.where(OUTBOX.c.subscriber == subscriber)
        with self._database.reading() as connection:
            return [message_of(row).item for row in connection.execute(query).mappings()]

    def accounting(self) -> Accounting:
        """Count all messages by what became of them."""
        query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
        with self._database.reading() as connection:
            counts = {OutboxState(state): count for state, count in connection.execute(query)}
        return Accounting(
            sent=counts.get(OutboxState.SENT, 0),
            failed=counts.get(OutboxState.FAILED, 0),
            cancelled=counts.get(OutboxState.CANCELLED, 0),
            uncertain=counts.get(OutboxState.UNCERTAIN, 0),
            waiting=sum(counts.get(state, 0) for state in WAITING),
        )

    def _select_claimable(
        self, connection: Connection, guilt: ColumnElement[bool], now: datetime, limit: int
    ) -> list[Message]:
        order = (OUTBOX.c.crashes, OUTBOX.c.begins_at, OUTBOX.c.id)
        may_go = and_(guilt, or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= now))
        again = and_(OUTBOX.c.resends < self._resend_limit, may_go)
        conditions = dict.fromkeys(_OPEN, may_go) | {OutboxState.UNCERTAIN: again}
        rows = [
            row
            for state, condition in conditions.items()  # one by one: each reads along the index
            for row in connection.execute(
                MESSAGES.where(OUTBOX.c.state == state, condition).order_by(*order).limit(limit)
            ).mappings()
        ]
        found = [message_of(row) for row in sorted(rows, key=_turn)]
        return found[:limit]

    def _is_stale(self, message: Message, settlement: Settlement) -> bool:
        if message.lease == self._holder or settlement.item not in self._claimed:
            return False
        is_illegal = (message.item.state, settlement.event) not in OUTBOX_TRANSITIONS
        return is_illegal or message.lease is not None

    def _move_all(self, query: Select[Any], move: Callable[[Message], Message]) -> int:
        with self._database.writing() as connection:
            found = [message_of(row) for row in connection.execute(query).mappings()]
            write_moves(connection, [(message, move(message)) for message in found])
        return len(found)


def _turn(row: RowMapping) -> tuple[object, ...]:
    """Return the place in the queue: what may have arrived already is sent again last."""
    is_again = row["state"] == OutboxState.UNCERTAIN
    return row["crashes"], is_again, row["begins_at"], row["id"]


def _changed(
    before: Mapping[OutboxId, Message], after: Mapping[OutboxId, Message]
) -> list[OutboxId]:
    return [id_ for id_, message in after.items() if message is not before[id_]]
