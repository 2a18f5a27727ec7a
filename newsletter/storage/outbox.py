"""The outbox: messages that must still go are leased, and what became of them is written."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    Beginning,
    Claim,
    OutboxId,
    OutboxItem,
    Room,
    Settlement,
    SubscriberId,
    Throttle,
    Turn,
)
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import book, find_room
from newsletter.storage import messages
from newsletter.storage.again import repeated
from newsletter.storage.claiming import Search, select_with_room
from newsletter.storage.database import Database
from newsletter.storage.heads import Heads
from newsletter.storage.holding import begin, hold_page, lease, settle_page
from newsletter.storage.lanes import lock_lanes, write_lanes
from newsletter.storage.leases import Holder, IsAlive
from newsletter.storage.message_desk import MessageDesk
from newsletter.storage.message_rows import MESSAGES, OUTBOX, move_found
from newsletter.storage.messages import HELD, Message
from newsletter.storage.usual_page import UnusualPageError, is_usual, write_usual_page

_ANSWER_MAY_COME: Final = timedelta(minutes=10)
"""RFC 5321 section 4.5.3.2.6: for so long may the answer to a final dot be on its way."""

_NOTHING: Final = frozenset[OutboxId]()


class MessageOutbox(MessageDesk):
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
        super().__init__(database)
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
