"""What every transport promises, whether it is real or a fake."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import Transport
from newsletter.testing import FakeTransport, Manners, ScriptedSmtpServer
from newsletter.transports import Protocol, Relay, RelayGroup, RelayShare, SmtpTransport

Setting = tuple[Transport, Callable[[], tuple[Envelope, ...]]]
Open = Callable[[], AbstractAsyncContextManager[Setting]]

MESSAGE = b"Subject: three papers\r\n\r\n.a line with a dot\r\n..and one with two\r\n.\r\nend\r\n"


@asynccontextmanager
async def fake() -> AsyncIterator[Setting]:
    transport = FakeTransport()
    yield transport, lambda: tuple(transport.delivered)


@asynccontextmanager
async def over_smtp() -> AsyncIterator[Setting]:
    with ScriptedSmtpServer() as server:
        transport = SmtpTransport(Relay(server.host, server.port), connections=3)
        yield transport, lambda: server.envelopes
        await transport.close()


@asynccontextmanager
async def over_lmtp() -> AsyncIterator[Setting]:
    with ScriptedSmtpServer(Manners(is_lmtp=True)) as server:
        relay = Relay(server.host, server.port, protocol=Protocol.LMTP)
        transport = SmtpTransport(relay, connections=3)
        yield transport, lambda: server.envelopes
        await transport.close()


@asynccontextmanager
async def over_two_relays() -> AsyncIterator[Setting]:
    with ScriptedSmtpServer() as one, ScriptedSmtpServer() as two:
        shares = [
            RelayShare(
                f"{server.port}", SmtpTransport(Relay(server.host, server.port)), connections=3
            )
            for server in (one, two)
        ]
        transport = RelayGroup(shares)
        yield transport, lambda: (*one.envelopes, *two.envelopes)
        await transport.close()


@pytest.fixture(
    params=[fake, over_smtp, over_lmtp, over_two_relays], ids=["fake", "smtp", "lmtp", "relays"]
)
def setting(request: pytest.FixtureRequest) -> Open:
    chosen: Open = request.param
    return chosen


class Permission:
    """Counts how often the final dot was asked for."""

    def __init__(self, *, granted: bool = True) -> None:
        self._granted = granted
        self.asked = 0

    async def __call__(self) -> bool:
        self.asked += 1
        return self._granted


def to(recipient: str, sender: str = "bounce@news.example") -> Envelope:
    return Envelope(EmailAddress(sender), EmailAddress(recipient), MESSAGE)


def receipt_for(open_setting: Open, envelope: Envelope, permission: Permission) -> Receipt:
    async def deliver() -> Receipt:
        async with open_setting() as (transport, _):
            return await transport.deliver(envelope, permission)

    return asyncio.run(deliver())


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())


def test_an_accepted_envelope_arrives_unchanged(setting: Open) -> None:
    async def work() -> None:
        async with setting() as (transport, arrived):
            receipt = await transport.deliver(to("ada@example.org"), Permission())
            assert receipt.kind is ReceiptKind.ACCEPTED
            assert receipt.phase is SmtpPhase.END_OF_DATA
            assert arrived() == (to("ada@example.org"),)

    run(work)


def test_the_permission_for_the_final_dot_is_asked_once(setting: Open) -> None:
    permission = Permission()
    receipt_for(setting, to("ada@example.org"), permission)
    assert permission.asked == 1


def test_without_permission_nothing_arrives(setting: Open) -> None:
    async def work() -> None:
        async with setting() as (transport, arrived):
            receipt = await transport.deliver(to("ada@example.org"), Permission(granted=False))
            assert receipt.kind is ReceiptKind.WITHHELD
            after = await transport.deliver(to("eve@example.org"), Permission())
            assert after.kind is ReceiptKind.ACCEPTED
            assert [one.recipient for one in arrived()] == ["eve@example.org"]

    run(work)


@pytest.mark.parametrize(
    ("recipient", "kind", "phase", "code"),
    [
        ("550-at-rcpt@example.org", ReceiptKind.REJECTED, SmtpPhase.RCPT, 550),
        ("450-at-rcpt@example.org", ReceiptKind.DEFERRED, SmtpPhase.RCPT, 450),
        ("552-at-rcpt@example.org", ReceiptKind.DEFERRED, SmtpPhase.RCPT, 552),
        ("535-at-rcpt@example.org", ReceiptKind.DEFERRED, SmtpPhase.RCPT, 535),
        ("421-at-rcpt@example.org", ReceiptKind.DEFERRED, SmtpPhase.RCPT, 421),
        ("drop-at-rcpt@example.org", ReceiptKind.DEFERRED, SmtpPhase.RCPT, 0),
        ("garbage-at-rcpt@example.org", ReceiptKind.DEFERRED, SmtpPhase.RCPT, 0),
        ("451-at-data@example.org", ReceiptKind.DEFERRED, SmtpPhase.DATA, 451),
        ("554-at-data@example.org", ReceiptKind.REJECTED, SmtpPhase.DATA, 554),
        ("endless-at-data@example.org", ReceiptKind.DEFERRED, SmtpPhase.DATA, 0),
        ("drop-at-data@example.org", ReceiptKind.DEFERRED, SmtpPhase.DATA, 0),
    ],
)
def test_a_refusal_before_the_body_names_its_phase(
    setting: Open, recipient: str, kind: ReceiptKind, phase: SmtpPhase, code: int
) -> None:
    permission = Permission()
    receipt = receipt_for(setting, to(recipient), permission)
    assert (receipt.kind, receipt.phase, receipt.code) == (kind, phase, code)
    assert permission.asked == 0


@pytest.mark.parametrize(
    ("recipient", "kind", "code"),
    [
        ("451-at-end@example.org", ReceiptKind.DEFERRED, 451),
        ("554-at-end@example.org", ReceiptKind.REJECTED, 554),
        ("421-at-end@example.org", ReceiptKind.DEFERRED, 421),
        ("drop-at-end@example.org", ReceiptKind.UNCERTAIN, 0),
        ("garbage-at-end@example.org", ReceiptKind.UNCERTAIN, 0),
    ],
)
def test_after_the_final_dot_silence_is_uncertain(
    setting: Open, recipient: str, kind: ReceiptKind, code: int
) -> None:
    permission = Permission()
    receipt = receipt_for(setting, to(recipient), permission)
    assert (receipt.kind, receipt.phase) == (kind, SmtpPhase.END_OF_DATA)
    assert receipt.code == code
    assert permission.asked == 1


def test_a_refused_sender_defers_the_message(setting: Open) -> None:
    receipt = receipt_for(setting, to("ada@example.org", "451-at-mail@news.example"), Permission())
    assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.MAIL)


def test_one_refused_envelope_does_not_hold_up_the_others(setting: Open) -> None:
    names = [
        "ada",
        "550-at-rcpt.a",
        "bob",
        "drop-at-end.b",
        "eve",
        "451-at-data.c",
        "554-at-end.d",
        "zoe",
    ]

    async def work() -> None:
        async with setting() as (transport, arrived):
            envelopes = [to(f"{name}@example.org") for name in names]
            tries = (transport.deliver(envelope, Permission()) for envelope in envelopes)
            receipts = await asyncio.gather(*tries)
            taken = [receipt.kind is ReceiptKind.ACCEPTED for receipt in receipts]
            assert taken == [True, False, True, False, True, False, False, True]
            assert sorted(one.recipient.partition("@")[0] for one in arrived()) == [
                "ada",
                "bob",
                "eve",
                "zoe",
            ]

    run(work)
