"""Mails that attack, threat by threat: nobody else is touched."""

import base64
from collections.abc import Iterator
from itertools import count

import pytest

from newsletter.model import InboundKind, InboundState
from newsletter.workflows.receive.posting import FORWARDS_A_DAY
from tests.mail_in.attacks import ADA, BOB, MALLORY, NEWS, OWNER, attack, mail
from tests.mail_in.conftest import open_office
from tests.mail_in.post_office import PostOffice, Window

VICTIM = "victim@example.net"
WISHES = (
    *("subscribe", "unsubscribe", "show", "status", "topics", "help", "export", "erase"),
    *("pause 14d", "daily", "why", "add robots", "unsubscirbe"),
)
_numbers = count(1)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A newsletter with two subscribers; no message here changes them."""
    with open_office(tmp_path_factory.mktemp("hostile")) as office:
        office.admit(ADA, BOB)
        with office.window() as window:
            yield window


def stranger() -> str:
    """Return an address that has not had any answer yet."""
    return f"mallory{next(_numbers)}@evil.example"


def encoded(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


INJECTIONS = (
    "Subject: help\rBcc: all@example.net",
    "Subject: help\r\n Bcc: all@example.net",
    "Subject: =?utf-8?q?help=0D=0ABcc:_all=40example.net?=",
    f"Subject: {encoded('x' + chr(13) + chr(10) + 'Bcc: all@example.net')}",
    "Subject: help\x00\x0b\x0c\x1c\x85",
    "Subject: help\u2028Bcc: all@example.net\u2029",
    f"Subject: {encoded(chr(0xD7FF) + chr(0xFFFF) + chr(0x202E) + 'pleh')}",
    f"Subject: {'x' * 5_000}",
    "Message-ID: <a@b>\rBcc: all@example.net",
    "Message-ID: <=?utf-8?q?x=0D=0ABcc:_all=40b?=@c>",
    f"Message-ID: <{'a' * 240}@b>",
    "References: " + " ".join(f"<{number}.{'r' * 200}@b>" for number in range(150)),
    "References: <a@b>\r\n\tBcc: all@example.net\r\nIn-Reply-To: <c@d>\x00<e@f>",
    f"Reply-To: {VICTIM}",
    f"Reply-To: =?utf-8?q?a=0D=0ABcc=3A?= <{VICTIM}>",
    f"Return-Path: <{VICTIM}>",
    f"Sender: {VICTIM}",
    f"Cc: {VICTIM}\r\nTo: {VICTIM}",
    f"Disposition-Notification-To: {VICTIM}",
)


@pytest.mark.parametrize("fields", INJECTIONS)
def test_nothing_of_a_header_gets_into_one_of_ours(window: Window, fields: str) -> None:
    for body in ("help", "unsubscribe", "What is this?\nWho are you?"):
        sender = stranger()
        (message,) = attack(window, mail(fields, body=body, sender=sender), sender=sender)
        assert message["To"] in {sender, OWNER}
        for name in ("From", "To", "Reply-To"):
            assert "example.net" not in str(message.get(name, ""))


@pytest.mark.parametrize("name", ["Evil\r\nBcc: all@example.net", "=?utf-8?q?a=0D=0AX-Evil:_1?="])
def test_nothing_of_a_name_gets_into_a_header_of_ours(window: Window, name: str) -> None:
    sender = stranger()
    raw = mail(body="What is this?\nWho are you?", sender=f'"{name}" <{sender}>')
    assert len(attack(window, raw, sender=sender)) <= 1


@pytest.mark.parametrize(
    "sender",
    [
        *(f"{ADA}, {BOB}", f'"{ADA}" <{VICTIM}>, {BOB}', f"<{ADA}> <{BOB}>"),
        *(f"{ADA}\r\nFrom: {BOB}", f"undisclosed: {ADA};", f"<{ADA}\r\n ,{BOB}>"),
        *("=?utf-8?q?ada=40example.org?=", '"ada@example.org\\"" <>', "ada@example.org\x00<"),
        *(f"{'a' * 100}@example.org", "<@evil.example:ada@example.org>", "ada@[127.0.0.1]"),
        *("postmaster@example.org", "MAILER-DAEMON", "talk-request@example.org", ""),
    ],
)
def test_who_has_no_one_address_gets_no_answer(window: Window, sender: str) -> None:
    for wish in WISHES:
        assert attack(window, mail(body=wish, sender=sender)) == []


@pytest.mark.parametrize(
    "lookalike",
    [
        *("\u0430da@example.org", "ada@ex\u0430mple.org", "\uff41da@example.org"),
        *("ada@example\uff0eorg", "ada\u200b@example.org", "a\u0301da@example.org"),
    ],
)
def test_an_address_that_looks_like_anothers_is_another(window: Window, lookalike: str) -> None:
    posted = len(window.waiting())
    for wish in WISHES:
        told = window.take(mail(f"Subject: {wish}", sender=lookalike), NEWS, lookalike)
        assert told.subscriber is None
    assert not any(one.recipient in {ADA, BOB} for one in window.waiting()[posted:])


def test_known_and_unknown_addresses_bring_the_same(window: Window) -> None:
    for number, wish in enumerate(WISHES):
        known, unknown = f"reader{number}@example.org", f"nobody{number}@example.org"
        window.vouch(known)
        kinds = []
        for address in (known, unknown):
            posted = len(window.waiting())
            window.take(mail(body=wish, sender=address), NEWS, address)
            items = window.waiting()[posted:]
            assert [one.recipient for one in items] == [address], wish
            reply = window.newsroom.correspondence.reply(items[0].id)
            assert reply
            kinds.append((reply.kind, reply.sender))
        assert kinds[0] == kinds[1], wish


def test_one_message_to_all_our_addresses_brings_its_sender_few_answers(window: Window) -> None:
    sender = stranger()
    posted = len(window.waiting())
    for name in ("news", "help", "subscribe", "unsubscribe", "NEWS", "Help") * 5:
        window.take(mail(body="help", sender=sender), f"{name}@news.example.org", sender)
    assert len(window.waiting()) == posted + 5


def test_an_answer_repeats_no_advertisement(window: Window) -> None:
    advertisement = "cheap pills at www.evil.example, call now"
    for body in (
        f"subscirbe {advertisement}",
        f'subscribe "{advertisement}',
        f'add "{advertisement}"\npause 14d',
        f"pause until {advertisement}",
        "\n".join(f"stopp {word}" for word in advertisement.split()),
    ):
        for address in (ADA, stranger()):
            raw = mail(f"Subject: {advertisement}", body=body, sender=address)
            for message in attack(window, raw, sender=address):
                if message["To"] != OWNER:
                    assert "pills" not in f"{message['Subject']} {message.get_body()}"


LOOPS = {
    "our own list": "List-Id: <letters.news.example.org>",
    "X-Loop": "X-Loop: news@news.example.org",
    "many machines": "\r\n".join("Received: from mx.example.net" for _ in range(100)),
    "a program": "Auto-Submitted: auto-generated",
    "a crowd": "Precedence: bulk",
}


@pytest.mark.parametrize("name", LOOPS)
def test_what_runs_in_a_circle_ends_here(window: Window, name: str) -> None:
    for sender in (stranger(), NEWS, "bounce+x@news.example.org"):
        for wish in WISHES:
            assert attack(window, mail(LOOPS[name], body=wish, sender=sender)) == []


def test_a_flood_of_mails_that_are_no_commands_does_not_reach_the_owner(
    office: PostOffice,
) -> None:
    with office.window() as window:
        for number in range(FORWARDS_A_DAY + 20):
            raw = mail(body=f"Dear Sir, {number} times I wrote to you.\nAnswer me")
            told = window.take(raw, NEWS, MALLORY)
        assert told.kind is InboundKind.REFUSED
        assert len(window.waiting()) == FORWARDS_A_DAY
        assert len(window.newsroom.inbound.find(InboundState.ASIDE)) == 20
