"""A relay with a pace of its own: its letters leave one by one, whichever worker has them."""

import asyncio
from datetime import datetime, timedelta

from newsletter.model import EmailAddress, Envelope, Receipt
from newsletter.ports import BeginData
from newsletter.rules.throttle import relay_lane
from newsletter.testing import FakeTransport
from newsletter.testing.lanes import FakePaceClock, MemoryLanes
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.transports import RelayGate, RelayGroup, RelayShare

NOW = FIRST_SLOT_AT
SECOND = timedelta(seconds=1)


class Clocked(FakeTransport):
    """Takes everything, and remembers when."""

    def __init__(self, clock: FakePaceClock) -> None:
        super().__init__()
        self.clock = clock
        self.moments: list[datetime] = []

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        self.moments.append(self.clock.now())
        return await super().deliver(envelope, begin_data)


async def yes() -> bool:
    return True


def letter() -> Envelope:
    sender = EmailAddress("bounce@news.example")
    return Envelope(sender, EmailAddress("ada@example.org"), b"Subject: x\r\n\r\nbody\r\n")


def test_the_letters_of_a_slow_relay_are_evenly_apart_also_over_two_workers() -> None:
    clock, lanes = FakePaceClock(NOW), MemoryLanes(MemoryLedger())
    slow = Clocked(clock)
    groups = [
        RelayGroup([RelayShare("a", slow, gate=RelayGate("a", 60, lanes, clock))]) for _ in range(2)
    ]

    async def deliver() -> None:
        await asyncio.gather(*(groups[number % 2].deliver(letter(), yes) for number in range(6)))

    asyncio.run(deliver())
    assert [round((one - NOW) / SECOND) for one in sorted(slow.moments)] == [0, 1, 2, 3, 4, 5]
    assert lanes.lanes()[relay_lane("a")].free_at == NOW + 6 * SECOND


def test_what_a_slow_relay_has_no_turn_for_goes_to_the_other() -> None:
    clock, lanes = FakePaceClock(NOW), MemoryLanes(MemoryLedger())
    slow, fast = Clocked(clock), Clocked(clock)
    shares = [
        RelayShare("slow", slow, weight=9, gate=RelayGate("slow", 1, lanes, clock)),
        RelayShare("fast", fast),
    ]
    group = RelayGroup(shares)

    async def deliver() -> None:
        await asyncio.gather(*(group.deliver(letter(), yes) for _ in range(12)))

    asyncio.run(deliver())
    assert len(fast.moments) >= 9
    assert clock.now() - NOW <= 3 * 60 * SECOND


def test_a_gate_serves_one_round_after_the_other() -> None:
    clock, lanes = FakePaceClock(NOW), MemoryLanes(MemoryLedger())
    gate = RelayGate("a", 600, lanes, clock)

    async def pass_twice() -> None:
        await asyncio.gather(gate.let_through(), gate.let_through())

    for _ in range(2):
        asyncio.run(pass_twice())
    assert clock.now() - NOW >= 0.3 * SECOND
