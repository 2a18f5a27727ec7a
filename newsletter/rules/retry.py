"""What does an SMTP reply mean for one message, and when is it tried again?"""

import re
from datetime import datetime, timedelta
from typing import Final

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    Blame,
    BlameKind,
    OutboxEvent,
    OutboxItem,
    Receipt,
    ReceiptKind,
    Settlement,
    SmtpPhase,
)

_FIRST_DELAY: Final = timedelta(minutes=2)
_LONGEST_DELAY: Final = timedelta(hours=4)
_DOUBLINGS: Final = 7
"""Enough to pass the longest delay; more would only make large numbers."""
_LEAST_SHARE: Final = 0.5
_LONGEST_REPLY: Final = 500
"""RFC 5321 4.5.3.1.5 allows a reply line of 512 octets, code and line end counted."""

_STATUS: Final = re.compile(r"(?<![\w.])([245])\.\d{1,3}\.\d{1,3}(?!\w|\.\d)")
_OUR_FAULT_CODES: Final = frozenset({530, 535, 538})
"""RFC 4954 section 6: the next hop wants us to log in, and we did not, or could not."""
_OUR_FAULT_STATUSES: Final = ("5.7.", "5.1.7", "5.1.8")
"""RFC 3463: section 3.8 keeps x.7.x for security and policy; x.1.7 and x.1.8 blame the sender's address."""
_LOGIN_STATUSES: Final = frozenset({"5.7.8", "5.7.9", "5.7.11"})
"""RFC 4954 section 6. After MAIL some providers give them to letters that they do not like."""
_TOO_FAST: Final = "4.7."
"""RFC 3463 section 3.8. Where a refusal passes by itself, it is our pace that was refused."""
_GREYLISTING: Final = re.compile(r"gr[ae]y-?list", re.IGNORECASE)
"""RFC 6647: a stranger is to come back later. That is no word about our pace."""
_MESSAGE_PHASES: Final = frozenset(
    {SmtpPhase.RCPT, SmtpPhase.DATA, SmtpPhase.BODY, SmtpPhase.END_OF_DATA}
)

_EVENTS: Final = {
    ReceiptKind.ACCEPTED: OutboxEvent.ACCEPT,
    ReceiptKind.DEFERRED: OutboxEvent.DEFER,
    ReceiptKind.REJECTED: OutboxEvent.REJECT,
    ReceiptKind.UNCERTAIN: OutboxEvent.LOSE_REPLY,
}


def classify(phase: SmtpPhase, code: int, text: str) -> Receipt:
    """Read an SMTP reply the way RFC 5321 section 4.2.1 does, and put every fault where it belongs.

    Only what is wrong with this recipient or this message is REJECTED. A refusal of *us* (of our
    login, our reputation, our policy) is DEFERRED: no address is to suffer for it. So is every
    reply before RCPT, because nothing was said about the recipient yet, and one that is no SMTP.
    """
    status = _status_of(code, text)
    kind = _kind(phase, code, status)
    return Receipt(kind, phase, code, _one_line(text), status)


def lost_connection(phase: SmtpPhase, text: str = "connection lost") -> Receipt:
    """Return what a connection means that ended, or timed out, in `phase` without a reply.

    Before the final dot nothing was taken; after it nobody knows.
    """
    is_open = phase is SmtpPhase.END_OF_DATA
    kind = ReceiptKind.UNCERTAIN if is_open else ReceiptKind.DEFERRED
    return Receipt(kind, phase, text=_one_line(text))


def is_bad_address(receipt: Receipt) -> bool:
    """Tell whether the next hop said that the address itself is bad (RFC 3463 section 3.2: 5.1.x)."""
    is_of_address = receipt.status is not None and receipt.status.startswith("5.1.")
    return receipt.kind is ReceiptKind.REJECTED and is_of_address


def is_unknown_recipient(receipt: Receipt) -> bool:
    """Tell whether this recipient does not exist, by the answer to RCPT: nobody else was asked."""
    return receipt.phase is SmtpPhase.RCPT and is_bad_address(receipt)


