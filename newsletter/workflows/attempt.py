"""One try of one message: from its decision to what the next hop said."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from newsletter.errors import NewsletterError, RecordError, StorageError
from newsletter.model import (
    Beginning,
    Edition,
    EditionId,
    EmailAddress,
    Envelope,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    Receipt,
    ReceiptKind,
    Reply,
    Settlement,
    Turn,
)
from newsletter.ports import Clock, Correspondence, Ledger, Outbox, Transport
from newsletter.rules.retry import delay, settle
from newsletter.workflows.bookkeeping import Bookkeeper
from newsletter.workflows.pacing import Pacer
from newsletter.workflows.press import Press, print_letter
from newsletter.workflows.traffic import Traffic


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    """What delivering needs of the world. `dice` gives numbers in [0, 1) for jitter.

    `unwritten` keeps the ends of tries that the database did not take; the next round with the
    same ports writes them before anything else. Without `traffic` nothing is paced, and nothing
    learned of relays, domains and addresses from what they answer.
    """

    outbox: Outbox
    ledger: Ledger
    transport: Transport
    press: Press
    clock: Clock
    dice: Callable[[], float]
    unwritten: list[Settlement] = field(default_factory=list)
    traffic: Traffic | None = None
    correspondence: Correspondence | None = None
    """Where the bytes of messages are that are no letters; None: there are none."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The end of one try of one message. `event` is None where it was withheld: it is nobody's fault.

    `reply` is what the next hop said, or why there was none.
    """

    item: OutboxId
    edition: EditionId | None
    event: OutboxEvent | None
    reply: str


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed message and its moment, with what is sent: an edition to print, or a reply as it is.

    Neither where that is gone.
    """

    turn: Turn
    edition: Edition | None
    reply: Reply | None = None

    @property
    def item(self) -> OutboxItem:
        """The message."""
        return self.turn.item


@dataclass(frozen=True, slots=True)
class Printed:
    """Work with the message as it leaves and its Message-ID, or how it ended because it cannot leave."""

    work: Work
    envelope: Envelope | None = None
    beginning: Beginning | None = None
    """What is written down before the final dot; goes with `envelope`."""
    hindrance: Settlement | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The end of one try. Without `settlement` nothing is to be written, `receipt` is the answer."""

    outcome: Delivered
    settlement: Settlement | None = None
    receipt: Receipt | None = None


def make_ready(work: Work, ports: DeliverPorts) -> Printed:
    """Print one message; it may wait for its turn then.

    What is wrong with the message itself is its hindrance. Raises StorageError alone, and what ends
    the whole program.
    """
    item = work.item
    try:
        envelope, message_id = _print(work, ports)
        digest = hashlib.sha256(envelope.message).hexdigest()
    except NewsletterError as error:
        return Printed(work, hindrance=_reject(item, error))
    except Exception as error:  # noqa: BLE001 - the poison guard counts it; the others go on
        return Printed(work, hindrance=_crash(item, error, ports))
    return Printed(work, envelope, Beginning(item.id, message_id, digest))


async def attempt(printed: Printed, ports: DeliverPorts, books: Bookkeeper, pacer: Pacer) -> End:
    """Try one message: hand it over, and say what is to be written down of that.

    Raises StorageError alone, and what ends the whole program.
    """
    item = printed.work.item
    if pacer.was_cancelled(item):
        return End(Delivered(item.id, item.edition, None, "the address bounced"))
    hindrance = pacer.bar(item) or printed.hindrance
    if hindrance:
        return _end(item, hindrance)
    assert printed.envelope is not None  # noqa: S101 - without hindrance both are there
    assert printed.beginning is not None  # noqa: S101
    begin_data = partial(books.begin, printed.beginning)
    try:
        receipt = await ports.transport.deliver(printed.envelope, begin_data)
    except NewsletterError as error:
        return _end(item, _reject(item, error))
    except Exception as error:  # noqa: BLE001 - the poison guard counts it; the others go on
        return _end(item, _crash(item, error, ports))
    if receipt.kind is ReceiptKind.WITHHELD:
        return End(Delivered(item.id, item.edition, None, str(receipt)))
    settlement = settle(item, receipt, now=ports.clock.now(), dice=ports.dice())
    return _end(item, _with_relay(settlement, receipt, ports), receipt)


def _with_relay(settlement: Settlement, receipt: Receipt, ports: DeliverPorts) -> Settlement:
    """Say who gave the answer, where more than one could have."""
    if ports.traffic is None or ports.traffic.relays == 1 or not receipt.relay:
        return settlement
    return replace(settlement, reply=f"{settlement.reply}, by {receipt.relay}")


def _print(work: Work, ports: DeliverPorts) -> tuple[Envelope, str]:
    """Return what is handed over, and its Message-ID."""
    if work.reply is not None:
        sender = EmailAddress(work.reply.sender)
        return Envelope(sender, work.item.recipient, work.reply.message), work.reply.message_id
    if work.edition is None:
        message = "the outbox names an edition, or a reply, that is not stored"
        raise NewsletterError(message)
    letter = print_letter(work.edition, ports.press)
    return letter.envelope, letter.message_id


def _reject(item: OutboxItem, error: NewsletterError) -> Settlement:
    """Return the end of a message that cannot be sent as it is; raises a StorageError again."""
    if isinstance(error, StorageError) and not isinstance(error, RecordError):
        raise error
    return Settlement(item.id, OutboxEvent.REJECT, str(error))


def _crash(item: OutboxItem, error: Exception, ports: DeliverPorts) -> Settlement:
    return Settlement(
        item=item.id,
        event=OutboxEvent.DEFER,
        reply=f"{type(error).__name__}: {error}",
        not_before=ports.clock.now() + delay(item.attempts, ports.dice()),
        is_crash=True,
    )


def _end(item: OutboxItem, settlement: Settlement, receipt: Receipt | None = None) -> End:
    outcome = Delivered(item.id, item.edition, settlement.event, settlement.reply)
    return End(outcome, settlement, receipt)
