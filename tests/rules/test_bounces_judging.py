"""One rule says hard, soft or policy, for reports and for refusals at SMTP time alike."""

import pytest

from newsletter.model import BounceClass, BounceReport, Receipt, ReceiptKind, SmtpPhase
from newsletter.rules.bounces import from_reply, judge
from newsletter.rules.retry import classify

HARD, SOFT, POLICY = BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY


@pytest.mark.parametrize(
    ("status", "diagnosis", "kind"),
    [
        ("5.1.1", "", HARD),
        ("5.1.2", "", HARD),
        ("5.1.10", "", HARD),
        ("5.4.4", "", HARD),
        ("5.2.1", "", HARD),
        ("5.2.2", "", SOFT),
        ("4.2.2", "", SOFT),
        ("4.1.1", "no such user", SOFT),
        ("5.7.1", "user unknown", POLICY),
        ("4.7.0", "", POLICY),
        ("5.6.1", "", POLICY),
        ("5.3.4", "", POLICY),
        ("5.9.9", "", SOFT),
        ("5.0.0", "", SOFT),
        (None, "", SOFT),
        (None, "550 go away", SOFT),
        (None, "550 no such user", HARD),
        (None, "450 no such user", SOFT),
        ("4.0.0", "no such user", SOFT),
        (None, "550 spam is not wanted here", POLICY),
        (None, "550 <spam@blacklist.example> no such user", HARD),
        ("5.1.1", "mailbox full", SOFT),
        ("5.1.1", "listed on a blacklist", POLICY),
        ("5.1.1", "550 5.7.1 refused", POLICY),
        ("5.1.1", "access denied", HARD),
        ("no status", "", SOFT),
        (None, "550 mailbox unavailable, invalid DNS MX record of the sender", POLICY),
        (None, "550 administratively prohibited", POLICY),
        (None, "550 that one dosn't exist", HARD),
    ],
)
def test_the_status_comes_first_and_the_words_second(
    status: str | None, diagnosis: str, kind: BounceClass
) -> None:
    assert judge(status, diagnosis) is kind


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (550, "5.1.1 no such user", HARD),
        (550, "no such user here", HARD),
        (552, "5.2.2 mailbox full", SOFT),
        (452, "mailbox full", SOFT),
        (550, "5.7.1 blocked, see our page", POLICY),
        (554, "blocked using a DNSBL", POLICY),
        (550, "no", SOFT),
        (556, "no mail here", HARD),
        (521, "no mail here", HARD),
        (550, "5.4.1 Recipient address rejected: Access denied", HARD),
    ],
)
def test_a_refusal_at_smtp_time_is_classed_by_the_same_rule(
    code: int, text: str, kind: BounceClass
) -> None:
    receipt = classify(SmtpPhase.RCPT, code, text)

    assert from_reply(receipt) == BounceReport(kind, receipt.status, diagnosis=text)


@pytest.mark.parametrize("phase", [SmtpPhase.CONNECT, SmtpPhase.AUTH, SmtpPhase.MAIL])
def test_what_was_refused_before_the_recipient_says_nothing_of_it(phase: SmtpPhase) -> None:
    report = from_reply(Receipt(ReceiptKind.DEFERRED, phase, 550, "5.1.1 unknown", "5.1.1"))

    assert report is not None
    assert report.kind is POLICY


def test_what_is_no_refusal_is_no_bounce() -> None:
    accepted = Receipt(ReceiptKind.ACCEPTED, SmtpPhase.END_OF_DATA, 250, "2.0.0 queued")
    silent = Receipt(ReceiptKind.DEFERRED, SmtpPhase.RCPT)
    uncertain = Receipt(ReceiptKind.UNCERTAIN, SmtpPhase.END_OF_DATA)

    assert [from_reply(one) for one in (accepted, silent, uncertain)] == [None, None, None]
