"""DELIVER: hand what waits in the outbox to the next hop and write down what it said."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from newsletter.errors import NewsletterError, StorageError
from newsletter.model import (
    Edition,
    OutboxEvent,
    OutboxItem,
    Receipt,
    ReceiptKind,
    Settlement,
)
from newsletter.ports import Clock, Ledger, Outbox, Transport
from newsletter.rules.retry import delay, settle
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

    batch: int = 200
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


@dataclass(slots=True)
class _Round:
    """One round: what ended, and the trouble that ends it early."""

    ports: DeliverPorts
    order: DeliverOrder
    turns: asyncio.Semaphore
    ended: list[Delivered] = field(default_factory=list)
    trouble: StorageError | None = None

    @property
    def is_over(self) -> bool:
        return self.trouble is not None or self.order.is_stopping()


async def deliver(ports: DeliverPorts, order: DeliverOrder | None = None) -> tuple[Delivered, ...]:
    """Try every message that may be tried now; return how each try ended.

    Ends when nothing is left to claim or `is_stopping` says so: then no further try begins, those
    in flight have eight seconds, and what is left is given up (in data: UNCERTAIN). Closes the
    transport's connections, which belong to the loop it runs in. One bad message stops no other.
    Raises StorageError when the ledger cannot be written: nothing more is sent, and what could not
    be written is kept in the ports. One round at a time in one process.
    """
    order = order or DeliverOrder()
    doing = _Round(ports, order, asyncio.Semaphore(order.at_once))
    _begin(ports)
    try:
        while not doing.is_over:
            items = ports.outbox.claim(now=ports.clock.now(), limit=order.batch)
            if not items:
                break
            await _deliver_batch(items, doing)
    finally:
        await ports.transport.close()
    if doing.trouble:
        raise doing.trouble
    if order.is_stopping():
        ports.outbox.release(now=ports.clock.now())
    return tuple(doing.ended)


def _begin(ports: DeliverPorts) -> None:
    """Write what an earlier round could not, then free what it and dead workers held."""
    _write(ports)
    ports.outbox.release(now=ports.clock.now())
    ports.outbox.recover(now=ports.clock.now())


def _write(ports: DeliverPorts) -> None:
    if ports.unwritten:
        ports.outbox.settle(ports.unwritten, now=ports.clock.now())
        ports.unwritten.clear()


async def _deliver_batch(items: Sequence[OutboxItem], doing: _Round) -> None:
    wanted = [item.edition for item in items if item.edition]
    editions = doing.ports.ledger.editions(wanted)
    tries = [
        asyncio.create_task(
            _take_turn(item, editions.get(item.edition) if item.edition else None, doing)
        )
        for item in items
    ]
    watch = asyncio.create_task(_stop_in_time(tries, doing))
    await asyncio.wait(tries)
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch


async def _stop_in_time(tries: Sequence["asyncio.Task[None]"], doing: _Round) -> None:
    while not doing.order.is_stopping():  # noqa: ASYNC110 - a signal sets no event of this loop
        await asyncio.sleep(_LOOK_EVERY_S)
    await asyncio.sleep(_GRACE.total_seconds())
    for one in tries:
        one.cancel()


async def _take_turn(item: OutboxItem, edition: Edition | None, doing: _Round) -> None:
    async with doing.turns:
        if doing.is_over:
            return  # it stays claimed and is given up at the end
        try:
            outcome, settlement = await _deliver_one(item, edition, doing.ports)
            if settlement:
                doing.ports.unwritten.append(settlement)
            if not doing.trouble:
                _write(doing.ports)
        except StorageError as error:
            doing.trouble = error
            return
    doing.ended.append(outcome)
    doing.order.on_delivered(outcome)


async def _deliver_one(
    item: OutboxItem, edition: Edition | None, ports: DeliverPorts
) -> tuple[Delivered, Settlement | None]:
    try:
        letter = _print(edition, ports)
        receipt = await _hand_over(item, letter, ports)
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


async def _hand_over(item: OutboxItem, letter: PrintedLetter, ports: DeliverPorts) -> Receipt:
    digest = hashlib.sha256(letter.envelope.message).hexdigest()

    async def begin_data() -> bool:
        return ports.outbox.begin_data(
            item.id,
            message_id=letter.message_id,
            message_sha256=digest,
            now=ports.clock.now(),
        )

    return await ports.transport.deliver(letter.envelope, begin_data)


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
