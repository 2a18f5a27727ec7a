"""A transport without a network."""

from newsletter.model import Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import BeginData
from newsletter.rules.retry import classify, lost_connection
from newsletter.testing.faults import Fault, FaultKind, fault_of

_ANSWERED = frozenset({FaultKind.CODE, FaultKind.BUSY, FaultKind.EARLY})


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

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        """Answer as asked; `begin_data` is called unless things go wrong before the body."""
        self.offered.append(envelope)
        receipt = await self._answer(envelope, begin_data)
        if receipt.kind is ReceiptKind.ACCEPTED:
            self.delivered.append(envelope)
        self.receipts.append(receipt)
        return receipt

    async def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    async def _answer(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        planned = self._receipts.get(envelope.recipient) or _planned(envelope)
        if planned.phase not in {SmtpPhase.BODY, SmtpPhase.END_OF_DATA}:
            return planned
        if planned.phase is SmtpPhase.END_OF_DATA and not await begin_data():
            return Receipt(ReceiptKind.WITHHELD, SmtpPhase.BODY, text="withheld by the test")
        return planned


def _planned(envelope: Envelope) -> Receipt:
    sender, recipient = fault_of(envelope.sender), fault_of(envelope.recipient)
    if sender and sender.phase is SmtpPhase.MAIL:
        return _receipt(sender)
    if recipient and recipient.phase is not SmtpPhase.MAIL:
        return _receipt(recipient)
    return classify(SmtpPhase.END_OF_DATA, 250, "2.0.0 taken")


def _receipt(fault: Fault) -> Receipt:
    if fault.kind in _ANSWERED:
        return classify(fault.phase, fault.code, fault.text)
    return lost_connection(fault.phase, f"{fault.kind} as the test wished")
