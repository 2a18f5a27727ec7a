"""DELIVER: hand what waits in the outbox to the next hop and write down what it said."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from newsletter.errors import NewsletterError, StorageError
from newsletter.model import (
    Beginning,
    Edition,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    Receipt,
    ReceiptKind,
    Settlement,
)
from newsletter.ports import Clock, Ledger, Outbox, Transport
from newsletter.rules.retry import delay, settle
from newsletter.workflows.bookkeeping import Bookkeeper
from newsletter.workflows.press import Press, PrintedLetter, print_letter

_GRACE: Final = timedelta(seconds=8)
"""How long what is in flight may take when the program is told to stop; 10 s in all."""
_LOOK_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """What delivering needs of the world. `dice` gives numbers in [0, 1) for jitter.

    `unwritten` keeps the ends of tries that the database did not take; the next round with the
    same ports writes them before anything else.
    """

    outbox: Outbox
    ledger: Ledger
    transport: Transport
    press: Press
    clock: Clock
    dice: Callable[[], float]
    unwritten: list[Settlement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DeliverOrder:
    """How much is done at once, and who listens. `at_once` bounds tries that have begun."""

    batch: int = 100
    at_once: int = 20
    on_delivered: Callable[["Delivered"], None] = lambda _: None
    is_stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Delivered:
    """The end of one try of one message. `receipt` is None where the message was never offered."""

    item: OutboxItem
    event: OutboxEvent | None
    receipt: Receipt | None
    reply: str


@dataclass(frozen=True, slots=True)
class _Turn:
    """A claimed message with what it is printed from; None where that is gone."""

    item: OutboxItem
    edition: Edition | None


@dataclass(slots=True)
class _Round:
    """One round: the tries that are under way, and those that ended."""

    ports: DeliverPorts
    order: DeliverOrder
    books: Bookkeeper
    hands: asyncio.Semaphore
    tries: set["asyncio.Task[None]"] = field(default_factory=set)
    ended: list[Delivered] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.books.trouble is not None or self.order.is_stopping()


async def deliver(ports: DeliverPorts, order: DeliverOrder | None = None) -> tuple[Delivered, ...]:
    """Try every message that may be tried now; return how each try ended.

    Ends when nothing is left to claim or `is_stopping` says so: then no further try begins, those
    in flight have eight seconds, and what is left is given up (in data: UNCERTAIN). Closes the
    transport's connections, which belong to the loop it runs in. One bad message stops no other.
    Raises StorageError when the ledger cannot be written: nothing more is sent, and what could not
    be written is kept in the ports. One round at a time in one process.
    """
    order = order or DeliverOrder()
    books = Bookkeeper(ports.outbox, ports.clock, ports.unwritten)
    doing = _Round(ports, order, books, asyncio.Semaphore(order.at_once))
    try:
        await books.do(partial(_begin, ports))
        await _work(doing)
    finally:
        await books.close()
        await ports.transport.close()
    if books.trouble:
        raise books.trouble
    if order.is_stopping():
        ports.outbox.release(now=ports.clock.now())
    return tuple(doing.ended)


def _begin(ports: DeliverPorts) -> None:
    """Write what an earlier round could not, then free what it and dead workers held."""
    if ports.unwritten:
        ports.outbox.record(ended=ports.unwritten, now=ports.clock.now())
        ports.unwritten.clear()
    ports.outbox.release(now=ports.clock.now())
    ports.outbox.recover(now=ports.clock.now())


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
    turns = await doing.books.do(partial(_claim, doing))
    while turns and not doing.is_over:
        if turns[0].item.crashes:  # alone, so that it takes no other with it if it ends us
            await _let_finish(doing)
            await _try_each(turns, doing)
            await _let_finish(doing)
            turns = await doing.books.do(partial(_claim, doing))
            continue
        following = asyncio.create_task(doing.books.do(partial(_claim, doing)))
        await _try_each(turns, doing)
        turns = await following
        if not turns:  # what was tried meanwhile may be free again
            await _let_finish(doing)
            turns = await doing.books.do(partial(_claim, doing))


def _claim(doing: _Round) -> list[_Turn]:
    ports = doing.ports
    if doing.is_over:
        return []
    items = ports.outbox.claim(now=ports.clock.now(), limit=doing.order.batch)
    editions = ports.ledger.editions([item.edition for item in items if item.edition])
    return [_Turn(item, editions.get(item.edition) if item.edition else None) for item in items]


async def _try_each(turns: Sequence[_Turn], doing: _Round) -> None:
    for turn in turns:
        await doing.hands.acquire()
        if doing.is_over:  # the rest stays claimed and is given up at the end
            doing.hands.release()
            return
        task = asyncio.create_task(_take_turn(turn, doing))
        doing.tries.add(task)
        task.add_done_callback(partial(_take_away, doing))


def _take_away(doing: _Round, task: "asyncio.Task[None]") -> None:
    doing.tries.discard(task)
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


async def _take_turn(turn: _Turn, doing: _Round) -> None:
    try:
        outcome, settlement = await _deliver_one(turn, doing)
    except StorageError as error:
        doing.books.give_up(error)
        return

    def report(written: "asyncio.Future[frozenset[OutboxId]] | None" = None) -> None:
        if written is None or not written.exception():
            doing.ended.append(outcome)
            doing.order.on_delivered(outcome)

    if settlement is None:
        report()
    else:
        doing.books.end(settlement).add_done_callback(report)


async def _deliver_one(turn: _Turn, doing: _Round) -> tuple[Delivered, Settlement | None]:
    item, ports = turn.item, doing.ports
    try:
        letter = _print(turn.edition, ports)
        receipt = await _hand_over(item, letter, doing)
    except StorageError:
        raise
    except NewsletterError as error:
        return _end(item, Settlement(item.id, OutboxEvent.REJECT, str(error)))
    except Exception as error:  # noqa: BLE001 - the poison guard counts it; the others go on
        return _end(item, _crash(item, error, ports))
    if receipt.kind is ReceiptKind.WITHHELD:
        return Delivered(item, None, receipt, str(receipt)), None
    return _end(item, settle(item, receipt, now=ports.clock.now(), dice=ports.dice()), receipt)


def _print(edition: Edition | None, ports: DeliverPorts) -> PrintedLetter:
    if edition is None:
        message = "the outbox names an edition that is not stored"
        raise NewsletterError(message)
    return print_letter(edition, ports.press)


async def _hand_over(item: OutboxItem, letter: PrintedLetter, doing: _Round) -> Receipt:
    digest = hashlib.sha256(letter.envelope.message).hexdigest()
    beginning = Beginning(item.id, letter.message_id, digest)
    return await doing.ports.transport.deliver(
        letter.envelope, partial(doing.books.begin, beginning)
    )


def _crash(item: OutboxItem, error: Exception, ports: DeliverPorts) -> Settlement:
    return Settlement(
        item=item.id,
        event=OutboxEvent.DEFER,
        reply=f"{type(error).__name__}: {error}",
        not_before=ports.clock.now() + delay(item.attempts, ports.dice()),
        is_crash=True,
    )


def _end(
    item: OutboxItem, settlement: Settlement, receipt: Receipt | None = None
) -> tuple[Delivered, Settlement]:
    return Delivered(item, settlement.event, receipt, settlement.reply), settlement
