"""DELIVER: hand what waits in the outbox to the next hop and write down what it said."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from newsletter.rules.retry import settle
from newsletter.workflows.press import Press, PrintedLetter, print_letter


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """What delivering needs of the world. `dice` gives numbers in [0, 1) for jitter."""

    outbox: Outbox
    ledger: Ledger
    transport: Transport
    press: Press
    clock: Clock
    dice: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The end of one try of one message. `receipt` is None where the message was never offered."""

    item: OutboxItem
    event: OutboxEvent | None
    receipt: Receipt | None
    reply: str


async def deliver(
    ports: DeliverPorts,
    *,
    batch: int = 200,
    on_delivered: Callable[[Delivered], None] = lambda _: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> tuple[Delivered, ...]:
    """Try every message that may be tried now, once each; return how each try ended.

    Ends when nothing is left to claim or `is_stopping` says so, and closes the transport's
    connections, which belong to the loop it runs in. One bad message stops no other.
    Raises StorageError when the ledger cannot be written: then nothing more is sent, and what is
    still held is given up by the next round. One round at a time in one process.
    """
    ended: list[Delivered] = []
    ports.outbox.release(now=ports.clock.now())
    ports.outbox.recover(now=ports.clock.now())
    try:
        while not is_stopping():
            items = ports.outbox.claim(now=ports.clock.now(), limit=batch)
            if not items:
                break
            ended.extend(await _deliver_batch(items, ports, on_delivered))
    finally:
        await ports.transport.close()
    return tuple(ended)


async def _deliver_batch(
    items: Sequence[OutboxItem], ports: DeliverPorts, on_delivered: Callable[[Delivered], None]
) -> list[Delivered]:
    wanted = [item.edition for item in items if item.edition]
    editions = ports.ledger.editions(wanted)
    tries = [
        asyncio.create_task(
            _deliver_one(item, editions.get(item.edition) if item.edition else None, ports)
        )
        for item in items
    ]
    ended: list[Delivered] = []
    for attempt in asyncio.as_completed(tries):
        outcome, settlement = await attempt
        if settlement:
            ports.outbox.settle([settlement], now=ports.clock.now())
        on_delivered(outcome)
        ended.append(outcome)
    return ended


async def _deliver_one(
    item: OutboxItem, edition: Edition | None, ports: DeliverPorts
) -> tuple[Delivered, Settlement | None]:
    try:
        letter = _print(edition, ports)
        receipt = await _hand_over(item, letter, ports)
    except StorageError:
        raise
    except NewsletterError as error:
        return _end(item, OutboxEvent.REJECT, str(error))
    except Exception as error:  # noqa: BLE001 - the poison guard counts it; the others go on
        return _end(item, OutboxEvent.DEFER, f"{type(error).__name__}: {error}", is_crash=True)
    if receipt.kind is ReceiptKind.WITHHELD:
        return Delivered(item, None, receipt, str(receipt)), None
    settlement = settle(item, receipt, now=ports.clock.now(), dice=ports.dice())
    return Delivered(item, settlement.event, receipt, settlement.reply), settlement


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


def _end(
    item: OutboxItem, event: OutboxEvent, reply: str, *, is_crash: bool = False
) -> tuple[Delivered, Settlement]:
    settlement = Settlement(item=item.id, event=event, reply=reply, is_crash=is_crash)
    return Delivered(item, event, None, reply), settlement
