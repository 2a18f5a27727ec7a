"""What a worker remembers of its last walk along the queue never hides a letter for long."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from newsletter.model import (
    EmailAddress,
    Lane,
    Limits,
    OutboxEvent,
    OutboxState,
    Settlement,
    Throttle,
)
from newsletter.rules.throttle import domain_lane
from newsletter.storage import Database, Holder, LaneStore, MessageOutbox, SlotLedger
from newsletter.storage.heads import Heads, Place
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_slot

NOW = FIRST_SLOT_AT
SECOND = timedelta(seconds=1)
GMAIL = domain_lane("gmail.com")
LIMITS = Limits(per_domain={"gmail.com": 60})
GROUP = Limits(
    per_domain={"google": 60}, groups={"gmail.com": "google", "googlemail.com": "google"}
)

Admit = Callable[[Database, Iterable[str]], None]


class Queue:
    """Letters in a database, claimed by one worker."""

    def __init__(self, database: Database, admit: Admit) -> None:
        self.ledger = SlotLedger(database)
        self.lanes = LaneStore(database)
        self.outbox = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
        self._admit = partial(admit, database)

    def plan(self, *addresses: str, day: int = 0) -> None:
        for address in addresses:
            name = address.replace("@", "-at-")
            self._admit([name])
            plan = make_plan(name, ["a"], slot=make_slot(day=day))
            assert plan.edition
            reader = replace(plan.edition.reader, address=EmailAddress(address))
            self.ledger.plan([replace(plan, edition=replace(plan.edition, reader=reader))])

    def fill(self, until: datetime, lane: str = "gmail.com") -> None:
        name = domain_lane(lane)
        self.lanes.change([name], lambda lanes: {name: replace(lanes[name], free_at=until)})

    def claim(
        self, at: datetime = NOW, limit: int = 10, limits: Limits = LIMITS, now: datetime = NOW
    ) -> list[str]:
        claim = self.outbox.claim_in_turn(now=now, limit=limit, throttle=Throttle(at, limits))
        return [turn.item.recipient for turn in claim.turns]


@pytest.fixture
def queue(any_database: Database, admit: Admit) -> Queue:
    return Queue(any_database, admit)


def test_what_is_behind_a_full_domain_is_claimed_in_its_order(queue: Queue) -> None:
    queue.plan(*(f"g{number}@gmail.com" for number in range(20)))
    queue.plan("a@x.org", "b@x.org", "c@x.org")
    queue.plan("d@x.org", day=1)
    queue.fill(NOW + 30 * SECOND)
    assert queue.claim(limit=2) == ["a@x.org", "b@x.org"]
    assert queue.claim(limit=2) == ["c@x.org", "d@x.org"]
    assert queue.claim() == []
    queue.plan("e@x.org", day=2)
    assert queue.claim() == ["e@x.org"], "what came later stands behind the head"


def test_a_domain_that_has_room_again_is_claimed_from_the_beginning(queue: Queue) -> None:
    queue.plan("g0@gmail.com", "g1@gmail.com", "a@x.org")
    queue.fill(NOW + 30 * SECOND)
    assert queue.claim() == ["a@x.org"]
    assert queue.claim() == []
    assert queue.claim(at=NOW + 30 * SECOND) == ["g0@gmail.com"]


def test_what_is_given_back_before_the_head_is_found_after_some_seconds(queue: Queue) -> None:
    queue.plan("a@x.org", "g0@gmail.com", "b@x.org")
    queue.fill(NOW + 30 * SECOND)
    (first,) = queue.outbox.claim(now=NOW, limit=1)
    assert queue.claim() == ["b@x.org"]
    assert queue.claim() == []
    end = Settlement(first.id, OutboxEvent.DEFER, "451 later", not_before=NOW)
    queue.outbox.record(ended=[end], now=NOW)
    assert queue.claim(now=NOW + 5 * SECOND) == ["a@x.org"]


def test_a_round_does_not_end_on_the_word_of_a_head(queue: Queue) -> None:
    """A breaker says no moment at which to look again: then everything is looked at."""
    queue.plan("a@x.org", "g0@gmail.com")
    opened = Lane(opened_at=NOW, probe_at=NOW + timedelta(hours=1))
    queue.lanes.change([GMAIL], lambda _: {GMAIL: opened})
    (first,) = queue.outbox.claim(now=NOW, limit=1)
    assert queue.claim() == []
    end = Settlement(first.id, OutboxEvent.DEFER, "given back")
    queue.outbox.record(ended=[end], now=NOW)
    assert queue.claim() == ["a@x.org"]


def test_domains_of_a_group_share_one_pace(queue: Queue) -> None:
    queue.plan("a@gmail.com", "b@googlemail.com", "c@GoogleMail.com", "d@x.org")
    assert queue.claim(limits=GROUP) == ["a@gmail.com", "d@x.org"]
    assert queue.claim(limits=GROUP) == []
    assert queue.claim(limits=GROUP, at=NOW + SECOND) == ["b@googlemail.com"]


def test_a_head_lives_for_seconds_of_either_clock() -> None:
    seconds = [0.0]
    heads = Heads(lambda: seconds[0])
    place = Place(NOW, 7)
    heads.remember(OutboxState.QUEUED, ["gmail.com"], NOW, place)
    assert heads.known(OutboxState.QUEUED, {"gmail.com", "x.org"}, NOW) == place
    assert heads.known(OutboxState.QUEUED, {"x.org"}, NOW) is None
    assert heads.known(OutboxState.DEFERRED, {"gmail.com"}, NOW) is None
    assert heads.known(OutboxState.QUEUED, {"gmail.com"}, NOW + 5 * SECOND) is None
    assert heads.known(OutboxState.QUEUED, {"gmail.com"}, NOW - SECOND) is None
    seconds[0] = 5.0
    assert heads.known(OutboxState.QUEUED, {"gmail.com"}, NOW) is None
