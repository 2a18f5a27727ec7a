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
    OutboxId,
    OutboxKind,
    Reply,
    SubscriberId,
    Turn,
)
from newsletter.ports import Ledger
from newsletter.workflows.attempt import Delivered, DeliverPorts, Work, attempt
from newsletter.workflows.bookkeeping import Bookkeeper
from newsletter.workflows.owner_mail import OwnerMail
from newsletter.workflows.pacing import Pacer

_GRACE: Final = timedelta(seconds=8)
"""How long what is in flight may take when the program is told to stop; 10 s in all."""
_LOOK_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class DeliverOrder:
    """How much is done at once, and who listens. `at_once` bounds tries that have begun.

    `subscriber` is whose messages are tried; None: everybody's.
    """

    batch: int = 100
    at_once: int = 20
    on_delivered: Callable[["Delivered"], None] = lambda _: None
    is_stopping: Callable[[], bool] = lambda: False
    subscriber: SubscriberId | None = None


@dataclass(slots=True)
class _Round:
    """One round: the tries that are under way, and how many ended."""

    ports: DeliverPorts
    order: DeliverOrder
    books: Bookkeeper
    hands: asyncio.Semaphore
    places: asyncio.Semaphore
    """For those that wait for their moment, so that no more are claimed than can be tried then."""
    pacer: Pacer
    tries: set["asyncio.Task[None]"] = field(default_factory=set)
    ended: int = 0

    @property
    def is_over(self) -> bool:
        return self.books.trouble is not None or self.order.is_stopping()


async def deliver(ports: DeliverPorts, order: DeliverOrder | None = None) -> int:
    """Try every message that may be tried now; return how many tries ended.

    Ends when nothing is left to claim or `is_stopping` says so: then no further try begins, those
    in flight have eight seconds, and what is left is given up (in data: UNCERTAIN). Closes the
    transport's connections, which belong to the loop it runs in. One bad message stops no other.
    Raises StorageError when the ledger cannot be written: nothing more is sent, and what could not
    be written is kept in the ports. One round at a time in one process.
    """
    order = order or DeliverOrder()
    books = Bookkeeper(ports.outbox, ports.clock, ports.unwritten)
    owner = _owner_mail(ports)
    pacer = Pacer(ports.outbox, ports.clock, books, ports.traffic, lambda: doing.is_over, owner)
    hands, places = asyncio.Semaphore(order.at_once), asyncio.Semaphore(order.at_once)
    doing = _Round(ports, order, books, hands, places, pacer)
    try:
        await books.write_left()
        await books.do(partial(_begin, ports))
        await _work(doing)
    finally:
        await books.close()
        try:
            # Before the farewell, which may take its time.
            if order.is_stopping() and books.trouble is None:
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
        if work or not (pacer.again_at or doing.tries):
            return work
    return []


def _claim(doing: _Round) -> list[Work]:
    if doing.is_over:
        return []
    turns = doing.pacer.claim(doing.order.batch, doing.order.subscriber)
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
        needed = doing.hands if one.turn.due_at is None else doing.places
        await needed.acquire()
        if doing.is_over:  # the rest stays claimed and is given up at the end
            needed.release()
            return
        task = asyncio.create_task(_try_in_time(one, doing))
        doing.tries.add(task)
        task.add_done_callback(doing.tries.discard)


async def _try_in_time(work: Work, doing: _Round) -> None:
    """Try one message at its moment; until then it keeps no hand from others."""
    try:
        if work.turn.due_at is not None:
            await doing.pacer.admit(work.turn, doing.hands)
    except StorageError as error:
        doing.books.give_up(error)
        return
    finally:
        if work.turn.due_at is not None:
            doing.places.release()
    try:
        if work.turn.due_at is None or not doing.is_over:
            await _take_turn(work, doing)
    finally:
        doing.hands.release()


async def _let_finish(doing: _Round) -> None:
    """Wait until every try that began has ended and is written down."""
    while doing.tries:
        await asyncio.wait(doing.tries)
    await doing.books.catch_up()


async def _stop_in_time(doing: _Round) -> None:
    while not doing.order.is_stopping():  # noqa: ASYNC110 - a signal sets no event of this loop
        await asyncio.sleep(_LOOK_EVERY_S)
    await asyncio.sleep(_GRACE.total_seconds())
    for one in doing.tries:
        one.cancel()


async def _take_turn(work: Work, doing: _Round) -> None:
    try:
        end = await attempt(work, doing.ports, doing.books, doing.pacer)
        if end.settlement is None:
            _report(end.outcome, doing)
        else:
            written = doing.books.end(end.settlement)
            written.add_done_callback(partial(_report, end.outcome, doing))
        if end.receipt is not None:
            await doing.pacer.heed(work.item, end.receipt)
    except StorageError as error:
        doing.books.give_up(error)


def _report(
    outcome: Delivered,
    doing: _Round,
    written: "asyncio.Future[frozenset[OutboxId]] | None" = None,
) -> None:
    if written is None or not written.exception():
        doing.ended += 1
        doing.order.on_delivered(outcome)
