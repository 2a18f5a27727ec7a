"""What the transport makes of every fault that the misbehaving server knows."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.testing import FakeTransport, Manners, ScriptedSmtpServer, fault_of
from newsletter.transports import Relay, SmtpTransport, Timeouts

BRIEF = timedelta(seconds=1)
TIMEOUTS = Timeouts(greeting=BRIEF, command=BRIEF, data=BRIEF, end_of_data=timedelta(seconds=1))
MESSAGE = b"Subject: x\r\n\r\n" + b"a line\r\n" * 40

FAULTS = {
    "550-5.1.1": "rejected at rcpt, 0 taken",
    "450": "deferred at rcpt, 0 taken",
    "552": "deferred at rcpt, 0 taken",
    "554-5.7.1": "deferred at rcpt, 0 taken",
    "530-at-rcpt": "deferred at rcpt, 0 taken",
    "421-at-rcpt": "deferred at rcpt, 0 taken",
    "421-at-data": "deferred at data, 0 taken",
    "421-at-end": "deferred at end-of-data, 0 taken",
    "452-at-data": "deferred at data, 0 taken",
    "554-at-data": "rejected at data, 0 taken",
    "452-4.2.2-at-end": "deferred at end-of-data, 0 taken",
    "552-5.2.2-at-end": "rejected at end-of-data, 0 taken",
    "554-5.7.1-at-end": "deferred at end-of-data, 0 taken",
    "drop-at-rcpt": "deferred at rcpt, 0 taken",
    "drop-at-data": "deferred at data, 0 taken",
    "drop-at-end": "uncertain at end-of-data, 0 taken",
    "silent-at-rcpt": "deferred at rcpt, 0 taken",
    "silent-at-data": "deferred at data, 0 taken",
    "garbage-at-rcpt": "deferred at rcpt, 0 taken",
    "garbage-at-data": "deferred at data, 0 taken",
    "garbage-at-end": "uncertain at end-of-data, 0 taken",
    "endless-at-rcpt": "deferred at rcpt, 0 taken",
    "endless-at-end": "uncertain at end-of-data, 0 taken",
    "overlong-at-rcpt": "deferred at rcpt, 0 taken",
    "shifting-at-rcpt": "deferred at rcpt, 0 taken",
    "shifting-at-end": "uncertain at end-of-data, 0 taken",
    "cut-at-data": "deferred at data, 0 taken",
    "cut-at-end": "uncertain at end-of-data, 0 taken",
    "odd-at-rcpt": "deferred at rcpt, 0 taken",
    "odd-at-data": "deferred at data, 0 taken",
    "odd-at-end": "uncertain at end-of-data, 0 taken",
    "extra-at-rcpt": "deferred at data, 0 taken",
    "greylist-1": "deferred at rcpt, 0 taken",
    "lost-ack": "uncertain at end-of-data, 1 taken",
    "slow-ack": "accepted at end-of-data, 1 taken",
    "close-after-ack": "accepted at end-of-data, 1 taken",
    "421-after-ack": "accepted at end-of-data, 1 taken",
    "tarpit": "accepted at end-of-data, 1 taken",
    "multiline": "accepted at end-of-data, 1 taken",
    "nonascii-reply": "accepted at end-of-data, 1 taken",
    "bare-reply": "accepted at end-of-data, 1 taken",
    "linefeed-reply": "accepted at end-of-data, 1 taken",
}
EXTENSIONS = {"pipelined": ("PIPELINING", "SIZE 1000000"), "step by step": ("SIZE 1000000",)}


async def yes() -> bool:
    return True


def letter(name: str, sender: str = "bounce") -> Envelope:
    return Envelope(
        EmailAddress(f"{sender}@news.example"), EmailAddress(f"{name}.x@example.org"), MESSAGE
    )


def send(relay: Relay, *letters: Envelope) -> list[Receipt]:
    async def deliver() -> list[Receipt]:
        transport = SmtpTransport(relay, connections=1, timeouts=TIMEOUTS)
        receipts = [await transport.deliver(one, yes) for one in letters]
        await transport.close()
        return receipts

    return asyncio.run(deliver())


def told(receipt: Receipt, taken: int) -> str:
    return f"{receipt.kind} at {receipt.phase}, {taken} taken"


@pytest.mark.parametrize("way", EXTENSIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_as_it_should_and_the_next_letter_goes_out(fault: str, way: str) -> None:
    with ScriptedSmtpServer(Manners(EXTENSIONS[way])) as server:
        relay = Relay(server.host, server.port)
        receipt, following = send(relay, letter(fault), letter("ada"))
        taken = server.record.accepted[letter(fault).recipient].total()
        assert told(receipt, taken) == FAULTS[fault]
        assert following.kind is ReceiptKind.ACCEPTED
        assert server.record.tries == {letter(fault).recipient: 1, letter("ada").recipient: 1}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fake_transport_goes_wrong_in_the_same_way(fault: str) -> None:
    transport = FakeTransport()
    receipt = asyncio.run(transport.deliver(letter(fault), yes))
    assert told(receipt, len(transport.delivered)) == FAULTS[fault]


@pytest.mark.parametrize("fault", ["early-reply", "early-552", "early-250"])
def test_an_answer_before_the_final_dot_is_never_taken_for_success(fault: str) -> None:
    with ScriptedSmtpServer(Manners(("PIPELINING",))) as server:
        large = replace(letter(fault), message=MESSAGE * 50_000)
        (receipt,) = send(Relay(server.host, server.port), large)
        assert receipt.phase is SmtpPhase.BODY
        assert receipt.kind is not ReceiptKind.ACCEPTED
        assert not server.record.accepted


@pytest.mark.parametrize("way", EXTENSIONS)
def test_a_large_letter_that_breaks_off_before_its_dot_left_us_is_not_uncertain(way: str) -> None:
    extensions = [one for one in EXTENSIONS[way] if not one.startswith("SIZE")]
    with ScriptedSmtpServer(Manners(tuple(extensions))) as server:
        large = replace(letter("drop-at-body"), message=MESSAGE * 50_000)
        (receipt,) = send(Relay(server.host, server.port), large)
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.BODY)


@pytest.mark.parametrize(
    "fault", ["421", "451", "550-5.1.8", "drop", "silent", "garbage", "odd", "cut"]
)
def test_a_fault_at_the_sender_defers_and_blames_no_recipient(fault: str) -> None:
    with ScriptedSmtpServer() as server:
        (receipt,) = send(Relay(server.host, server.port), letter("ada", f"{fault}-at-mail"))
        assert (receipt.kind, receipt.phase) == (ReceiptKind.DEFERRED, SmtpPhase.MAIL)
        assert not server.record.accepted


def test_a_fault_may_be_over_after_some_tries() -> None:
    with ScriptedSmtpServer() as server:
        again = [letter("greylist-2")] * 3 + [letter("drop-at-data-1")] * 2
        kinds = [one.kind.value for one in send(Relay(server.host, server.port), *again)]
        assert kinds == ["deferred", "deferred", "accepted", "deferred", "accepted"]


def test_the_answer_to_an_extra_reply_is_never_put_down_to_another_letter() -> None:
    names = ["extra-at-rcpt", "550-5.1.1", "ada", "lost-ack", "bob"]
    with ScriptedSmtpServer() as server:
        receipts = send(Relay(server.host, server.port), *(letter(name) for name in names))
        kinds = [one.kind.value for one in receipts]
        assert kinds == ["deferred", "rejected", "accepted", "uncertain", "accepted"]


@pytest.mark.parametrize(
    ("manners", "phase", "code"),
    [
        (Manners(greeting=""), SmtpPhase.GREETING, 0),
        (Manners(greeting="554 5.7.1 not you"), SmtpPhase.GREETING, 554),
        (Manners(greeting="421 4.3.2 later"), SmtpPhase.GREETING, 421),
        (Manners(greeting_delay_s=5), SmtpPhase.GREETING, 0),
        (Manners(needs_login=True), SmtpPhase.MAIL, 530),
    ],
)
def test_a_server_that_lets_nobody_in_defers(manners: Manners, phase: SmtpPhase, code: int) -> None:
    with ScriptedSmtpServer(manners) as server:
        (receipt,) = send(Relay(server.host, server.port), letter("ada"))
        assert (receipt.kind, receipt.phase, receipt.code) == (ReceiptKind.DEFERRED, phase, code)


def test_a_server_that_allows_few_connections_defers_what_is_too_many() -> None:
    async def deliver(server: ScriptedSmtpServer) -> list[Receipt]:
        transport = SmtpTransport(Relay(server.host, server.port), connections=4)
        letters = [letter(f"slow-ack.{n}") for n in range(8)]
        receipts = await asyncio.gather(*(transport.deliver(one, yes) for one in letters))
        await transport.close()
        return receipts

    with ScriptedSmtpServer(Manners(most_connections=2)) as server:
        receipts = asyncio.run(deliver(server))
        refused = [one for one in receipts if one.kind is not ReceiptKind.ACCEPTED]
        assert {(one.phase, one.code) for one in refused} == {(SmtpPhase.GREETING, 421)}
        assert server.record.accepted.keys() >= {"slow-ack.0.x@example.org"}


def test_a_connection_carries_only_so_many_letters() -> None:
    with ScriptedSmtpServer() as server:
        relay = Relay(server.host, server.port, messages_per_connection=3)
        receipts = send(relay, *(letter(f"r{n}") for n in range(7)))
        assert {one.kind for one in receipts} == {ReceiptKind.ACCEPTED}
        assert server.record.connections == 3


@pytest.mark.parametrize("name", ["ada", "550ada", "550x", "drop", "greylist-", "tarpits"])
def test_other_addresses_ask_for_no_fault(name: str) -> None:
    assert fault_of(f"{name}@example.org") is None
