"""Hard, soft or policy: one rule for reports that come by mail and for replies at SMTP time."""

from typing import Final

from newsletter.model import BounceClass, BounceReport, Receipt, ReceiptKind, SmtpPhase
from newsletter.rules.bounces.phrases import class_of_phrase, fold, overriding_class
from newsletter.rules.bounces.statuses import class_of_status, is_transient, statuses_in

_LONGEST_DIAGNOSIS: Final = 300
_FIRST_FAILURE: Final = 400
_NO_MAIL_CODES: Final = frozenset({521, 556})
"""RFC 7504: the host, or the domain, takes no mail at all."""
_ABOUT_US: Final = frozenset(
    {SmtpPhase.CONNECT, SmtpPhase.GREETING, SmtpPhase.EHLO, SmtpPhase.STARTTLS, SmtpPhase.AUTH}
) | {SmtpPhase.MAIL}
"""Where nothing was said of the recipient yet."""


def judge(status: str | None, diagnosis: str) -> BounceClass:
    """Return what a failure says of the address: the status code first, known phrases second.

    The other server's own words (`diagnosis`) come before the status that a relay made of them.
    What nobody can tell is soft.
    """
    codes = (*statuses_in(diagnosis), *((status,) if status else ()))
    said = next((kind for kind in map(class_of_status, codes) if kind is not None), None)
    folded = fold(diagnosis)
    if said is BounceClass.HARD:
        return overriding_class(folded) or said
    if said is not None:
        return said
    by_words = class_of_phrase(folded)
    is_passing = is_transient(f"{status or ''} {diagnosis}")
    if by_words is None or (by_words is BounceClass.HARD and is_passing):
        return BounceClass.SOFT
    return by_words


def from_reply(receipt: Receipt) -> BounceReport | None:
    """Return what a refusal at SMTP time says of the recipient; None when it is no refusal.

    For receipts that ended a message: a deferral that is to be tried again is no bounce yet.
    """
    is_refusal = receipt.kind in {ReceiptKind.REJECTED, ReceiptKind.DEFERRED}
    if not is_refusal or receipt.code < _FIRST_FAILURE:
        return None
    if receipt.phase in _ABOUT_US:
        kind = BounceClass.POLICY
    elif receipt.code in _NO_MAIL_CODES:
        kind = BounceClass.HARD
    else:
        kind = judge(receipt.status, f"{receipt.code} {receipt.text}")
    return BounceReport(kind, receipt.status, diagnosis=one_line(receipt.text))


def one_line(text: str) -> str:
    """Return `text` as one line of at most 300 characters."""
    return " ".join(text.split())[:_LONGEST_DIAGNOSIS]
