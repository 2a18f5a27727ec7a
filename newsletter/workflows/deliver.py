"""DELIVER: hand what waits in the outbox to the next hop and write down what it said."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from newsletter.errors import RecordError, StorageError
from newsletter.model import (
    Edition,
    EditionId,
    OutboxKind,
    Reply,
    SubscriberId,
    Turn,
)
from newsletter.ports import Ledger
from newsletter.workflows.attempt import (
    Delivered,
    DeliverPorts,
    Printed,
    Work,
    attempt,
    make_ready,
)
from newsletter.workflows.bookkeeping import Bookkeeper
from newsletter.workflows.hands import Hands
from newsletter.workflows.owner_mail import OwnerMail
from newsletter.workflows.pacing import Pacer

GRACE: Final = timedelta(seconds=6)
"""How long what is in flight may take when the program is told to stop; 10 s in all. A worker's lane gives up
after 7: what was only claimed is given back before."""
_LOOK_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class DeliverOrder:
    """How much is done at once, and who listens. `at_once` bounds tries that have begun.

    `subscriber` is whose messages are tried; None: everybody's. `is_enough` ends a round that has no
    hurry: nothing more begins, and what is in flight has all the time that it needs.
    """

    batch: int = 100
    at_once: int = 20
    on_delivered: Callable[["Delivered"], None] = lambda _: None
    is_stopping: Callable[[], bool] = lambda: False
    subscriber: SubscriberId | None = None
    is_enough: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class _Round:
    """One round: the tries that are under way, and how many ended.

    What may leave at once goes to the `hands`, one after the other. What waits for its moment has a
    task of its own in `tries`, and then one of those that are `free`, as a hand has while it tries.
    """

    ports: DeliverPorts
    order: DeliverOrder
    books: Bookkeeper
    pacer: Pacer
    free: asyncio.Semaphore
    places: asyncio.Semaphore
    """For those that wait for their moment, so that no more are claimed than can be tried then."""
    hands: Hands = field(init=False)
    tries: set["asyncio.Task[None]"] = field(default_factory=set)
    ended: int = 0
    has_claimed: bool = False

    def __post_init__(self) -> None:
        """Hire the hands."""
        turn = partial(_take_turn, self)
        self.hands = Hands(self.order.at_once, self.free, turn, lambda: self.is_over)

    @property
    def is_over(self) -> bool:
        order = self.order
        return self.books.trouble is not None or order.is_stopping() or order.is_enough()

    def next_claim(self) -> int:
        """Return how many to claim: at first as many as are tried at once, so that the first leave soon."""
        first = min(self.order.batch, self.order.at_once)
        limit = self.order.batch if self.has_claimed else first
        self.has_claimed = True
        return limit

    @property
    def is_busy(self) -> bool:
        return bool(self.tries) or self.hands.are_busy


async def deliver(ports: DeliverPorts, order: DeliverOrder | None = None) -> int:
    """Try every message that may be tried now; return how many tries ended.

    Ends when nothing is left to claim or `is_stopping` says so: then no further try begins, those
    in flight have `GRACE`, and what is left is given up (in data: UNCERTAIN). Closes the
    transport's connections, which belong to the loop it runs in. One bad message stops no other.
    Raises StorageError when the ledger cannot be written: nothing more is sent, and what could not
    be written is kept in the ports. One round at a time in one process.
    """
    order = order or DeliverOrder()
    books = Bookkeeper(ports.outbox, ports.clock, ports.unwritten)
    owner = _owner_mail(ports)
    pacer = Pacer(ports.outbox, ports.clock, books, ports.traffic, lambda: doing.is_over, owner)
    free, places = asyncio.Semaphore(order.at_once), asyncio.Semaphore(order.at_once)
    doing = _Round(ports, order, books, pacer, free, places)
    try:
        await books.write_left()
        await books.do(partial(_begin, ports))
        await _work(doing)
    finally:
        await books.close()
        try:
            # Before the farewell, which may take its time.
            if doing.is_over and books.trouble is None:
                ports.outbox.release(now=ports.clock.now())
        finally:
            await ports.transport.close()
    if books.trouble:
        raise books.trouble
    return doing.ended


def _owner_mail(ports: DeliverPorts) -> OwnerMail | None:
    traffic = ports.traffic
    if traffic is None or traffic.head is None:
        return None
    return OwnerMail(
        traffic.throttles,
        ports.transport,
        traffic.clock,
        ports.press.sign,
        traffic.head,
        traffic.lane_of(traffic.head.owner),
        traffic.relays,
    )


def _begin(ports: DeliverPorts) -> None:
    """Free what an earlier round and dead workers held, merge what is late."""
    now = ports.clock.now()
    ports.outbox.release(now=now)
    ports.outbox.recover(now=now)
    ports.outbox.expire(now=now)


async def _work(doing: _Round) -> None:
    watch = asyncio.create_task(_stop_in_time(doing))
    try:
        await _try_all(doing)
    finally:
        await _let_finish(doing)
        await doing.hands.dismiss()
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _try_all(doing: _Round) -> None:
    """Claim and try by turns until nothing is left; the next claim is made while these are tried."""
    work = await _claim_what_is_left(doing)
    while work and not doing.is_over:
        if work[0].item.crashes:  # apart, so that they take no other with them if they end us
            await _let_finish(doing)
            await _try_each(work, doing)
            await _let_finish(doing)
            work = await _claim_what_is_left(doing)
            continue
        following = asyncio.create_task(doing.books.do(partial(_claim, doing)))
        await _try_each(work, doing)
        work = await following or await _claim_what_is_left(doing)


async def _claim_what_is_left(doing: _Round) -> list[Work]:
    """Claim until there is something, or nothing is left but what must wait for long.

    What is tried meanwhile may be free again afterwards; a lane that is full has room again soon.
    """
    pacer = doing.pacer
    while not doing.is_over:
        await (pacer.wait() if pacer.again_at else _let_finish(doing))
        work = await doing.books.do(partial(_claim, doing))
        if work or not (pacer.again_at or doing.is_busy):
            return work
    return []


def _claim(doing: _Round) -> list[Work]:
    if doing.is_over:
        return []
    turns = doing.pacer.claim(doing.next_claim(), doing.order.subscriber)
    names = [turn.item.edition for turn in turns if turn.item.edition]
    editions = _read(names, doing.ports.ledger)
    return [
        Work(turn, editions.get(turn.item.edition or EditionId("")), _reply_of(turn, doing.ports))
        for turn in turns
    ]


def _reply_of(turn: Turn, ports: DeliverPorts) -> Reply | None:
    if turn.item.kind is not OutboxKind.REPLY or ports.correspondence is None:
        return None
    return ports.correspondence.reply(turn.item.id)


def _read(names: Sequence[EditionId], ledger: Ledger) -> Mapping[EditionId, Edition]:
    """Return these editions but for those that are damaged: one bad record stops no other."""
    try:
        return ledger.editions(names)
    except RecordError:
        if len(names) == 1:
            return {}
    return {key: value for name in names for key, value in _read([name], ledger).items()}


async def _try_each(work: Sequence[Work], doing: _Round) -> None:
    for one in work:
        if doing.is_over:  # the rest stays claimed and is given up at the end
            return
        try:
            if one.turn.due_at is None:
                await doing.hands.give(partial(make_ready, one, doing.ports))
            else:
                await _try_later(one, doing)
        except StorageError as error:
            doing.books.give_up(error)


async def _try_later(work: Work, doing: _Round) -> None:
    await doing.places.acquire()
    task = asyncio.create_task(_try_in_time(work, doing))
    doing.tries.add(task)
    task.add_done_callback(doing.tries.discard)


async def _try_in_time(work: Work, doing: _Round) -> None:
    """Try one message at its moment; until then it keeps no hand from others."""
    try:
        await doing.pacer.admit(work.turn, doing.free)
    except StorageError as error:
        doing.books.give_up(error)
        return
    finally:
        doing.places.release()
    try:
        if not doing.is_over:
            await _take_turn(doing, make_ready(work, doing.ports))
    except StorageError as error:
        doing.books.give_up(error)
    finally:
        doing.free.release()


async def _let_finish(doing: _Round) -> None:
    """Wait until every try that began has ended and is written down."""
    while doing.is_busy:
        if doing.tries:
            await asyncio.wait(doing.tries)
        await doing.hands.finish()
    await doing.books.catch_up()


async def _stop_in_time(doing: _Round) -> None:
    while not doing.order.is_stopping():  # noqa: ASYNC110 - a signal sets no event of this loop
        await asyncio.sleep(_LOOK_EVERY_S)
    await asyncio.sleep(GRACE.total_seconds())
    doing.hands.break_off()
    for one in doing.tries:
        one.cancel()


async def _take_turn(doing: _Round, printed: Printed) -> None:
    item = printed.work.item
    try:
        end = await attempt(printed, doing.ports, doing.books, doing.pacer)
        if end.settlement is None:
            _report(doing, end.outcome)
        else:
            doing.books.end(end.settlement, partial(_report, doing, end.outcome))
        if end.receipt is not None and doing.pacer.learns_from(end.receipt):
            await doing.pacer.heed(item, end.receipt)
    except StorageError as error:
        doing.books.give_up(error)


def _report(doing: _Round, outcome: Delivered) -> None:
    doing.ended += 1
    doing.order.on_delivered(outcome)