def blame(receipt: Receipt) -> Blame | None:
    """Say what the next hop has against us, whoever the recipient is; None: nothing, or no answer."""
    if receipt.kind is not ReceiptKind.DEFERRED or not receipt.code:
        return None
    is_of_relay = receipt.phase not in _MESSAGE_PHASES
    status = receipt.status or ""
    if receipt.code in _OUR_FAULT_CODES or (is_of_relay and status in _LOGIN_STATUSES):
        return Blame(BlameKind.LOGIN, is_of_relay=True)
    if status.startswith(_OUR_FAULT_STATUSES):
        return Blame(BlameKind.POLICY, is_of_relay)
    if status.startswith(_TOO_FAST) and not _GREYLISTING.search(receipt.text):
        return Blame(BlameKind.TOO_FAST, is_of_relay)
    return None


def delay(attempts: int, dice: float) -> timedelta:
    """Return how long to wait after try number `attempts` (from 1) before the next.

    The longest waits are 2, 4, 8, 16, 32, 64, 128 minutes, then 4 hours; `dice` (0 to 1, chosen
    by chance) picks a moment in the later half of each, so that what failed together does not
    return together when the next hop is back.
    """
    doublings = min(max(attempts, 1) - 1, _DOUBLINGS)
    longest = min(_FIRST_DELAY * (1 << doublings), _LONGEST_DELAY)
    share = _LEAST_SHARE + (1 - _LEAST_SHARE) * min(max(dice, 0.0), 1.0)
    return longest * share


def settle(item: OutboxItem, receipt: Receipt, *, now: datetime, dice: float) -> Settlement:
    """Return what is to be written down for `item` after `receipt`.

    One of which nobody knows whether it was taken waits like a deferred one before it is tried again.
    A deferred message is always deferred, also when its next turn would come after `retry_until`:
    giving up is the outbox's, which knows whether its entries go into the next edition. Raises
    IllegalTransitionError for WITHHELD: whoever cancelled the message, or holds it now, has
    written its end.
    """
    event = _event(receipt.kind)
    waits = event in {OutboxEvent.DEFER, OutboxEvent.LOSE_REPLY}
    not_before = now + delay(item.attempts, dice) if waits else None
    return Settlement(item.id, event, str(receipt), not_before)


def _event(kind: ReceiptKind) -> OutboxEvent:
    event = _EVENTS.get(kind)
    if event is None:
        message = f"a message that was {kind} has nothing to be written down"
        raise IllegalTransitionError(message)
    return event


def _kind(phase: SmtpPhase, code: int, status: str | None) -> ReceiptKind:
    first = code // 100
    if first == 2 and phase is SmtpPhase.END_OF_DATA:  # noqa: PLR2004 - RFC 5321 4.2.1
        return ReceiptKind.ACCEPTED
    if first != 5 or phase not in _MESSAGE_PHASES:  # noqa: PLR2004
        return ReceiptKind.DEFERRED
    # RFC 5321 4.5.3.1.10: "too many recipients" was once given as 552.
    is_too_many = code == 552 and phase is SmtpPhase.RCPT  # noqa: PLR2004
    if is_too_many or _is_our_fault(code, status):
        return ReceiptKind.DEFERRED
    return ReceiptKind.REJECTED


def _is_our_fault(code: int, status: str | None) -> bool:
    has_status = status is not None and status.startswith(_OUR_FAULT_STATUSES)
    return code in _OUR_FAULT_CODES or has_status


def _status_of(code: int, text: str) -> str | None:
    """Return the enhanced status of a reply (RFC 2034 section 4), when its class agrees with `code`.

    Some servers write it after a few words of their own, so it is looked for in the whole line.
    """
    for found in _STATUS.finditer(text[:_LONGEST_REPLY]):
        if found[1] == str(code // 100):
            return found[0]
    return None


def _one_line(text: str) -> str:
    """Return `text` as one bounded line that can stand in a log."""
    line = text[:_LONGEST_REPLY]
    if not line.isprintable():
        line = "".join(letter if letter.isprintable() else " " for letter in line)
    return " ".join(line.split())
