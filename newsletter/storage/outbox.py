"""The outbox: messages that must still go, and what became of them."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, or_, select

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    Accounting,
    Beginning,
    Claim,
    EditionId,
    OutboxId,
    OutboxItem,
    OutboxState,
    Room,
    Settlement,
    SubscriberId,
    Throttle,
    Turn,
    Work,
)
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import book, find_room
from newsletter.storage import looking, messages
from newsletter.storage.again import repeated
from newsletter.storage.announcing import announce
from newsletter.storage.by_hand import queue_again
from newsletter.storage.claiming import Search, select_with_room
from newsletter.storage.database import Database
from newsletter.storage.ends import find_late
from newsletter.storage.heads import Heads
from newsletter.storage.holding import begin, hold_page, lease, settle_page
from newsletter.storage.lanes import lock_lanes, write_lanes
from newsletter.storage.leases import Holder, IsAlive
from newsletter.storage.message_rows import (
    MESSAGES,
    OUTBOX,
    move_found,
    write_moves,
)
from newsletter.storage.messages import HELD, OPEN, Message
from newsletter.storage.usual_page import UnusualPageError, is_usual, write_usual_page

_ANSWER_MAY_COME: Final = timedelta(minutes=10)
"""RFC 5321 section 4.5.3.2.6: for so long may the answer to a final dot be on its way."""

_NOTHING: Final = frozenset[OutboxId]()
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
        self._heads = Heads()

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages that may be tried now, oldest slot first.

        UNCERTAIN ones, where they are sent again at all, come after those never sent. What was
        held when a worker ended, or raised an error, comes after all others, in groups of ten; a
        second time alone: if it is what ends workers, it takes no other message with it.
        """
        search = Search(now, limit, self._resend_limit, heads=self._heads)
        while True:
            items, was_found = self._lease(search)
            if items or not was_found:
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

        As `claim` otherwise. The lanes are locked meanwhile, so that no two workers take the same moment.
        """
        groups = throttle.limits.groups
        search = Search(now, limit, self._resend_limit, subscriber, groups, self._heads)
        while True:
            claim, was_found = self._lease_in_turn(search, throttle)
            if claim.turns or not was_found:
                return claim

    @repeated
    def _lease(self, search: Search) -> tuple[Sequence[OutboxItem], bool]:
        """Return what was leased, and whether anything was found that is over now."""
        holder = self._holder()
        with self._database.writing() as connection:
            found = select_with_room(connection, search, Room())
            items = lease(connection, found, holder, search.now)
        self._claimed.update(item.id for item in items)
        return items, bool(found)

    @repeated
    def _lease_in_turn(self, search: Search, throttle: Throttle) -> tuple[Claim, bool]:
        holder = self._holder()
        with self._database.writing() as connection:
            lanes = lock_lanes(connection, throttle)
            room = find_room(lanes, throttle)
            found = select_with_room(connection, search, room)
            items = lease(connection, found, holder, search.now)
            booking = book(lanes, throttle, [domain_of(item.recipient) for item in items])
            write_lanes(connection, booking.lanes)
        self._claimed.update(item.id for item in items)
        turns = tuple(Turn(*one) for one in zip(items, booking.due_at, strict=True))
        return Claim(turns, room.again_at, {**lanes, **booking.lanes}), bool(found)

    def _holder(self) -> Holder:
        return self._given_holder or self._database.leases.hold()

    @repeated
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
        holder = self._renewed() if begun else self._known_holder()
        if holder is not None and is_usual(ended):
            with suppress(UnusualPageError):
                return self._record_usual(ended, begun, holder, now)
        return self._record_any(ended, begun, holder, now)

    def _record_usual(
        self, ended: Sequence[Settlement], begun: Sequence[Beginning], holder: Holder, now: datetime
    ) -> frozenset[OutboxId]:
        with self._database.writing_plainly() as driver:
            may_send = write_usual_page(driver, ended, begun, holder, now)
        self._claimed.difference_update(one.item for one in ended)
        return may_send

    def _record_any(
        self,
        ended: Sequence[Settlement],
        begun: Sequence[Beginning],
        holder: Holder | None,
        now: datetime,
    ) -> frozenset[OutboxId]:
        page = [*(one.item for one in ended), *(one.item for one in begun)]
        with self._database.writing() as connection:
            held = hold_page(connection, page)
            held = settle_page(connection, held, ended, self._is_stale, now)
            may_send = begin(connection, begun, held, holder, now) if begun and holder else _NOTHING
        self._claimed.difference_update(one.item for one in ended)
        return may_send

    @repeated
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
            # A session on a server can end while its worker lives, and waits for an answer.
            is_remote = self._database.path is None
            again_at = now + _ANSWER_MAY_COME if is_remote else None
            return move_found(connection, query, lambda one: messages.free(one, now, again_at))

    def release(self, *, now: datetime) -> int:
        """Give up every message that this worker holds; return how many."""
        self._claimed.clear()
        holder = self._known_holder()
        if holder is None:
            return 0
        query = MESSAGES.where(OUTBOX.c.state.in_(HELD), OUTBOX.c.lease == holder)
        return self._move_all(query, lambda message: messages.release(message, now))

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

    def _is_stale(self, message: Message, settlement: Settlement) -> bool:
        if message.lease is not None and self._was_mine(message.lease):
            return False
        is_illegal = (message.item.state, settlement.event) not in OUTBOX_TRANSITIONS
        if settlement.item not in self._claimed:
            return is_illegal and messages.is_written(message, settlement)
        return is_illegal or message.lease is not None

    def _was_mine(self, holder: Holder) -> bool:
        given = self._given_holder
        return holder == given if given else self._database.leases.was_mine(holder)

    def _known_holder(self) -> Holder | None:
        return self._given_holder or self._database.leases.holder

    def _renewed(self) -> Holder | None:
        return self._given_holder or self._database.leases.renew()

    @repeated
    def _move_all(self, query: Select[Any], move: Callable[[Message], Message]) -> int:
        with self._database.writing() as connection:
            return move_found(connection, query, move)
