"""AUTH: with a password or an access token, and what it takes to be turned away."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.testing import Manners, ScriptedSmtpServer
from newsletter.transports import Mechanism, Relay, SmtpTransport, Tls

LETTER = Envelope(
    EmailAddress("bounce@news.example"), EmailAddress("ada@example.org"), b"Subject: x\r\n\r\ny\r\n"
)
BASE = Relay("localhost", username="news", password="sesame", sends_password_in_clear=True)


async def yes() -> bool:
    return True


def proof(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def bearer(token: str) -> str:
    return proof(f"user=news\x01auth=Bearer {token}\x01\x01")


def send(relay: Relay, server: ScriptedSmtpServer, count: int = 1) -> list[Receipt]:
    async def deliver() -> list[Receipt]:
        transport = SmtpTransport(replace(relay, host=server.host, port=server.port))
        receipts = [await transport.deliver(LETTER, yes) for _ in range(count)]
        await transport.close()
        return receipts

    return asyncio.run(deliver())


def with_token(read: Callable[[], str]) -> Relay:
    return replace(BASE, password=None, read_token=read)


def test_a_token_signs_in_with_xoauth2() -> None:
    manners = Manners(("AUTH PLAIN LOGIN XOAUTH2",), password=bearer("ya29"), needs_login=True)
    with ScriptedSmtpServer(manners) as server:
        (receipt,) = send(with_token(lambda: "ya29"), server)
        assert receipt.kind is ReceiptKind.ACCEPTED


def test_a_long_token_waits_for_the_challenge() -> None:
    token = "x" * 2_000
    manners = Manners(("AUTH XOAUTH2",), password=bearer(token), needs_login=True)
    with ScriptedSmtpServer(manners) as server:
        assert send(with_token(lambda: token), server)[0].kind is ReceiptKind.ACCEPTED
        assert "AUTH XOAUTH2" in server.record.commands
        assert max(map(len, server.record.commands)) <= 510


def test_a_token_that_is_over_is_refused_and_the_letter_waits() -> None:
    manners = Manners(("AUTH XOAUTH2",), password=bearer("new"))
    with ScriptedSmtpServer(manners) as server:
        (receipt,) = send(with_token(lambda: "old"), server)
        assert (receipt.kind, receipt.phase, receipt.code) == (
            ReceiptKind.DEFERRED,
            SmtpPhase.AUTH,
            535,
        )


def test_a_token_is_read_anew_for_every_connection() -> None:
    tokens: Iterator[str] = iter(["one", "two", "three"])
    manners = Manners(("AUTH XOAUTH2",), password=bearer("three"))
    with ScriptedSmtpServer(manners) as server:
        kinds = [one.kind.value for one in send(with_token(lambda: next(tokens)), server, 3)]
        assert kinds == ["deferred", "deferred", "accepted"]


def test_a_token_that_cannot_be_read_says_why() -> None:
    def missing() -> str:
        message = "token: there is no file data/token"
        raise ConfigError(message)

    with ScriptedSmtpServer(Manners(("AUTH XOAUTH2",))) as server:
        (receipt,) = send(with_token(missing), server)
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.AUTH)
        assert "there is no file data/token" in receipt.text


@pytest.mark.parametrize(
    ("mechanism", "offer", "text"),
    [
        (None, "AUTH CRAM-MD5", "offers neither AUTH PLAIN nor AUTH LOGIN"),
        (Mechanism.LOGIN, "AUTH PLAIN", "offers no AUTH LOGIN"),
        (Mechanism.PLAIN, "AUTH LOGIN", "offers no AUTH PLAIN"),
    ],
)
def test_only_what_was_asked_for_is_used(
    mechanism: Mechanism | None, offer: str, text: str
) -> None:
    with ScriptedSmtpServer(Manners((offer,))) as server:
        (receipt,) = send(replace(BASE, mechanism=mechanism), server)
        assert receipt.phase is SmtpPhase.AUTH
        assert text in receipt.text
        assert not any(line.startswith("AUTH") for line in server.record.commands)


def test_one_may_insist_on_login() -> None:
    manners = Manners(("AUTH PLAIN LOGIN",), password=proof("sesame"), needs_login=True)
    with ScriptedSmtpServer(manners) as server:
        (receipt,) = send(replace(BASE, mechanism=Mechanism.LOGIN), server)
        assert receipt.kind is ReceiptKind.ACCEPTED


def test_a_password_of_any_length_signs_in() -> None:
    password = "ä" * 300
    manners = Manners(("AUTH PLAIN",), password=proof(f"\0news\0{password}"), needs_login=True)
    with ScriptedSmtpServer(manners) as server:
        assert send(replace(BASE, password=password), server)[0].kind is ReceiptKind.ACCEPTED


def test_a_relay_that_wants_a_login_of_us_defers() -> None:
    with ScriptedSmtpServer(Manners(needs_login=True)) as server:
        (receipt,) = send(Relay("localhost"), server)
        assert (receipt.kind, receipt.phase, receipt.code) == (
            ReceiptKind.DEFERRED,
            SmtpPhase.MAIL,
            530,
        )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"read_token": lambda: "x"}, "a password or a token, not both"),
        ({"mechanism": Mechanism.XOAUTH2}, "a token goes with xoauth2"),
        ({"sends_password_in_clear": False}, "a password needs TLS"),
        ({"messages_per_connection": 0}, "at least 1 message"),
    ],
)
def test_what_cannot_sign_in_is_an_error_of_the_settings(
    changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        replace(BASE, **changes)  # type: ignore[arg-type]


def test_neither_password_nor_token_shows_when_a_relay_is_printed(tmp_path: Path) -> None:
    kept = tmp_path / "sesame-token"
    relay = Relay("mx", tls=Tls.TLS, username="news", read_token=kept.read_text)
    assert "sesame" not in repr(relay) + repr(BASE)
