"""Complaints are read with whatever can carry a token of ours."""

from newsletter.model import InboundKind, InboundMail
from newsletter.rules.bounces import ComplaintReport, read_bounce, read_complaint
from newsletter.rules.inbound import classify, must_not_answer
from tests.rules.inbound_samples.received import OWN, letter, mail
from tests.rules.inbound_samples.reports import COPY, group, report

MULTIPART = 'Content-Type: multipart/report; report-type=feedback-report; boundary="b"'


def complaint(report: str, original: str = COPY) -> InboundMail:
    body = f"""\
--b

This is a spam report.
--b
Content-Type: message/feedback-report

{report}
--b
Content-Type: message/rfc822

{original}

The letter.
--b--
"""
    return mail(letter(MULTIPART, "From: <staff@example.com>", body=body), sender="")


def test_an_abuse_report_names_what_it_is_about() -> None:
    read = complaint(
        "Feedback-Type: Abuse\nUser-Agent: X/1\nVersion: 1\n"
        "Original-Mail-From: <bounce+tok2@news.example.org>\nOriginal-Rcpt-To: <ada@example.net>\n"
    )

    assert read_complaint(read) == ComplaintReport(
        feedback_type="abuse",
        recipient="ada@example.net",
        message_id="<e1.abc@news.example.org>",
        senders=("bounce+tok2@news.example.org", "bounce+token@news.example.org"),
        unsubscribe_uris=(
            "https://news.example.org/unsubscribe/tok",
            "mailto:unsubscribe+tok@news.example.org",
        ),
    )
    assert classify(read, OWN) is InboundKind.COMPLAINT
    assert must_not_answer(read, OWN)


def test_only_those_who_want_no_more_are_taken_for_that() -> None:
    found = {
        kind: read_complaint(complaint(f"Feedback-Type: {kind}\n"))
        for kind in ("abuse", "opt-out", "not-spam", "fraud", "other", "auth-failure")
    }

    assert {kind for kind, one in found.items() if one and one.is_abuse} == {"abuse", "opt-out"}
    assert all(found.values())


def test_a_report_that_hides_everything_is_a_complaint_all_the_same() -> None:
    found = read_complaint(complaint("Version: 1\n", "Subject: hidden"))

    assert found == ComplaintReport("", None, None)


def test_groups_of_fields_that_blank_lines_cut_apart_are_one_report() -> None:
    found = read_complaint(
        complaint("Version: 1\n\nFeedback-Type: abuse\nRemoval-Recipient: rfc822;x@y.example")
    )

    assert found is not None
    assert (found.feedback_type, found.recipient) == ("abuse", "x@y.example")


def test_a_message_id_without_brackets_gets_them() -> None:
    found = read_complaint(complaint("Feedback-Type: abuse", "Message-ID: e1@news.example.org"))

    assert found is not None
    assert found.message_id == "<e1@news.example.org>"


def test_the_older_form_of_a_provider_is_read_too() -> None:
    raw = letter(
        "From: staff@hotmail.com",
        "Subject: complaint about message from 192.0.2.9",
        'Content-Type: multipart/mixed; boundary="b"',
        body="--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: ada@example.net\n"
        f"{COPY}\n--b--\n",
    )
    found = read_complaint(mail(raw))

    assert found is not None
    assert (found.is_abuse, found.recipient) == (True, "ada@example.net")


def test_a_complaint_is_asked_for_before_a_bounce() -> None:
    both = report(group("5.1.1")).replace(
        "Content-Type: message/rfc822",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse",
        1,
    )
    read = mail(both, sender="")

    assert read_bounce(read) is not None
    assert classify(read, OWN) is InboundKind.COMPLAINT


def test_a_bounce_and_a_letter_are_no_complaints() -> None:
    assert read_complaint(mail(report(group("5.1.1")))) is None
    assert read_complaint(mail(letter())) is None
