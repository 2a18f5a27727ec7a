"""Does a relay let us in, and when is one that does not asked again?"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from newsletter.model import Receipt, ReceiptKind, SmtpPhase

FIRST_REST: Final = timedelta(seconds=1)
FIRST_REST_REFUSED: Final = timedelta(seconds=30)
"""For a definite no, to our password for instance: some servers lock an account that asks again and again."""
LONGEST_REST: Final = timedelta(minutes=5)

_ENTRY: Final = frozenset(
    {SmtpPhase.CONNECT, SmtpPhase.GREETING, SmtpPhase.EHLO, SmtpPhase.STARTTLS, SmtpPhase.AUTH}
)
_BEFORE_RECIPIENT: Final = _ENTRY | {SmtpPhase.MAIL}
_NOT_NOW_CODES: Final = frozenset({0, 421, 530, 535, 538})
"""In place of the answer to MAIL: the connection ended, or the answer is about us and not the sender."""
_PERMANENT: Final = 500


class Standing(Enum):
    """What may be done with a relay now."""

    WELL = auto()
    DUE = auto()
    """It failed and has rested: one message may try it."""
    RESTING = auto()
    """Only where there is nothing else, one message may try it."""
    CLOSED = auto()
    """Somebody is trying it just now, or it said no: it is left alone."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a relay has fared. Moments are seconds of a clock that never goes back.

    `epoch` counts the changes: a failure of an attempt that began before the last change is no news.
    """

    failures: int = 0
    rests_until_s: float = 0.0
    last: Receipt | None = None
    is_probed: bool = False
    epoch: int = 0

    def standing(self, now_s: float) -> Standing:
        """Say what may be done with the relay at the moment `now_s`."""
        if self.last is None:
            return Standing.WELL
        if self.is_probed:
            return Standing.CLOSED
        if self.rests_until_s <= now_s:
            return Standing.DUE
        return Standing.CLOSED if _is_refusal(self.last) else Standing.RESTING

    def begin(self) -> "Health":
        """Note that a message tries the relay; while it is not well, that is the only one."""
        return replace(self, is_probed=True) if self.last is not None else self

    def abandon(self, epoch: int) -> "Health":
        """Note that a try which began at `epoch` ended without an answer, on our side."""
        return replace(self, is_probed=self.is_probed and epoch != self.epoch)

    def learn(self, receipt: Receipt, epoch: int, now_s: float) -> "Health":
        """Return the health after `receipt` about a try that began at `epoch`."""
        if not kept_us_out(receipt):
            return self if self.last is None else Health(epoch=self.epoch + 1)
        if epoch != self.epoch:
            return self
        rest = rest_after(self.failures + 1, receipt)
        return Health(
            failures=self.failures + 1,
            rests_until_s=now_s + rest.total_seconds(),
            last=receipt,
            epoch=self.epoch + 1,
        )


def rest_after(failures: int, receipt: Receipt) -> timedelta:
    """Return how long a relay is left alone after so many failures in a row: twice as long each time."""
    first = FIRST_REST_REFUSED if _is_refusal(receipt) else FIRST_REST
    return min(first * (1 << min(failures - 1, 16)), LONGEST_REST)


def was_not_offered(receipt: Receipt) -> bool:
    """Whether nothing was said about the recipient, so that another relay may be asked at once."""
    is_no = receipt.kind in {ReceiptKind.DEFERRED, ReceiptKind.REJECTED}
    return is_no and receipt.phase in _BEFORE_RECIPIENT


def kept_us_out(receipt: Receipt) -> bool:
    """Whether the relay failed us, whatever the message."""
    if receipt.kind is not ReceiptKind.DEFERRED:
        return False
    is_about_us = receipt.phase is SmtpPhase.MAIL and receipt.code in _NOT_NOW_CODES
    return receipt.phase in _ENTRY or is_about_us


def _is_refusal(receipt: Receipt) -> bool:
    return receipt.code >= _PERMANENT
