"""The same with a server that others wrote."""

import asyncio

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Heard

from newsletter.model import EmailAddress, Envelope, Receipt, SmtpPhase
from newsletter.transports import Relay, SmtpTransport


class Mailbox:
    """Keeps what it hears; refuses nobody@example.org."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: object, envelope: Heard, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Heard) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.heard.append((envelope.mail_from or "", envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 kept"


async def yes() -> bool:
    return True


async def send_to(mailbox: Mailbox, *envelopes: Envelope) -> list[Receipt]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, hostname="test.example", loop=loop), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    transport = SmtpTransport(Relay("127.0.0.1", port), connections=2)
    receipts = await asyncio.gather(*(transport.deliver(one, yes) for one in envelopes))
    await transport.close()
    server.close()
    return receipts


def test_letters_arrive_unchanged_and_a_refusal_names_its_phase() -> None:
    mailbox = Mailbox()
    sender = EmailAddress("bounce@news.example")
    message = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n" + b"a line of text\r\n" * 2_000

    names = ("ada", "nobody", "bob", "eve")
    envelopes = [Envelope(sender, EmailAddress(f"{name}@example.org"), message) for name in names]
    receipts = asyncio.run(send_to(mailbox, *envelopes))
    kinds = [receipt.kind.value for receipt in receipts]
    assert kinds == ["accepted", "rejected", "accepted", "accepted"]
    assert receipts[1].phase is SmtpPhase.RCPT
    assert sorted(recipients for _, recipients, _ in mailbox.heard) == [
        ["ada@example.org"],
        ["bob@example.org"],
        ["eve@example.org"],
    ]
    assert {content for _, _, content in mailbox.heard} == {message}
