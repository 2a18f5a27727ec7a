"""Programs are not answered, people always are."""

import pytest

from newsletter.model import InboundKind
from newsletter.rules.bounces import read_bounce
from newsletter.rules.inbound import OwnNames, Purpose, classify, must_not_answer
from tests.rules.inbound_samples.received import OWN, VERP, letter, mail
from tests.rules.inbound_samples.robots import AUTO_REPLIES, HUMANS


@pytest.mark.parametrize("raw", AUTO_REPLIES.values(), ids=AUTO_REPLIES)
def test_an_automatic_answer_is_not_answered(raw: str) -> None:
    read = mail(raw)

    assert classify(read, OWN) is InboundKind.AUTO_REPLY
    assert must_not_answer(read, OWN)


@pytest.mark.parametrize("raw", HUMANS.values(), ids=HUMANS)
def test_a_person_is_always_served(raw: str) -> None:
    read = mail(raw)

    assert read_bounce(read) is None
    assert classify(read, OWN) is InboundKind.OTHER
    assert not must_not_answer(read, OWN)


@pytest.mark.parametrize("raw", HUMANS.values(), ids=HUMANS)
def test_the_null_sender_is_no_person_whatever_it_writes(raw: str) -> None:
    assert classify(mail(raw, sender=""), OWN) is not InboundKind.OTHER
    assert must_not_answer(mail(raw, sender=""), OWN)


def test_a_mailbox_tells_the_null_sender_by_its_return_path() -> None:
    raw = letter("Return-Path: <>")

    assert classify(mail(raw, sender=None), OWN) is InboundKind.AUTO_REPLY
    assert classify(mail(raw, sender="ada@example.net"), OWN) is InboundKind.OTHER


def test_what_comes_to_a_bounce_address_is_written_by_no_person() -> None:
    assert classify(mail(letter(), recipient=VERP), OWN) is InboundKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        ("ada@example.net", "postmaster@example.net"),
        ("owner-talk@example.net", "ada@example.net"),
        ("talk-bounces@example.net", "ada@example.net"),
        ("ada@example.net", "talk-request@example.net"),
        ("ada@example.net", "majordomo@example.net"),
    ],
)
def test_addresses_that_programs_answer_for_get_no_answer(sender: str, author: str) -> None:
    read = mail(letter(f"From: {author}"), sender=sender)

    assert must_not_answer(read, OWN)
    assert classify(read, OWN) is InboundKind.OTHER


@pytest.mark.parametrize("author", ["", "Ada", "a@example.net, b@example.net", "a b@example.net"])
def test_nobody_is_answered_whose_address_is_not_certain(author: str) -> None:
    assert must_not_answer(mail(letter(f"From: {author}")), OWN)


def test_mail_from_any_of_our_own_names_is_ours() -> None:
    names = OwnNames("lab.example.org", (("papers", Purpose.NEWS),))

    assert must_not_answer(mail(letter("From: papers@LAB.example.org")), names)
    assert not must_not_answer(mail(letter("From: ada@lab.example.org")), names)
    assert not must_not_answer(mail(letter("From: news@lab.example.org")), names)
