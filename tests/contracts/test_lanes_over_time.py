"""Hours of pacing in a moment: three workers, the real rule, the real databases, simulated time."""

import heapq
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import EmailAddress, Limits, Throttle, Turn
from newsletter.rules.throttle import EVERYTHING
from newsletter.storage import Database, Holder, LaneStore, MessageOutbox, SlotLedger
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
WORKERS = 3

Admit = Callable[[Database, Iterable[str]], None]


@dataclass
class Simulation:
    """Workers that claim, wait for the moments they got, and send a little late, as real ones do."""

    database: Database
    limits: Limits
    now: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(20261123))  # noqa: S311
    sent: list[tuple[datetime, str]] = field(default_factory=list)

    def open_worker(self, name: str) -> MessageOutbox:
        return MessageOutbox(self.database, holder=Holder(name), is_holder_alive=lambda _: True)

    def run(self, duration: timedelta, name: str = "") -> None:
        """Let three new workers work; what they hold at the end is lost with them."""
        end = self.now + duration
        workers = [self.open_worker(f"{name}{number}") for number in range(WORKERS)]
        events = [(self.now + 0.01 * number * SECOND, number) for number in range(WORKERS)]
        while events and events[0][0] < end:
            self.now, number = heapq.heappop(events)
            again_at = self._work(workers[number], end)
            if again_at:
                lateness = self.dice.random() * 0.2 * SECOND
                heapq.heappush(events, (max(again_at, self.now) + lateness, number))
        self.now = end

    def _work(self, worker: MessageOutbox, end: datetime) -> datetime | None:
        throttle = Throttle(self.now, self.limits)
        claim = worker.claim_in_turn(now=FIRST_SLOT_AT, limit=100, throttle=throttle)
        for turn in claim.turns:
            self._send(turn, end)
        if claim.turns:
            return self.now + 0.05 * SECOND
        return claim.again_at or self.now + 20 * SECOND

    def _send(self, turn: Turn, end: datetime) -> None:
        moment = max(turn.due_at or self.now, self.now) + self.dice.random() * 0.3 * SECOND
        if moment < end:
            self.sent.append((moment, turn.item.recipient.rpartition("@")[2]))

    def moments(self, domain: str = "") -> list[datetime]:
        return sorted(moment for moment, at in self.sent if not domain or at == domain)


def most_and_fewest(moments: list[datetime]) -> tuple[int, int]:
    """Return how many letters the fullest and the emptiest minute held; all begin at a letter."""
    whole = [one for one in moments if one + MINUTE <= moments[-1]]
    counts = [sum(begin <= one < begin + MINUTE for one in moments) for begin in whole]
    return max(counts), min(counts)


@pytest.fixture
def wait(any_database: Database, admit: Admit) -> Callable[[dict[str, int]], Database]:
    """Give the means to let so many letters wait for each domain, mixed."""

    def plan(counts: dict[str, int]) -> Database:
        names = {
            f"{number}-{domain}": domain for domain, n in counts.items() for number in range(n)
        }
        admit(any_database, names)
        plans = []
        for name, domain in sorted(names.items()):
            one = make_plan(name, ["a"])
            assert one.edition
            reader = replace(one.edition.reader, address=EmailAddress(f"{name}@{domain}"))
            plans.append(replace(one, edition=replace(one.edition, reader=reader)))
        SlotLedger(any_database).plan(plans)
        return any_database

    return plan


Wait = Callable[[dict[str, int]], Database]


def test_fifty_a_minute_hold_in_every_minute_over_three_workers_and_a_restart(wait: Wait) -> None:
    simulation = Simulation(wait({"example.org": 300}), Limits(per_minute=50), FIRST_SLOT_AT)
    simulation.run(2.01 * MINUTE, "before")
    simulation.run(3 * MINUTE, "after")
    most, fewest = most_and_fewest(simulation.moments())
    assert most <= 51
    assert fewest >= 49


def test_a_limited_domain_keeps_its_pace_while_others_go_at_full_speed(wait: Wait) -> None:
    limits = Limits(per_domain={"gmail.com": 60})
    simulation = Simulation(wait({"gmail.com": 150, "example.org": 300}), limits, FIRST_SLOT_AT)
    simulation.run(2.5 * MINUTE)
    assert simulation.moments("example.org")[-1] - FIRST_SLOT_AT < 2 * SECOND
    most, fewest = most_and_fewest(simulation.moments("gmail.com"))
    assert most <= 61
    assert fewest >= 59


def test_the_limit_of_all_and_that_of_a_domain_hold_together_and_nobody_starves(wait: Wait) -> None:
    limits = Limits(per_minute=90, per_domain={"gmail.com": 30})
    simulation = Simulation(wait({"gmail.com": 150, "example.org": 150}), limits, FIRST_SLOT_AT)
    simulation.run(2.5 * MINUTE)
    most, fewest = most_and_fewest(simulation.moments())
    assert most <= 91
    assert fewest >= 89
    assert most_and_fewest(simulation.moments("gmail.com"))[0] <= 31
    assert len(simulation.moments("gmail.com")) >= 70
    assert len(simulation.moments("example.org")) >= 140


def test_workers_that_claim_at_once_never_get_the_same_moment(wait: Wait) -> None:
    database = wait({"gmail.com": 30, "example.org": 60})
    limits = Limits(per_minute=60_000, per_day=1_000, per_domain={"gmail.com": 30_000})
    simulation = Simulation(database, limits, FIRST_SLOT_AT)
    throttle = Throttle(FIRST_SLOT_AT, limits)

    def claim_all(name: str) -> list[Turn]:
        worker, turns = simulation.open_worker(name), list[Turn]()
        while claimed := worker.claim_in_turn(now=FIRST_SLOT_AT, limit=5, throttle=throttle).turns:
            turns += claimed
        return turns

    with ThreadPoolExecutor(WORKERS) as threads:
        shares = list(threads.map(claim_all, ("a", "b", "c")))
    turns = [turn for share in shares for turn in share]
    assert len({turn.item.id for turn in turns}) == len(turns) == 90
    moments = sorted(turn.due_at for turn in turns if turn.due_at)
    assert len(set(moments)) >= 75, "a domain's moment may fall on one of another's"
    lane = LaneStore(database).lanes()[EVERYTHING]
    assert (lane.used, lane.free_at) == (90, FIRST_SLOT_AT + 90 * timedelta(milliseconds=1))


def test_so_many_a_day_and_no_more_until_midnight_utc(wait: Wait) -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    limits = Limits(per_minute=60, per_day=40)
    simulation = Simulation(wait({"example.org": 120}), limits, midnight - 3 * MINUTE)
    simulation.run(6 * MINUTE)
    moments = simulation.moments()
    assert sum(one < midnight for one in moments) == 40
    assert sum(one >= midnight for one in moments) == 40
    assert min(one for one in moments if one >= midnight) - midnight < SECOND
