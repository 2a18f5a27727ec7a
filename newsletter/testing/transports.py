"""A transport without a network."""

from collections import Counter
from typing import Final

from newsletter.model import Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import BeginData
from newsletter.rules.retry import classify, lost_connection
from newsletter.testing.faults import TAKEN, Fault, FaultKind, fault_of

_ANSWERED: Final = frozenset({FaultKind.CODE, FaultKind.EARLY})


class FakeTransport:
    """Implements `ports.Transport`; goes wrong for the addresses described in `testing.faults`.

    `delivered` holds the envelopes that were accepted, `receipts` every answer in order, and
    `offered` every envelope. Receipts given by address win over what the address asks for.
    """

    def __init__(self, receipts: dict[str, Receipt] | None = None) -> None:
        self._receipts = dict(receipts or {})
        self.offered: list[Envelope] = []
        self.delivered: list[Envelope] = []
        self.receipts: list[Receipt] = []
        self.is_closed = False
        self._tries: Counter[str] = Counter()

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        """Answer as asked; `begin_data` is called unless things go wrong before the body."""
        self.offered.append(envelope)
        self._tries[envelope.recipient] += 1
        receipt = await self._answer(envelope, begin_data)
        fault = fault_of(envelope.recipient)
        is_lost = fault is not None and fault.kind is FaultKind.LOST_ACK
        if receipt.kind is ReceiptKind.ACCEPTED or (is_lost and _is_uncertain(receipt)):
            self.delivered.append(envelope)
        self.receipts.append(receipt)
        return receipt

    async def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    async def _answer(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        planned = self._receipts.get(envelope.recipient) or _planned(
            envelope, self._tries[envelope.recipient]
        )
        if planned.phase not in {SmtpPhase.BODY, SmtpPhase.END_OF_DATA}:
            return planned
        if planned.phase is SmtpPhase.END_OF_DATA and not await begin_data():
            return Receipt(ReceiptKind.WITHHELD, SmtpPhase.BODY, text="withheld by the test")
        return planned


def _is_uncertain(receipt: Receipt) -> bool:
    return receipt.kind is ReceiptKind.UNCERTAIN


def _planned(envelope: Envelope, attempt: int) -> Receipt:
    sender, recipient = fault_of(envelope.sender), fault_of(envelope.recipient)
    if sender and sender.phase is SmtpPhase.MAIL:
        return _receipt(sender)
    goes_wrong = recipient and recipient.phase is not SmtpPhase.MAIL
    if recipient and goes_wrong and recipient.concerns(attempt):
        return _receipt(recipient)
    return classify(SmtpPhase.END_OF_DATA, 250, "2.0.0 taken")


def _receipt(fault: Fault) -> Receipt:
    if fault.kind in _ANSWERED:
        return classify(fault.phase, fault.code, fault.text)
    if fault.kind in TAKEN and fault.kind is not FaultKind.LOST_ACK:
        return classify(SmtpPhase.END_OF_DATA, 250, "2.0.0 taken")
    if fault.kind is FaultKind.EXTRA:  # noticed where the answers no longer fit
        return lost_connection(SmtpPhase.DATA, "unexpected reply")
    return lost_connection(fault.phase, f"{fault.kind} as the test wished")
