"""Bounces in the shapes of the large servers and providers are told for what they are."""

import pytest

from newsletter.model import BounceClass, InboundKind
from newsletter.rules.bounces import read_bounce
from newsletter.rules.inbound import Purpose, classify, envelope_token, must_not_answer
from tests.rules.inbound_samples.received import OWN, TOKEN, VERP, mail
from tests.rules.inbound_samples.standard_bounces import NO_FAILURES, STANDARD_BOUNCES
from tests.rules.inbound_samples.text_bounces import TEXT_BOUNCES, TEXT_DELAYS

BOUNCES = {**STANDARD_BOUNCES, **TEXT_BOUNCES}
NO_BOUNCES = {**NO_FAILURES, **{f"{name} in words": raw for name, raw in TEXT_DELAYS.items()}}
LEAST_SAMPLES = 60


def test_there_are_enough_samples_to_say_so() -> None:
    assert len(BOUNCES) >= LEAST_SAMPLES
    assert {kind for _, kind in BOUNCES.values()} == set(BounceClass)


@pytest.mark.parametrize(("raw", "kind"), BOUNCES.values(), ids=BOUNCES)
def test_a_bounce_is_recognised_with_its_class(raw: str, kind: BounceClass) -> None:
    read = mail(raw, sender="", recipient=VERP)
    report = read_bounce(read)

    assert classify(read, OWN) is InboundKind.BOUNCE
    assert report is not None
    assert report.kind is kind
    assert report.recipient in {"ada@example.net", None}
    assert "\n" not in report.diagnosis


@pytest.mark.parametrize("raw", [raw for raw, _ in BOUNCES.values()], ids=BOUNCES)
def test_it_is_traced_to_its_token_and_never_answered(raw: str) -> None:
    read = mail(raw, sender="", recipient=VERP.upper())
    destination = envelope_token(read, OWN)

    assert must_not_answer(read, OWN)
    assert destination is not None
    assert (destination.purpose, destination.token) == (Purpose.BOUNCE, TOKEN)


@pytest.mark.parametrize("raw", [raw for raw, _ in BOUNCES.values()], ids=BOUNCES)
def test_it_reads_the_same_out_of_a_mailbox_that_keeps_no_envelope(raw: str) -> None:
    by_fields = mail(raw, sender=None)
    without_return_path = mail(raw.replace("Return-Path: <>", "X-Was: here", 1), sender=None)
    expected = read_bounce(mail(raw, sender="", recipient=VERP))

    assert read_bounce(by_fields) == expected
    assert read_bounce(without_return_path) == expected
    assert envelope_token(by_fields, OWN) == envelope_token(mail(raw, recipient=VERP), OWN)


@pytest.mark.parametrize("raw", NO_BOUNCES.values(), ids=NO_BOUNCES)
def test_a_report_of_delay_or_success_is_no_bounce_and_not_answered(raw: str) -> None:
    read = mail(raw, sender="", recipient=VERP)

    assert read_bounce(read) is None
    assert classify(read, OWN) is InboundKind.AUTO_REPLY
    assert must_not_answer(read, OWN)


def test_what_the_copy_of_our_letter_says_does_not_count() -> None:
    raw, kind = TEXT_BOUNCES["qmail, nothing to go by"]

    assert "full mailboxes" in raw
    assert "spam filters" in raw
    assert kind is BounceClass.SOFT
