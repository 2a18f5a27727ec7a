"""Encryption and passwords."""

import asyncio
import base64
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.testing import Manners, ScriptedSmtpServer
from newsletter.transports import Relay, SmtpTransport, Tls

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""For localhost, signed by itself, made for these tests and good for nothing else."""

LETTER = Envelope(
    EmailAddress("bounce@news.example"),
    EmailAddress("ada@example.org"),
    b"Subject: x\r\n\r\n" + b"a line\r\n" * 20_000,
)


async def yes() -> bool:
    return True


def send(relay: Relay, context: ssl.SSLContext | None) -> Receipt:
    async def deliver() -> Receipt:
        transport = SmtpTransport(relay, tls_context=context)
        receipt = await transport.deliver(LETTER, yes)
        await transport.close()
        return receipt

    return asyncio.run(deliver())


@pytest.fixture
def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def relay_of(server: ScriptedSmtpServer, tls: Tls) -> Relay:
    return Relay("localhost", server.port, tls)


@pytest.mark.parametrize(
    ("tls", "extensions"), [(Tls.TLS, ("PIPELINING",)), (Tls.STARTTLS, ("PIPELINING", "STARTTLS"))]
)
def test_a_letter_goes_over_tls(
    tls: Tls, extensions: tuple[str, ...], server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with ScriptedSmtpServer(Manners(extensions, tls=server_tls)) as server:
        assert send(relay_of(server, tls), trusting).kind is ReceiptKind.ACCEPTED
        assert server.envelopes == (LETTER,)


@pytest.mark.parametrize(("tls", "phase"), [(Tls.TLS, "connect"), (Tls.STARTTLS, "starttls")])
def test_a_certificate_that_is_not_trusted_ends_the_conversation(
    tls: Tls, phase: str, server_tls: ssl.SSLContext
) -> None:
    extensions = ("STARTTLS",) if tls is Tls.STARTTLS else ()
    with ScriptedSmtpServer(Manners(extensions, tls=server_tls)) as server:
        receipt = send(relay_of(server, tls), None)
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase(phase))
        assert "certificate is not trusted" in receipt.text
        assert server.envelopes == ()


def test_without_an_offer_of_tls_nothing_is_sent_in_the_clear(trusting: ssl.SSLContext) -> None:
    with ScriptedSmtpServer() as server:
        receipt = send(relay_of(server, Tls.STARTTLS), trusting)
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.STARTTLS)
        assert not any(command.startswith("MAIL") for command in server.record.commands)


def secret(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("mechanisms", "expected"),
    [("AUTH PLAIN LOGIN", "\0news\0open sesame"), ("AUTH=LOGIN", "open sesame")],
)
def test_a_password_signs_in_over_tls(
    mechanisms: str, expected: str, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    manners = Manners((mechanisms, "PIPELINING"), tls=server_tls, password=secret(expected))
    with ScriptedSmtpServer(manners) as server:
        relay = replace(relay_of(server, Tls.TLS), username="news", password="open sesame")
        assert send(relay, trusting).kind is ReceiptKind.ACCEPTED


@pytest.mark.parametrize("mechanisms", ["AUTH PLAIN", "AUTH LOGIN", "AUTH GSSAPI", "PIPELINING"])
def test_without_signing_in_the_letter_waits(mechanisms: str) -> None:
    with ScriptedSmtpServer(Manners((mechanisms,), password="another")) as server:
        relay = Relay(
            server.host, server.port, username="n", password="p", sends_password_in_clear=True
        )
        receipt = send(relay, None)
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.AUTH)
        assert receipt.text


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("454 4.7.0 not now", "not now"),
        ("220 go ahead\r\n250 injected", "more than its consent before TLS"),
    ],
)
def test_starttls_that_is_refused_or_tampered_with_ends_the_conversation(
    reply: str, text: str, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    manners = Manners(("STARTTLS", "AUTH PLAIN"), tls=server_tls, starttls_reply=reply)
    with ScriptedSmtpServer(manners) as server:
        receipt = send(relay_of(server, Tls.STARTTLS), trusting)
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.STARTTLS)
        assert text in receipt.text
        assert not any(command.startswith(("MAIL", "AUTH")) for command in server.record.commands)
