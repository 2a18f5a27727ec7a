"""DELIVER keeps to the pace, and learns from what the other side says: with simulated time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from newsletter.model import (
    Dressing,
    EmailAddress,
    Envelope,
    Letterhead,
    Limits,
    OutboxState,
    Receipt,
    SmtpPhase,
    SubscriptionEvent,
    SuppressionCause,
)
from newsletter.ports import BeginData
from newsletter.rules.addresses import Secrets, address_key
from newsletter.rules.retry import classify
from newsletter.rules.throttle import EVERYTHING, domain_lane, is_open, relay_lane
from newsletter.testing import FakeClock, FakeRenderer, FakeTransport
from newsletter.testing.lanes import FakePaceClock, MemoryLanes
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, LETTERHEAD, make_plan, make_slot
from newsletter.testing.stores import OneContentStore
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.workflows import (
    DeliverOrder,
    DeliverPorts,
    Press,
    Traffic,
    deliver,
    lane_alarms,
)

NOW = FIRST_SLOT_AT
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
REFUSED = classify(SmtpPhase.RCPT, 550, "5.7.1 not from you")
UNKNOWN = classify(SmtpPhase.RCPT, 550, "5.1.1 no such user")
NO_LOGIN = replace(classify(SmtpPhase.AUTH, 535, "5.7.8 wrong password"), relay="smtp:587")


@dataclass
class Server(FakeTransport):
    """Answers as its rule says for each recipient, else takes the letter; remembers when."""

    time: FakePaceClock
    rule: Callable[[EmailAddress], Receipt | None] = lambda _: None
    heard: list[tuple[datetime, str]] = field(default_factory=list)
    delay: Callable[[EmailAddress], timedelta] = lambda _: timedelta()
    before: tuple[Receipt, ...] = ()
    """What another relay says each time, before this one is asked."""

    def __post_init__(self) -> None:
        super().__init__()

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        self.heard.append((self.time.now(), envelope.recipient))
        if patience := self.delay(envelope.recipient):
            await self.time.sleep(patience)
        said = self.rule(envelope.recipient)
        receipt = said or await super().deliver(envelope, begin_data)
        return replace(receipt, relay="b:25", before=self.before) if self.before else receipt

    def heard_for(self, text: str) -> list[str]:
        return [recipient for _, recipient in self.heard if text in recipient]


class Post:
    """Letters to these addresses, and all that delivers them."""

    def __init__(
        self,
        *addresses: str,
        limits: Limits | None = None,
        relays: int = 1,
        head: Letterhead | None = None,
    ) -> None:
        self.ledger = MemoryLedger()
        self.people = MemorySubscriberStore(self.ledger)
        self.dressing = self.ledger.keep_dressing(Dressing(LETTERHEAD, {}))
        self.outbox = MemoryOutbox(self.ledger)
        self.lanes = MemoryLanes(self.ledger)
        self.time = FakePaceClock(NOW)
        self.clock = FakeClock(NOW)
        self.server = Server(self.time)
        press = Press(
            OneContentStore(), self.ledger, lambda _: FakeRenderer(), Secrets((b"k" * 16,))
        )
        self.ports = DeliverPorts(
            self.outbox,
            self.ledger,
            self.server,
            press,
            self.clock,
            lambda: 0.5,
            traffic=Traffic(self.lanes, self.time, self.people, limits or Limits(), relays, head),
        )
        for address in addresses:
            self.plan(address)

    def plan(self, address: str, day: int = 0) -> None:
        email = EmailAddress(address)
        vouch = SubscriptionEvent.VOUCH
        person = self.people.apply(email, vouch, now=NOW, statement="a test")
        assert person
        plan = make_plan(str(person.id), [f"entry{day}"], slot=make_slot(day=day))
        assert plan.edition
        reader = replace(plan.edition.reader, address=email)
        edition = replace(plan.edition, dressing=self.dressing, reader=reader)
        self.ledger.plan([replace(plan, edition=edition)])

    def run(self, **order: object) -> int:
        return asyncio.run(deliver(self.ports, DeliverOrder(**order)))  # type: ignore[arg-type]

    def states(self) -> list[OutboxState]:
        return sorted(item.state for item in self.outbox.find())


def readers(count: int, domain: str = "example.org") -> list[str]:
    return [f"reader{number}@{domain}" for number in range(count)]


def test_a_round_waits_for_the_moments_and_delivers_all() -> None:
    given = Post(*readers(25), limits=Limits(per_minute=600))
    assert given.run() == 25
    assert set(given.states()) == {OutboxState.SENT}
    moments = [moment for moment, _ in given.server.heard]
    assert moments[-1] - moments[0] >= 2.3 * SECOND
    for begin in moments:
        assert sum(begin <= one < begin + SECOND for one in moments) <= 16, "10, half a second late"


def test_a_standing_clock_neither_stalls_nor_multiplies_the_pace() -> None:
    given = Post(*readers(3), limits=Limits(per_minute=60))
    given.run()
    assert given.clock.now() == NOW
    assert len(given.server.delivered) == 3
    assert given.time.now() - NOW >= 2 * SECOND


def test_a_slow_letter_holds_up_no_other_moment() -> None:
    given = Post("tarpit@example.org", *readers(4), limits=Limits(per_minute=60))
    given.server.delay = lambda who: 50 * SECOND if "tarpit" in who else timedelta()
    given.run()
    others = [moment for moment, who in given.server.heard if "reader" in who]
    assert len(others) == 4
    assert max(others) - NOW < 20 * SECOND


def test_a_full_day_ends_the_round_and_the_rest_waits() -> None:
    given = Post(*readers(5), limits=Limits(per_day=3))
    given.run()
    assert given.states() == [OutboxState.QUEUED] * 2 + [OutboxState.SENT] * 3


def test_told_to_stop_nobody_waits_for_a_moment_any_more() -> None:
    given = Post(*readers(5), limits=Limits(per_minute=1))
    given.run(is_stopping=lambda: len(given.server.delivered) >= 1)
    assert len(given.server.delivered) == 1
    assert given.time.now() - NOW < 10 * SECOND


def test_who_comes_too_late_for_a_moment_gets_another_one() -> None:
    given = Post(*readers(6), limits=Limits(per_minute=120, per_day=100))
    given.server.delay = lambda _: 5 * SECOND
    given.run(at_once=1)
    moments = [moment for moment, _ in given.server.heard]
    assert len(moments) == 6
    assert given.lanes.lanes()[EVERYTHING].used == 6, "it counts once"
    assert all(later - former >= 5 * SECOND for former, later in pairwise(moments))


def test_three_refusals_close_a_domain_and_its_other_letters_wait_untried() -> None:
    given = Post(*readers(30, "gmail.com"), *readers(5))
    given.server.rule = lambda who: REFUSED if "gmail" in who else None
    given.run(at_once=3)
    tried = len(given.server.heard_for("gmail"))
    assert 3 <= tried <= 6, "those in flight when the third was refused"
    assert len(given.server.heard_for("example.org")) == 5
    items = [item for item in given.outbox.find() if "gmail" in item.recipient]
    assert sum(item.attempts for item in items) == tried
    assert {item.state for item in items} <= {OutboxState.DEFERRED, OutboxState.QUEUED}
    assert all(person.suppression is None for person in given.people.all())
    assert is_open(given.lanes.lanes()[domain_lane("gmail.com")])


def test_a_letter_that_was_under_way_when_the_breaker_opened_proves_nothing() -> None:
    given = Post("slow@gmail.com", *readers(3, "gmail.com"))
    given.server.delay = lambda who: 20 * SECOND if "slow" in who else timedelta()
    given.server.rule = lambda who: None if "slow" in who else REFUSED
    given.run()
    assert [one.recipient for one in given.server.delivered] == ["slow@gmail.com"]
    assert is_open(given.lanes.lanes()[domain_lane("gmail.com")])


def test_after_a_while_one_letter_finds_out_and_when_it_is_taken_all_go() -> None:
    given = Post(*readers(10, "gmail.com"))
    given.server.rule = lambda _: REFUSED
    given.run(at_once=3)
    tried = len(given.server.heard)
    given.run()
    assert len(given.server.heard) == tried, "not before its time"
    given.clock.move(timedelta(hours=1))
    given.time.move(6 * MINUTE)
    given.run()
    assert len(given.server.heard) == tried + 1, "one finds out that nothing changed"
    given.server.rule = lambda _: None
    given.clock.move(timedelta(hours=1))
    given.time.move(11 * MINUTE)
    given.run()
    assert set(given.states()) == {OutboxState.SENT}
    assert dict(given.lanes.lanes()) == {}


def test_a_relay_that_does_not_know_our_password_is_asked_no_more() -> None:
    given = Post(*readers(30))
    given.server.rule = lambda _: NO_LOGIN
    given.run(at_once=1)
    assert len(given.server.heard) <= 2
    given.run()
    assert len(given.server.heard) <= 2
    (alarm,) = lane_alarms(given.lanes.lanes(), NOW)
    assert alarm.fact == (
        "the relay smtp:587 refuses us since 2026-11-23 07:00 UTC: "
        "535 5.7.8 wrong password (at auth) (one letter tries it at 07:05 UTC)"
    )
    assert "password under delivery.relays" in alarm.remedy
    given.server.rule = lambda _: None
    given.time.move(6 * MINUTE)
    given.clock.move(timedelta(hours=1))
    given.run()
    assert set(given.states()) == {OutboxState.SENT}, "a new name of the relay is as good"
    assert relay_lane("smtp:587") not in given.lanes.lanes()


def test_one_relay_of_two_that_refuses_us_stops_nothing() -> None:
    given = Post(*readers(4), relays=2)
    given.server.rule = lambda who: NO_LOGIN if "reader0" in who else None
    given.run(at_once=1)
    assert len(given.server.delivered) == 3


def test_a_domain_that_finds_us_too_fast_gets_half() -> None:
    given = Post("first@gmail.com", *readers(12, "gmail.com"))
    slow = classify(SmtpPhase.RCPT, 421, "4.7.28 too fast")
    given.server.rule = lambda who: slow if "first" in who else None
    given.run(batch=1, at_once=1)
    moments = [moment for moment, who in given.server.heard if "reader" in who]
    assert len(moments) == 12
    assert moments[-1] - moments[0] >= 9 * SECOND / 5, "300 a minute are five a second"


def test_an_unknown_recipient_is_suppressed_once_and_gets_nothing_more() -> None:
    given = Post("gone@example.org", "ada@example.org")
    given.plan("gone@example.org", day=1)
    given.server.rule = lambda who: UNKNOWN if "gone" in who else None
    given.run(batch=1, at_once=1)
    assert given.server.heard_for("gone") == ["gone@example.org"]
    gone = given.people.find(address_key(EmailAddress("gone@example.org")))
    assert gone
    assert gone.suppression
    assert gone.suppression.cause is SuppressionCause.BOUNCE
    assert gone.suppression.detail == "hard: 550 5.1.1 no such user (at rcpt)"
    assert given.states() == [OutboxState.CANCELLED, OutboxState.FAILED, OutboxState.SENT]
    ada = given.people.find(address_key(EmailAddress("ada@example.org")))
    assert ada
    assert ada.suppression is None


def test_an_earlier_suppression_is_not_replaced() -> None:
    given = Post("gone@example.org", "moved@example.org")
    given.server.rule = lambda _: UNKNOWN
    given.run()
    first = {person.address: person.suppression for person in given.people.all()}
    given.clock.move(timedelta(days=1))
    given.plan("gone@example.org", day=2)
    given.run()
    assert {person.address: person.suppression for person in given.people.all()} == first


def test_three_errors_of_the_program_end_one_letter_and_the_others_go_on() -> None:
    given = Post("poison@example.org", *readers(3))

    def break_down(recipient: EmailAddress) -> None:
        if "poison" in recipient:
            raise ZeroDivisionError(recipient)

    given.server.rule = break_down
    for _ in range(4):
        given.run()
        given.clock.move(timedelta(hours=1))
    assert given.states() == [OutboxState.FAILED] + [OutboxState.SENT] * 3
    assert len(given.server.heard_for("poison")) == 3
    (failed,) = given.outbox.find(states=frozenset({OutboxState.FAILED}))
    assert failed.last_reply.startswith("given up after 3 crashes; last: ZeroDivisionError")


def test_a_letter_not_begun_in_time_is_not_sent_late_by_a_round_that_lasts() -> None:
    given = Post(*readers(4), limits=Limits(per_minute=1))
    begin_by = given.outbox.find()[0].begin_by

    def let_time_pass(_: EmailAddress) -> None:
        given.clock.move(max(begin_by - given.clock.now(), timedelta()))

    given.server.rule = let_time_pass
    given.run()
    assert len(given.server.delivered) <= 2, "one a minute, and the look of that minute"
    assert set(given.states()) == {OutboxState.CANCELLED, OutboxState.SENT}


def test_only_the_letters_of_one_subscriber_leave_when_asked_for() -> None:
    given = Post(*readers(3))
    (person,) = [one for one in given.people.all() if one.address == "reader1@example.org"]
    given.run(subscriber=person.id)
    assert [who for _, who in given.server.heard] == ["reader1@example.org"]
    assert given.states().count(OutboxState.QUEUED) == 2
