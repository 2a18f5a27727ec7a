"""Conversations with servers that are good, old, strict, tired or hostile."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from newsletter.errors import MessageError
from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.testing import Manners, ScriptedSmtpServer
from newsletter.transports import Relay, SmtpTransport, Timeouts

BRIEF = timedelta(seconds=1)
ACCEPTED = ReceiptKind.ACCEPTED


async def yes() -> bool:
    return True


def letter(recipient: str, message: bytes = b"Subject: x\r\n\r\nbody\r\n") -> Envelope:
    sender = EmailAddress("bounce@news.example")
    return Envelope(sender, EmailAddress(f"{recipient}@example.org"), message)


def send(
    server: ScriptedSmtpServer,
    *letters: Envelope,
    connections: int = 1,
    timeouts: Timeouts | None = None,
) -> list[Receipt]:
    async def deliver() -> list[Receipt]:
        relay = Relay(server.host, server.port)
        transport = SmtpTransport(relay, connections=connections, timeouts=timeouts)
        receipts = await asyncio.gather(*(transport.deliver(one, yes) for one in letters))
        await transport.close()
        return receipts

    return asyncio.run(deliver())


def kinds(receipts: Sequence[Receipt]) -> list[ReceiptKind]:
    return [receipt.kind for receipt in receipts]


def test_many_letters_share_a_few_connections() -> None:
    with ScriptedSmtpServer() as server:
        receipts = send(server, *(letter(f"r{n}") for n in range(40)), connections=4)
        assert set(kinds(receipts)) == {ACCEPTED}
        assert len(server.envelopes) == 40
        assert server.record.connections == server.record.most_open == 4
        assert server.record.commands.count("QUIT") == 4


def test_commands_go_out_together_where_the_server_can() -> None:
    # Given a server that answers MAIL only after it heard DATA
    with ScriptedSmtpServer(Manners(holds_replies=True)) as server:
        assert kinds(send(server, letter("ada"), letter("550-at-rcpt"), letter("bob"))) == [
            ACCEPTED,
            ReceiptKind.REJECTED,
            ACCEPTED,
        ]


def test_an_old_server_is_asked_step_by_step() -> None:
    with ScriptedSmtpServer(Manners(extensions=())) as server:
        receipts = send(
            server, letter("550-at-rcpt"), letter("ada"), letter("451-at-data"), letter("eve")
        )
        assert kinds(receipts) == [
            ReceiptKind.REJECTED,
            ACCEPTED,
            ReceiptKind.DEFERRED,
            ACCEPTED,
        ]
        assert server.record.connections == 1
        assert "MAIL FROM:<bounce@news.example>" in server.record.commands


def test_a_refusal_leaves_the_connection_usable() -> None:
    with ScriptedSmtpServer() as server:
        refused = [
            letter(f"{fault}.{n}")
            for n, fault in enumerate(["550-at-rcpt", "554-at-data", "451-at-end"])
        ]
        receipts = send(server, *refused, letter("ada"))
        assert receipts[-1].kind is ACCEPTED
        assert server.record.connections == 1


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    with ScriptedSmtpServer(Manners(messages_per_connection=1)) as server:
        assert set(kinds(send(server, *(letter(f"r{n}") for n in range(5))))) == {ACCEPTED}
        assert len(server.envelopes) == 5


def test_a_connection_that_is_not_used_is_closed() -> None:
    async def deliver(server: ScriptedSmtpServer) -> None:
        relay = Relay(server.host, server.port)
        transport = SmtpTransport(relay, timeouts=Timeouts(idle=timedelta(0)))
        await transport.deliver(letter("ada"), yes)
        while server.record.open:  # noqa: ASYNC110 - another thread counts
            await asyncio.sleep(0)
        await transport.close()

    with ScriptedSmtpServer() as server:
        asyncio.run(asyncio.wait_for(deliver(server), 5))


def test_a_large_message_arrives_octet_by_octet() -> None:
    message = b"Subject: x\r\n\r\n" + b"".join(b".%d\r\n" % n for n in range(90_000))
    with ScriptedSmtpServer() as server:
        (receipt,) = send(server, letter("ada", message))
        assert receipt.kind is ACCEPTED
        assert server.envelopes[0].message == message


def test_a_withheld_message_is_never_finished() -> None:
    async def no() -> bool:
        return False

    async def deliver(server: ScriptedSmtpServer) -> Receipt:
        transport = SmtpTransport(Relay(server.host, server.port))
        receipt = await transport.deliver(letter("ada"), no)
        while not server.record.unfinished:  # noqa: ASYNC110 - another thread counts
            await asyncio.sleep(0)
        await transport.close()
        return receipt

    with ScriptedSmtpServer() as server:
        receipt = asyncio.run(asyncio.wait_for(deliver(server), 5))
        assert receipt.kind is ReceiptKind.WITHHELD
        assert server.envelopes == ()


def test_a_ledger_that_fails_stops_the_message_too() -> None:
    async def broken() -> bool:
        message = "disk full"
        raise OSError(message)

    async def deliver(server: ScriptedSmtpServer) -> None:
        transport = SmtpTransport(Relay(server.host, server.port))
        with pytest.raises(OSError, match="disk full"):
            await transport.deliver(letter("ada"), broken)
        await transport.close()

    with ScriptedSmtpServer() as server:
        asyncio.run(deliver(server))
        assert server.envelopes == ()


@pytest.mark.parametrize(
    ("recipient", "kind", "phase"),
    [
        ("silent-at-rcpt", ReceiptKind.DEFERRED, SmtpPhase.RCPT),
        ("silent-at-data", ReceiptKind.DEFERRED, SmtpPhase.DATA),
        ("silent-at-end", ReceiptKind.UNCERTAIN, SmtpPhase.END_OF_DATA),
    ],
)
def test_a_server_that_falls_silent_is_left(
    recipient: str, kind: ReceiptKind, phase: SmtpPhase
) -> None:
    timeouts = Timeouts(command=BRIEF, data=BRIEF, end_of_data=BRIEF)
    with ScriptedSmtpServer() as server:
        (receipt,) = send(server, letter(recipient), timeouts=timeouts)
        assert (receipt.kind, receipt.phase) == (kind, phase)
        assert "kept us waiting" in receipt.text


@pytest.mark.parametrize(
    ("greeting", "phase", "text"),
    [
        ("554 5.7.1 not you", SmtpPhase.GREETING, "not you"),
        ("421 too busy", SmtpPhase.GREETING, "too busy"),
        ("SSH-2.0-OpenSSH", SmtpPhase.GREETING, "does not speak SMTP"),
        ("354 what", SmtpPhase.GREETING, "unexpected reply 354"),
    ],
)
def test_a_server_that_does_not_greet_defers(greeting: str, phase: SmtpPhase, text: str) -> None:
    with ScriptedSmtpServer(Manners(greeting=greeting)) as server:
        (receipt,) = send(server, letter("ada"))
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, phase)
        assert text in receipt.text


def test_a_relay_that_is_not_there_defers_and_says_so() -> None:
    with ScriptedSmtpServer() as server:
        pass
    (receipt,) = send(server, letter("ada"))
    assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.CONNECT)
    assert "is a server listening there?" in receipt.text


def test_nothing_is_said_for_an_address_that_smuggles_a_command() -> None:
    async def deliver(server: ScriptedSmtpServer) -> None:
        transport = SmtpTransport(Relay(server.host, server.port))
        with pytest.raises(MessageError):
            await transport.deliver(letter("ada>\r\nRCPT TO:<eve"), yes)

    with ScriptedSmtpServer() as server:
        asyncio.run(deliver(server))
        assert server.record.connections == 0


def test_a_message_over_the_limit_is_rejected_before_it_is_sent() -> None:
    with ScriptedSmtpServer(Manners(extensions=("SIZE 100",))) as server:
        receipts = send(server, letter("ada", b"A: b\r\n" * 100), letter("bob"))
        assert kinds(receipts) == [ReceiptKind.REJECTED, ACCEPTED]
        assert not any("ada" in command for command in server.record.commands)


def test_a_transport_can_be_used_again_after_it_was_closed() -> None:
    async def deliver(server: ScriptedSmtpServer) -> list[Receipt]:
        transport = SmtpTransport(Relay(server.host, server.port))
        receipts = []
        for name in ("ada", "bob"):
            receipts.append(await transport.deliver(letter(name), yes))
            await transport.close()
        return receipts

    with ScriptedSmtpServer() as server:
        assert kinds(asyncio.run(deliver(server))) == [ACCEPTED, ACCEPTED]


def test_a_server_that_knows_no_ehlo_is_greeted_the_old_way() -> None:
    with ScriptedSmtpServer(Manners(knows_ehlo=False)) as server:
        assert kinds(send(server, letter("ada"))) == [ACCEPTED]
        assert [command.split()[0] for command in server.record.commands[:3]] == [
            "EHLO",
            "HELO",
            "MAIL",
        ]


def test_a_354_for_nobody_is_answered_with_nothing() -> None:
    with ScriptedSmtpServer(Manners(always_354=True)) as server:
        receipts = send(server, letter("550-at-rcpt"), letter("ada"))
        assert kinds(receipts) == [ReceiptKind.REJECTED, ACCEPTED]
        assert [one.recipient for one in server.envelopes] == ["ada@example.org"]
        assert server.record.connections == 1


def test_a_server_that_refuses_in_the_middle_is_not_sent_the_dot() -> None:
    asked: list[bool] = []

    async def permit() -> bool:
        asked.append(True)
        return True

    async def deliver(server: ScriptedSmtpServer) -> Receipt:
        transport = SmtpTransport(Relay(server.host, server.port))
        large = letter("early-452", b"Subject: x\r\n\r\n" + b"a line of text\r\n" * 2_000_000)
        receipt = await transport.deliver(large, permit)
        await transport.close()
        return receipt

    with ScriptedSmtpServer(Manners(extensions=("PIPELINING",))) as server:
        receipt = asyncio.run(deliver(server))
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.BODY)
        assert receipt.code == 452
        assert asked == []


def test_a_connection_in_use_while_the_transport_closes_is_not_kept() -> None:
    async def deliver(server: ScriptedSmtpServer) -> Receipt:
        transport = SmtpTransport(Relay(server.host, server.port))

        async def close_first() -> bool:
            await transport.close()
            return True

        receipt = await transport.deliver(letter("ada"), close_first)
        while server.record.open:  # noqa: ASYNC110 - another thread counts
            await asyncio.sleep(0)
        return receipt

    with ScriptedSmtpServer() as server:
        receipt = asyncio.run(asyncio.wait_for(deliver(server), 5))
        assert receipt.kind is ACCEPTED
