"""Several relays: who takes which letter, and what happens when one fails."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import pytest

from newsletter.errors import ConfigError, MessageError
from newsletter.model import EmailAddress, Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import BeginData
from newsletter.testing import FakeTransport
from newsletter.transports import RelayGroup, RelayShare

ACCEPTED = ReceiptKind.ACCEPTED
DEFERRED = ReceiptKind.DEFERRED
REJECTED = ReceiptKind.REJECTED
UNREACHABLE = Receipt(DEFERRED, SmtpPhase.CONNECT, text="refused; is a server listening there?")
WRONG_PASSWORD = Receipt(DEFERRED, SmtpPhase.AUTH, 535, "5.7.8 wrong password")


async def yes() -> bool:
    return True


def letter(name: str = "ada") -> Envelope:
    sender = EmailAddress("bounce@news.example")
    return Envelope(sender, EmailAddress(f"{name}@example.org"), b"Subject: x\r\n\r\nbody\r\n")


class Hop(FakeTransport):
    """A relay that answers all with `trouble` until it is mended."""

    def __init__(self, trouble: Receipt | None = None) -> None:
        super().__init__()
        self.trouble = trouble

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        if self.trouble is None:
            return await super().deliver(envelope, begin_data)
        self.offered.append(envelope)
        await asyncio.sleep(0)
        return self.trouble


class Stage:
    """Relays named a, b, … with the weights given, and a clock that is moved by hand."""

    def __init__(self, *hops: Hop, weights: Sequence[int] = (1, 1, 1)) -> None:
        self.hops = hops
        self.now_s = 1000.0
        shares = [
            RelayShare(name, hop, weight, connections=2)
            for name, hop, weight in zip("abc", hops, weights, strict=False)
        ]
        self.group = RelayGroup(shares, clock=lambda: self.now_s)

    def send(self, *letters: Envelope) -> list[Receipt]:
        """Hand letters over, one after the other."""

        async def deliver() -> list[Receipt]:
            return [await self.group.deliver(one, yes) for one in letters]

        return asyncio.run(deliver())

    def send_at_once(self, *letters: Envelope) -> list[Receipt]:
        async def deliver() -> list[Receipt]:
            return await asyncio.gather(*(self.group.deliver(one, yes) for one in letters))

        return asyncio.run(deliver())

    def offers(self) -> list[int]:
        return [len(hop.offered) for hop in self.hops]


def test_letters_are_shared_by_weight_and_the_receipt_names_the_relay() -> None:
    stage = Stage(Hop(), Hop(), weights=(3, 1))
    receipts = stage.send(*(letter() for _ in range(400)))
    assert Counter(one.relay for one in receipts) == {"a": 300, "b": 100}
    assert [one.relay for one in receipts[:4]] == ["a", "a", "b", "a"], "evenly, not in blocks"


@pytest.mark.parametrize(
    "refusal",
    [
        UNREACHABLE,
        WRONG_PASSWORD,
        Receipt(DEFERRED, SmtpPhase.GREETING, 554, "5.7.1 not you"),
        Receipt(DEFERRED, SmtpPhase.STARTTLS, text="offers no STARTTLS"),
        Receipt(DEFERRED, SmtpPhase.MAIL, 451, "4.3.0 try later"),
        Receipt(REJECTED, SmtpPhase.MAIL, text="too large", status="5.3.4"),
    ],
)
def test_a_letter_that_was_not_offered_goes_to_the_next_relay_in_the_same_try(
    refusal: Receipt,
) -> None:
    stage = Stage(Hop(refusal), Hop())
    (receipt,) = stage.send(letter())
    assert (receipt.kind, receipt.relay) == (ACCEPTED, "b")


@pytest.mark.parametrize(
    "answer",
    [
        Receipt(REJECTED, SmtpPhase.RCPT, 550, "5.1.1 no such user"),
        Receipt(DEFERRED, SmtpPhase.RCPT, 450, "4.2.1 mailbox busy"),
        Receipt(DEFERRED, SmtpPhase.DATA, 451, "later"),
        Receipt(DEFERRED, SmtpPhase.BODY, text="connection lost"),
        Receipt(REJECTED, SmtpPhase.END_OF_DATA, 554, "spam"),
        Receipt(ReceiptKind.UNCERTAIN, SmtpPhase.END_OF_DATA, text="connection lost"),
        Receipt(ReceiptKind.WITHHELD, SmtpPhase.BODY),
    ],
)
def test_what_was_said_about_the_letter_is_final_for_this_try(answer: Receipt) -> None:
    stage = Stage(Hop(answer), Hop())
    (receipt,) = stage.send(letter())
    assert (receipt.kind, receipt.relay) == (answer.kind, "a")
    assert stage.offers() == [1, 0]


def test_a_relay_that_failed_is_left_alone_for_a_growing_time() -> None:
    stage = Stage(Hop(UNREACHABLE), Hop())
    moments: list[float] = []
    for _ in range(700):
        before = stage.offers()[0]
        stage.send(letter(), letter())
        if stage.offers()[0] > before:
            moments.append(stage.now_s - 1000)
        stage.now_s += 1
    assert moments == [0, 1, 3, 7, 15, 31, 63, 127, 255, 511]
    assert {one.kind for one in stage.hops[1].receipts} == {ACCEPTED}


def test_the_rest_is_never_longer_than_five_minutes() -> None:
    stage = Stage(Hop(UNREACHABLE), Hop())
    for _ in range(30):
        stage.send(letter(), letter())
        stage.now_s += 300
    assert stage.offers()[0] == 30


def test_one_letter_probes_while_the_others_go_elsewhere() -> None:
    stage = Stage(Hop(UNREACHABLE), Hop())
    stage.send(letter())
    stage.now_s += 5
    receipts = stage.send_at_once(*(letter() for _ in range(10)))
    assert {one.kind for one in receipts} == {ACCEPTED}
    assert stage.offers()[0] == 2, "the first, and the probe"


def test_a_relay_that_is_back_gets_its_share_again() -> None:
    stage = Stage(Hop(UNREACHABLE), Hop())
    stage.send(letter())
    stage.hops[0].trouble = None
    stage.now_s += 2
    receipts = stage.send(*(letter() for _ in range(11)))
    assert Counter(one.relay for one in receipts)["a"] >= 5


def test_many_letters_that_fail_together_count_as_one_failure() -> None:
    stage = Stage(Hop(UNREACHABLE), Hop())
    stage.send_at_once(*(letter() for _ in range(6)))
    assert stage.offers()[0] == 3
    stage.now_s += 1.5
    stage.hops[0].trouble = None
    receipts = stage.send(letter(), letter())
    assert {one.relay for one in receipts} == {"a", "b"}, "it rested one second, not four"


def test_where_no_relay_can_be_reached_the_letter_waits_with_the_last_reason() -> None:
    busy = Receipt(DEFERRED, SmtpPhase.GREETING, 421, "4.3.2 too busy")
    stage = Stage(Hop(UNREACHABLE), Hop(busy))
    (receipt,) = stage.send(letter())
    assert (receipt.kind, receipt.code, receipt.relay) == (DEFERRED, 421, "b")


def test_an_only_relay_that_was_out_of_reach_is_found_again_at_once() -> None:
    stage = Stage(Hop(UNREACHABLE))
    assert stage.send(letter())[0].kind is DEFERRED
    stage.hops[0].trouble = None
    assert stage.send(letter())[0].kind is ACCEPTED


def test_an_only_relay_that_is_out_of_reach_is_asked_by_one_letter_at_a_time() -> None:
    stage = Stage(Hop(UNREACHABLE))
    stage.send(letter())
    receipts = stage.send_at_once(*(letter() for _ in range(50)))
    assert {one.kind for one in receipts} == {DEFERRED}
    assert stage.offers() == [2]


def test_a_relay_that_refuses_our_password_is_not_asked_again_for_every_letter() -> None:
    stage = Stage(Hop(WRONG_PASSWORD))
    receipts = stage.send(*(letter() for _ in range(50)))
    assert stage.offers() == [1], "some servers lock an account after a few wrong passwords"
    assert {one.code for one in receipts} == {535}
    stage.now_s += 31
    stage.send(letter())
    assert stage.offers() == [2]


def test_a_letter_too_large_for_all_is_rejected_but_not_while_one_could_still_take_it() -> None:
    too_large = Receipt(REJECTED, SmtpPhase.MAIL, text="too large", status="5.3.4")
    assert Stage(Hop(too_large), Hop(too_large)).send(letter())[0].kind is REJECTED
    assert Stage(Hop(too_large), Hop(UNREACHABLE)).send(letter())[0].kind is DEFERRED
    stage = Stage(Hop(too_large), Hop(WRONG_PASSWORD))
    assert {one.kind for one in stage.send(letter(), letter(), letter())} == {DEFERRED}


def test_letters_of_a_relay_that_does_not_keep_up_go_to_those_with_room() -> None:
    class Slow(Hop):
        async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
            self.offered.append(envelope)
            await held.wait()
            return await super().deliver(envelope, begin_data)

    async def deliver() -> Counter[str]:
        first = [asyncio.create_task(stage.group.deliver(letter(), yes)) for _ in range(20)]
        while len(stage.hops[1].receipts) < 16:  # noqa: ASYNC110 - the relay counts, it sets no event
            await asyncio.sleep(0)
        held.set()
        return Counter([receipt.relay for receipt in await asyncio.gather(*first)])

    held = asyncio.Event()
    stage = Stage(Slow(), Hop(), weights=(9, 1))
    assert asyncio.run(asyncio.wait_for(deliver(), 10)) == {"a": 4, "b": 16}


def test_an_error_of_ours_says_nothing_about_the_relay() -> None:
    class Broken(Hop):
        async def deliver(self, envelope: Envelope, _: BeginData) -> Receipt:
            self.offered.append(envelope)
            message = "a line end in an address"
            raise MessageError(message)

    stage = Stage(Broken())
    for _ in range(2):
        with pytest.raises(MessageError):
            stage.send(letter())
    assert stage.offers() == [2]


def test_a_probe_that_breaks_off_on_our_side_lets_the_next_letter_probe() -> None:
    class Broken(Hop):
        async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
            if len(self.offered) == 1:
                self.offered.append(envelope)
                message = "disk full"
                raise OSError(message)
            return await super().deliver(envelope, begin_data)

    stage = Stage(Broken(UNREACHABLE))
    stage.send(letter())
    with pytest.raises(OSError, match="disk full"):
        stage.send(letter())
    stage.hops[0].trouble = None
    assert stage.send(letter())[0].kind is ACCEPTED


def test_all_relays_are_closed() -> None:
    stage = Stage(Hop(), Hop())
    asyncio.run(stage.group.close())
    assert [hop.is_closed for hop in stage.hops] == [True, True]


def test_relays_that_hang_at_the_farewell_cost_all_together_no_more_than_a_moment() -> None:
    class Hanging(Hop):
        async def close(self) -> None:
            try:
                await asyncio.sleep(60)
            finally:
                self.is_closed = True

    stage = Stage(Hanging(), Hanging(), Hanging())
    begun = time.monotonic()
    asyncio.run(stage.group.close())
    assert time.monotonic() - begun < 4
    assert [hop.is_closed for hop in stage.hops] == [True, True, True]


def test_the_receipt_of_the_relay_that_took_a_letter_names_the_refusals_of_the_others() -> None:
    stage = Stage(Hop(WRONG_PASSWORD), Hop(UNREACHABLE), Hop())
    (receipt,) = stage.send(letter())
    assert (receipt.kind, receipt.relay) == (ACCEPTED, "c")
    assert [(one.relay, one.code) for one in receipt.before] == [("a", 535), ("b", 0)]


def test_what_all_refused_is_told_of_each_once() -> None:
    stage = Stage(Hop(WRONG_PASSWORD), Hop(UNREACHABLE))
    (receipt,) = stage.send(letter())
    assert receipt.relay == "b"
    assert [one.relay for one in receipt.before] == ["a"]


def test_the_group_knows_how_many_connections_it_may_hold() -> None:
    assert Stage(Hop(), Hop()).group.connections == 4


@pytest.mark.parametrize(
    "shares",
    [
        (),
        (RelayShare("a", FakeTransport(), weight=0),),
        (RelayShare("a", FakeTransport(), connections=0),),
    ],
)
def test_relays_that_cannot_share_are_an_error_of_the_settings(
    shares: tuple[RelayShare, ...],
) -> None:
    with pytest.raises(ConfigError, match="relays: "):
        RelayGroup(shares)
