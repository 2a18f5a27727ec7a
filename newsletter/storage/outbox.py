"""The outbox: messages that must still go, and what became of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Select,
    and_,
    func,
    or_,
    select,
)

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    WAITING,
    Accounting,
    Beginning,
    Claim,
    EditionId,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Settlement,
    SubscriberId,
    Throttle,
    Turn,
)
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import book, find_room
from newsletter.storage import messages
from newsletter.storage.claiming import Search, select_claimable, select_with_room
from newsletter.storage.database import Database
from newsletter.storage.holding import begin, lease
from newsletter.storage.lanes import lock_lanes, write_lanes
from newsletter.storage.leases import Holder, IsAlive
from newsletter.storage.message_rows import (
    BARE_MESSAGES,
    MESSAGES,
    OUTBOX,
    message_of,
    move_found,
    read_messages,
    went_elsewhere,
    write_moves,
)
from newsletter.storage.messages import HELD, OPEN, Message
from newsletter.storage.rows import pieces, rows_in, tuples_in
from newsletter.storage.subscriber_rows import lock_people

_CANCELLABLE: Final = (*OPEN, OutboxState.CLAIMED, OutboxState.UNCERTAIN)


class MessageOutbox:
    """The Outbox port over a database.

    `resend_limit` is how often an UNCERTAIN message is claimed again; 0 holds it for the
    operator. `holder` is the name under which leases are taken and `is_holder_alive` tells which
    leases of others still count; None for those of the database, which last until it is closed.
    """

    def __init__(
        self,
        database: Database,
        *,
        resend_limit: int = 1,
        holder: Holder | None = None,
        is_holder_alive: IsAlive | None = None,
    ) -> None:
        self._database = database
        self._resend_limit = resend_limit
        self._given_holder = holder
        self._is_holder_alive = is_holder_alive
        self._claimed: set[OutboxId] = set()

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages that may be tried now, oldest slot first.

        UNCERTAIN ones, where they are sent again at all, come after those never sent. A message
        that was held when its worker ended, or raised an error, comes after all others and alone:
        if it is what ends workers, it takes no other message with it.
        """
        holder = self._given_holder or self._database.leases.hold()
        with self._database.writing() as connection:
            found = select_claimable(connection, now, limit, self._resend_limit)
            items = lease(connection, found, holder, now)
        self._claimed.update(item.id for item in items)
        return items

    def claim_in_turn(
        self,
        *,
        now: datetime,
        limit: int,
        throttle: Throttle,
        subscriber: SubscriberId | None = None,
    ) -> Claim:
        """Lease those for which there is room in their lanes now, and book their moments.

        As `claim` otherwise. The lanes are locked meanwhile, so that no two workers take the same
        moment; nothing is written of them while they are all free.
        """
        holder = self._given_holder or self._database.leases.hold()
        search = Search(now, limit, self._resend_limit, subscriber)
        with self._database.writing() as connection:
            lanes = lock_lanes(connection, throttle)
            room = find_room(lanes, throttle)
            found = select_with_room(connection, search, room)
            items = lease(connection, found, holder, now)
            booking = book(lanes, throttle, [domain_of(item.recipient) for item in items])
            write_lanes(connection, booking.lanes)
        self._claimed.update(item.id for item in items)
        turns = tuple(Turn(*one) for one in zip(items, booking.due_at, strict=True))
        return Claim(turns, room.again_at, {**lanes, **booking.lanes})

    def record(
        self,
        *,
        ended: Sequence[Settlement] = (),
        begun: Sequence[Beginning] = (),
        now: datetime,
    ) -> frozenset[OutboxId]:
        """Write the ends of tries, then the beginnings of others, in one durable commit, all or none.

        Returns which of `begun` may send their final dot now. Not those that were cancelled
        meanwhile or whose lease was lost, and not an edition for somebody who is not CONFIRMED any
        more, which is cancelled by this. An edition that failed gives its entries back.

        An end comes to nothing where the message was erased, where this worker held it and lost it
        (cancelled, or taken for dead), and where the same was written before: after a StorageError
        all can be given again. Otherwise raises IllegalTransitionError where the table has no row.
        """
        holder = self._renewed() if begun else None
        with self._database.writing() as connection:
            items = [one.item for one in ended]
            before = read_messages(connection, items, BARE_MESSAGES)
            after = dict(before)
            for one in ended:
                message = after.get(one.item)
                if message is not None and not self._is_stale(message, one):
                    after[one.item] = messages.settle(message, one, now)
            write_moves(connection, [(before[id_], after[id_]) for id_ in _changed(before, after)])
            may_send = begin(connection, begun, holder, now) if holder else frozenset()
        self._claimed.difference_update(one.item for one in ended)
        return may_send

    def recover(self, *, now: datetime) -> int:
        """Expire the leases of workers that are gone; return how many messages were freed."""
        self._database.leases.sweep()
        if self._is_holder_alive is None:
            self._database.leases.renew()  # so that nobody buries himself
        with self._database.reading() as connection:
            held = select(OUTBOX.c.lease).where(OUTBOX.c.state.in_(HELD)).distinct()
            leases = list(connection.execute(held).scalars())
        is_alive = self._is_holder_alive or self._database.leases.is_alive
        gone = [Holder(one) for one in leases if one is not None and not is_alive(Holder(one))]
        if not gone and None not in leases:
            return 0
        with self._database.writing() as connection:
            if self._is_holder_alive is None:
                gone = self._database.leases.bury(connection, gone)
            of_nobody = or_(OUTBOX.c.lease.in_(gone), OUTBOX.c.lease.is_(None))
            query = MESSAGES.where(OUTBOX.c.state.in_(HELD), of_nobody)
            return move_found(connection, query, lambda message: messages.free(message, now))

    def release(self, *, now: datetime) -> int:
        """Give up every message that this worker holds; return how many."""
        self._claimed.clear()
        holder = self._given_holder or self._database.leases.holder
        if holder is None:
            return 0
        query = MESSAGES.where(OUTBOX.c.state.in_(HELD), OUTBOX.c.lease == holder)
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
        query = MESSAGES.where(OUTBOX.c.state.in_(OPEN), is_over)
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
        back when one it shows went into another that was sent or is on its way: nothing is sent
        twice. They are taken one by one in the order of `items`, so of two that failed and share
        an entry the first is queued.
        """
        queued = []
        theirs = select(OUTBOX.c.subscriber)
        with self._database.writing() as connection:
            people = rows_in(connection, theirs, OUTBOX.c.id, items)
            lock_people(connection, [row["subscriber"] for row in people])  # no plan takes an entry
            found = read_messages(connection, items)
            for one in (found[id_] for id_ in dict.fromkeys(items) if id_ in found):
                is_taken = one.gives_back and went_elsewhere(connection, one.item)
                if messages.may_retry(one) and not is_taken:
                    again = messages.retry(one, now)
                    write_moves(connection, [(one, again)])  # the next one sees its entries
                    queued.append(again.item)
        return queued

    def get(self, items: Collection[OutboxId]) -> Sequence[OutboxItem]:
        """Return the messages that exist among `items`, by id."""
        with self._database.reading() as connection:
            rows = list(tuples_in(connection, MESSAGES, OUTBOX.c.id, items))
        return sorted((message_of(row).item for row in rows), key=lambda item: item.id)

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        editions: Collection[EditionId] | None = None,
        limit: int | None = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first; all of them where `limit` is None."""
        query = MESSAGES.order_by(OUTBOX.c.begins_at.desc(), OUTBOX.c.id.desc()).limit(limit)
        if states is not None:
            query = query.where(OUTBOX.c.state.in_(states))
        if subscriber is not None:
            query = query.where(OUTBOX.c.subscriber == subscriber)
        queries = [query]
        if editions is not None:
            wanted = dict.fromkeys(editions)
            queries = [query.where(OUTBOX.c.edition.in_(piece)) for piece in pieces(wanted)]
        with self._database.reading() as connection:
            rows = [row for one in queries for row in connection.execute(one)]
        if len(queries) > 1:
            rows.sort(key=lambda row: (row.begins_at, row.id), reverse=True)
        return [message_of(row).item for row in rows[:limit]]

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

    def _is_stale(self, message: Message, settlement: Settlement) -> bool:
        if message.lease is not None and self._was_mine(message.lease):
            return False
        is_illegal = (message.item.state, settlement.event) not in OUTBOX_TRANSITIONS
        if settlement.item not in self._claimed:
            return is_illegal and messages.is_written(message, settlement)
        return is_illegal or message.lease is not None

    def _was_mine(self, holder: Holder) -> bool:
        if self._given_holder:
            return holder == self._given_holder
        return self._database.leases.was_mine(holder)

    def _renewed(self) -> Holder | None:
        return self._given_holder or self._database.leases.renew()

    def _move_all(self, query: Select[Any], move: Callable[[Message], Message]) -> int:
        with self._database.writing() as connection:
            return move_found(connection, query, move)


def _changed(
    before: Mapping[OutboxId, Message], after: Mapping[OutboxId, Message]
) -> list[OutboxId]:
    return [id_ for id_, message in after.items() if message is not before[id_]]
