"""The lanes of all workers, in memory and on both databases: claimed by turns, kept, forgotten."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from newsletter.model import (
    Claim,
    EmailAddress,
    Lane,
    Limits,
    OutboxEvent,
    OutboxState,
    Refusal,
    Settlement,
    SubscriberId,
    Throttle,
)
from newsletter.ports import Ledger, Outbox, Throttles
from newsletter.rules.throttle import EVERYTHING, close, domain_lane, refuse, relay_lane
from newsletter.storage import Database, Holder, LaneStore, MessageOutbox, SlotLedger
from newsletter.testing.lanes import MemoryLanes
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

NOW = FIRST_SLOT_AT
SECOND = timedelta(seconds=1)
GMAIL = domain_lane("gmail.com")

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]


@dataclass(frozen=True)
class Post:
    """A ledger, its lanes, and letters to `reader0@gmail.com` and so on."""

    ledger: Ledger
    lanes: Throttles
    outbox: Outbox
    admit: Callable[[Iterable[str]], None]

    def plan(self, *addresses: str) -> None:
        names = [address.replace("@", "-at-") for address in addresses]
        self.admit(names)
        for name, address in zip(names, addresses, strict=True):
            plan = make_plan(name, ["a"])
            assert plan.edition
            reader = replace(plan.edition.reader, address=EmailAddress(address))
            self.ledger.plan([replace(plan, edition=replace(plan.edition, reader=reader))])

    def claim(self, throttle: Throttle, limit: int = 100, subscriber: str = "") -> Claim:
        person = SubscriberId(subscriber.replace("@", "-at-")) if subscriber else None
        return self.outbox.claim_in_turn(now=NOW, limit=limit, throttle=throttle, subscriber=person)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def post(request: pytest.FixtureRequest, open_stored: OpenStored, admit: Admit) -> Post:
    if request.param == "memory":
        memory = MemoryLedger()
        return Post(memory, MemoryLanes(memory), MemoryOutbox(memory), lambda _: None)
    database = open_stored(request.param)
    outbox = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
    return Post(
        SlotLedger(database), LaneStore(database), outbox, lambda names: admit(database, names)
    )


def recipients(claim: Claim) -> list[str]:
    return [turn.item.recipient for turn in claim.turns]


def test_without_limits_all_is_claimed_and_no_lane_is_written(post: Post) -> None:
    post.plan("ada@gmail.com", "bob@example.org")
    claim = post.claim(Throttle(NOW))
    assert recipients(claim) == ["ada@gmail.com", "bob@example.org"]
    assert {turn.due_at for turn in claim.turns} == {None}
    assert (claim.again_at, dict(claim.lanes), dict(post.lanes.lanes())) == (None, {}, {})


def test_a_claim_books_the_moments_and_keeps_them(post: Post) -> None:
    post.plan(*(f"reader{number}@example.org" for number in range(4)))
    limits = Limits(per_minute=240, per_day=10)
    first = post.claim(Throttle(NOW, limits))
    assert [turn.due_at for turn in first.turns] == [NOW, NOW + 0.25 * SECOND, NOW + 0.5 * SECOND]
    lane = post.lanes.lanes()[EVERYTHING]
    assert (lane.free_at, lane.day, lane.used) == (NOW + 0.75 * SECOND, NOW.date(), 3)
    second = post.claim(Throttle(NOW, limits))
    assert (recipients(second), second.again_at) == ([], NOW + 0.25 * SECOND)
    third = post.claim(Throttle(NOW + 0.25 * SECOND, limits))
    assert [turn.due_at for turn in third.turns] == [NOW + 0.75 * SECOND]


def test_a_full_domain_holds_up_no_other(post: Post) -> None:
    post.plan(
        "ada@gmail.com", "bob@GMAIL.com", "cy@gmail.com", "dora@example.org", "eve@a-gmail.com"
    )
    limits = Limits(per_domain={"gmail.com": 60})
    first = post.claim(Throttle(NOW, limits), limit=3)
    assert recipients(first) == ["ada@gmail.com", "dora@example.org", "eve@a-gmail.com"]
    waiting = post.claim(Throttle(NOW, limits))
    assert (recipients(waiting), waiting.again_at) == ([], NOW + 0.5 * SECOND)
    assert recipients(post.claim(Throttle(NOW + SECOND, limits))) == ["bob@GMAIL.com"]
    untouched = post.outbox.find(states=frozenset({OutboxState.QUEUED}))
    assert [(item.recipient, item.attempts) for item in untouched] == [("cy@gmail.com", 0)]


def test_one_subscriber_s_letters_alone(post: Post) -> None:
    post.plan("ada@example.org", "bob@example.org")
    assert recipients(post.claim(Throttle(NOW), subscriber="bob@example.org")) == [
        "bob@example.org"
    ]
    assert recipients(post.claim(Throttle(NOW), subscriber="bob@example.org")) == []


def test_while_a_domain_is_closed_to_us_its_letters_wait_untried(post: Post) -> None:
    post.plan("ada@gmail.com", "bob@gmail.com", "cy@example.org")
    post.lanes.change(
        [GMAIL], lambda lanes: {GMAIL: refuse(lanes[GMAIL], "ada", "550 5.7.1", NOW, enough=1)}
    )
    assert recipients(post.claim(Throttle(NOW))) == ["cy@example.org"]
    later = Throttle(NOW + timedelta(minutes=5))
    assert recipients(post.claim(later)) == ["ada@gmail.com"], "one finds out"
    assert recipients(post.claim(later)) == []
    post.lanes.change([GMAIL], lambda lanes: {GMAIL: close(lanes[GMAIL])})
    assert recipients(post.claim(later)) == ["bob@gmail.com"]
    assert dict(post.lanes.lanes()) == {}


def test_a_closed_relay_holds_all(post: Post) -> None:
    post.plan("ada@gmail.com", "cy@example.org")
    name = relay_lane("one")
    post.lanes.change(
        [name], lambda lanes: {name: refuse(lanes[name], "ada", "535", NOW, enough=1)}
    )
    assert recipients(post.claim(Throttle(NOW))) == []
    assert len(recipients(post.claim(Throttle(NOW + timedelta(minutes=5))))) == 1


def test_a_lane_is_kept_whole_and_an_empty_one_forgotten(post: Post) -> None:
    lane = Lane(
        free_at=NOW,
        day=NOW.date(),
        used=7,
        halvings=2,
        slowed_at=NOW - SECOND,
        refusals=(Refusal("ada", NOW), Refusal("bob", NOW + SECOND)),
        opened_at=NOW,
        probe_at=NOW + SECOND,
        probes=3,
        reason="550 5.7.1 “no”",
    )
    after = post.lanes.change([GMAIL, EVERYTHING], lambda _: {GMAIL: lane})
    assert after == {GMAIL: lane, EVERYTHING: Lane()}
    assert dict(post.lanes.lanes()) == {GMAIL: lane}
    post.lanes.change([GMAIL], lambda _: {GMAIL: Lane()})
    assert dict(post.lanes.lanes()) == {}


def test_a_message_given_back_untried_keeps_its_tries(post: Post) -> None:
    post.plan("ada@gmail.com")
    (turn,) = post.claim(Throttle(NOW)).turns
    assert turn.item.attempts == 1
    end = Settlement(turn.item.id, OutboxEvent.DEFER, "waits: gmail.com said 5.7.1", is_try=False)
    post.outbox.record(ended=[end], now=NOW)
    (item,) = post.outbox.get([turn.item.id])
    assert (item.state, item.attempts, item.last_reply) == (
        OutboxState.DEFERRED,
        0,
        "waits: gmail.com said 5.7.1",
    )


def test_messages_are_got_by_id(post: Post) -> None:
    post.plan("ada@example.org", "bob@example.org")
    ada, bob = sorted(item.id for item in post.outbox.find())
    unknown = type(ada)(999)
    assert [item.id for item in post.outbox.get([bob, unknown, ada, ada])] == [ada, bob]
