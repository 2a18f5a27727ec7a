"""LMTP (RFC 2033), over TCP and over a socket of this machine."""

import asyncio
from pathlib import Path

import pytest
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope as Heard

from newsletter.errors import ConfigError
from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.testing import Manners, ScriptedSmtpServer
from newsletter.transports import Protocol, Relay, SmtpTransport, Timeouts, Tls, probe

MANNERS = Manners(is_lmtp=True)


async def yes() -> bool:
    return True


def letter(name: str) -> Envelope:
    sender = EmailAddress("bounce@news.example")
    return Envelope(sender, EmailAddress(f"{name}@example.org"), b"Subject: x\r\n\r\n.body\r\n")


def send(relay: Relay, *names: str) -> list[Receipt]:
    async def deliver() -> list[Receipt]:
        transport = SmtpTransport(relay, connections=1)
        receipts = [await transport.deliver(letter(name), yes) for name in names]
        await transport.close()
        return receipts

    return asyncio.run(deliver())


def test_each_recipient_is_answered_after_the_dot() -> None:
    with ScriptedSmtpServer(MANNERS) as server:
        relay = Relay(server.host, server.port, protocol=Protocol.LMTP)
        receipts = send(relay, "ada", "452-4.2.2-at-end", "550-5.1.1", "bob")
        assert [(one.kind.value, one.code) for one in receipts] == [
            ("accepted", 250),
            ("deferred", 452),
            ("rejected", 550),
            ("accepted", 250),
        ]
        assert server.record.commands[0].startswith("LHLO ")
        assert server.record.connections == 1


def test_a_socket_of_this_machine_will_do(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    with ScriptedSmtpServer(MANNERS, socket_path=path) as server:
        relay = Relay("localhost", protocol=Protocol.LMTP, socket_path=path)
        (receipt,) = send(relay, "ada")
        assert (receipt.kind, receipt.relay) == (ReceiptKind.ACCEPTED, str(path))
        assert server.record.accepted["ada@example.org"].total() == 1
        steps = asyncio.run(probe(relay, Timeouts()))
        assert all(step.is_well for step in steps)


def test_a_socket_that_is_not_there_defers(tmp_path: Path) -> None:
    relay = Relay("localhost", protocol=Protocol.LMTP, socket_path=tmp_path / "lmtp")
    (receipt,) = send(relay, "ada")
    assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.CONNECT)
    assert "No such file" in receipt.text


def test_a_socket_is_not_encrypted(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="set tls: none"):
        Relay("localhost", tls=Tls.TLS, socket_path=tmp_path / "lmtp")


def test_a_server_that_speaks_only_smtp_is_not_taken_for_an_lmtp_one() -> None:
    with ScriptedSmtpServer() as server:
        (receipt,) = send(Relay(server.host, server.port, protocol=Protocol.LMTP), "ada")
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.EHLO)
        assert not any(line.startswith(("HELO", "MAIL")) for line in server.record.commands)


def test_a_354_for_nobody_ends_the_conversation() -> None:
    with ScriptedSmtpServer(Manners(is_lmtp=True, always_354=True)) as server:
        relay = Relay(server.host, server.port, protocol=Protocol.LMTP)
        receipts = send(relay, "550-5.1.1", "ada")
        assert [one.kind.value for one in receipts] == ["rejected", "accepted"]
        assert server.record.connections == 2


def test_a_server_that_others_wrote_is_understood() -> None:
    heard: list[bytes] = []

    class Mailbox:
        async def handle_DATA(self, _server: LMTP, _session: object, envelope: Heard) -> str:  # noqa: N802
            assert isinstance(envelope.content, bytes)
            heard.append(envelope.content)
            return "250 2.0.0 kept"

    async def deliver() -> Receipt:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: LMTP(Mailbox(), loop=loop), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport = SmtpTransport(Relay("127.0.0.1", port, protocol=Protocol.LMTP))
        receipt = await transport.deliver(letter("ada"), yes)
        await transport.close()
        server.close()
        return receipt

    assert asyncio.run(deliver()).kind is ReceiptKind.ACCEPTED
    assert heard == [b"Subject: x\r\n\r\n.body\r\n"]
