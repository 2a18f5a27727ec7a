"""The machine's clock goes wrong by a day, and right again: nothing twice, nothing lost, nobody helps."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from newsletter.model import (
    Accounting,
    Cadence,
    EmailAddress,
    Envelope,
    Every,
    Limits,
    Preferences,
    Receipt,
)
from newsletter.ports import BeginData
from newsletter.storage import LaneStore, Subscribers
from newsletter.testing import FakeTransport
from newsletter.testing.lanes import FakePaceClock
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.workflows import DeliverOrder, Traffic, deliver
from tests.conftest import OpenStored
from tests.end_to_end.outage_room import delivering, let_wait
from tests.workflows.simulated_newsroom import (
    TOPICS,
    WORDS,
    FlakyTransport,
    SetClock,
    SimulatedNewsroom,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
LOOK_EVERY = 3 * HOUR
GOES_WRONG = MONDAY + 1.5 * DAY
ENDS = MONDAY + 5 * DAY
READERS = 12
JUMPS = [pytest.param(DAY, id="a day ahead"), pytest.param(-DAY, id="a day behind")]


@dataclass
class Watch:
    """The true time, and a clock that differs from it for a while."""

    jump: timedelta
    lasting: timedelta
    true: datetime = MONDAY

    @property
    def shown(self) -> datetime:
        return self.true + (self.jump if self.is_wrong else timedelta())

    @property
    def is_wrong(self) -> bool:
        return GOES_WRONG <= self.true < GOES_WRONG + self.lasting


class JumpingTransport(FlakyTransport):
    """Sets the clock when it takes a letter, once for each time that is laid out."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__()
        self._clock = clock
        self.next_moment: datetime | None = None
        self.jumps = 0

    async def _answer(self, envelope: object, begin_data: BeginData) -> Receipt:
        receipt = await super()._answer(envelope, begin_data)
        if self.next_moment and self._clock.moment != self.next_moment:
            self._clock.moment = self.next_moment
            self.jumps += 1
        return receipt


@dataclass
class Life:
    """Five days of a newsletter whose readers want one word each, every day at an hour of their own."""

    room: SimulatedNewsroom
    watch: Watch
    goes_wrong_in_a_round: bool
    due: dict[str, set[int]] = field(default_factory=dict)
    got: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = [
            Preferences(
                EmailAddress(f"reader{number}@example.org"),
                cadence=Cadence(Every.DAY, time(2 * number), "UTC"),
                topics=(TOPICS[WORDS[number % len(WORDS)]],),
                at_most=50,
            )
            for number in range(READERS)
        ]
        self.room.subscribe(people)
        self.words = {one.email: one.topics[0].name for one in people}
        self.due = {one.email: set() for one in people}
        self.got = {one.email: [] for one in people}
        self.room.transport = self.transport = JumpingTransport(self.room.clock)

    def run(self) -> None:
        while self.watch.true < ENDS:
            self._announce()
            shown = self.watch.shown
            self.transport.deferred = {"reader3@example.org"} if self.watch.is_wrong else set()
            self.watch.true += LOOK_EVERY
            will_differ = abs(self.watch.shown - shown) > LOOK_EVERY
            is_now = will_differ and self.goes_wrong_in_a_round
            self.transport.next_moment = self.watch.shown if is_now else None
            self.room.tick(shown)
            for letter in self.room.arrivals():
                self.got[letter.address].extend(letter.numbers)

    def _announce(self) -> None:
        if self.watch.true > ENDS - 1.5 * DAY or self.watch.true.hour % 6:
            return
        for word in WORDS:
            number = self.room.wire.announce(word)
            for address, wanted in self.words.items():
                if wanted == word:
                    self.due[address].add(number)


@pytest.mark.parametrize(
    ("lasting", "in_a_round"),
    [
        pytest.param(3 * HOUR, True, id="for three hours, set in a round"),
        pytest.param(27 * HOUR, False, id="for over a day, set between rounds"),
    ],
)
@pytest.mark.parametrize("jump", JUMPS)
def test_everybody_gets_everything_once(
    tmp_path: Path, jump: timedelta, lasting: timedelta, *, in_a_round: bool
) -> None:
    room = SimulatedNewsroom(tmp_path / "news.db", MONDAY)
    life = Life(room, Watch(jump, lasting), in_a_round)
    life.run()
    room.close()
    assert (life.transport.jumps > 0) is in_a_round
    assert {address: Counter(numbers) for address, numbers in life.got.items()} == {
        address: Counter(numbers) for address, numbers in life.due.items()
    }


class Interrupter(FakeTransport):
    """Does something when it takes the letter of that number."""

    def __init__(self, number: int, deed: Callable[[], object]) -> None:
        super().__init__()
        self._number = number
        self._deed = deed

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        receipt = await super().deliver(envelope, begin_data)
        if len(self.receipts) == self._number:
            self._deed()
        return receipt


@pytest.mark.parametrize("jump", JUMPS)
def test_a_throttled_send_goes_on_at_its_pace(open_stored: OpenStored, jump: timedelta) -> None:
    database, clock = open_stored("sqlite"), FakePaceClock(FIRST_SLOT_AT)
    let_wait(database, [f"reader{number}" for number in range(60)], ends_after=3 * DAY)
    transport = Interrupter(20, lambda: clock.set_by(jump))
    limits = Limits(per_minute=60, per_day=1_000)
    traffic = Traffic(LaneStore(database), clock, Subscribers(database), limits)
    ports = replace(delivering(database, transport, clock), traffic=traffic)

    asyncio.run(deliver(ports, DeliverOrder(batch=10)))

    took = clock.now() - FIRST_SLOT_AT - jump
    assert ports.outbox.accounting() == Accounting(sent=60)
    assert set(Counter(one.recipient for one in transport.delivered).values()) == {1}
    assert timedelta(seconds=55) < took < timedelta(seconds=70), "one a second, before and after"


@pytest.mark.parametrize("jump", JUMPS)
def test_what_was_deferred_by_a_wrong_clock_goes_once_the_clock_is_right(
    open_stored: OpenStored, jump: timedelta
) -> None:
    database, clock = open_stored("sqlite"), FakePaceClock(FIRST_SLOT_AT + DAY)
    names = [f"450-1.reader{number}" for number in range(5)]
    let_wait(database, names, ends_after=5 * DAY)
    transport = FakeTransport()
    ports = delivering(database, transport, clock)

    # Given letters that the relay put off while the clock was wrong
    clock.set_by(jump)
    asyncio.run(deliver(ports))
    assert ports.outbox.accounting() == Accounting(waiting=len(names))
    clock.set_by(-jump)
    clock.move(timedelta(minutes=10))

    # When the clock is right, then they wait for no longer than any letter does
    wait_is_over = clock.now() + 4 * HOUR
    while ports.outbox.accounting().waiting and clock.now() <= wait_is_over:
        asyncio.run(deliver(ports))
        clock.move(10 * timedelta(minutes=1))
    assert ports.outbox.accounting() == Accounting(sent=len(names))
