"""The relay is down for an hour: the outbox waits, nobody knocks all the time, and then all go out.

Real connections to a real server; the hour passes on a clock that the test moves.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.model import Accounting
from newsletter.storage import Database, LaneStore, Subscribers
from newsletter.testing import Manners, ScriptedSmtpServer
from newsletter.testing.lanes import FakePaceClock
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.transports import Relay, RelayGroup, RelayShare, SmtpTransport
from newsletter.workflows import DeliverOrder, DeliverPorts, Traffic, deliver
from tests.conftest import OpenStored
from tests.end_to_end.next_hop import Witness
from tests.end_to_end.outage_room import delivering, let_wait

LETTERS = 150
CONNECTIONS = 10
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
HANGS_UP = Manners(greeting="")
IS_BUSY = Manners(greeting="421 4.3.2 shutting down")
KNOCKS_AT_FIRST = 3 * CONNECTIONS
"""Those that were under way when the first one failed."""
LONGEST_WAIT = 2 * HOUR
"""After an hour of tries a letter waits for up to 64 minutes, or twice that if it comes just in a probe."""


@pytest.fixture
def database(open_stored: OpenStored) -> Database:
    opened = open_stored("sqlite")
    let_wait(opened, [f"reader{number}" for number in range(LETTERS)])
    return opened


@pytest.fixture
def witness(database: Database, server: ScriptedSmtpServer) -> Iterator[Witness]:
    opened = Witness(f"sqlite:///{database.path}", server)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakePaceClock:
    return FakePaceClock(FIRST_SLOT_AT)


@pytest.fixture
def ports(database: Database, server: ScriptedSmtpServer, clock: FakePaceClock) -> DeliverPorts:
    relay = Relay(server.host, server.port)
    transport = SmtpTransport(relay, connections=CONNECTIONS)
    share = RelayShare(relay.name, transport, connections=CONNECTIONS)
    group = RelayGroup([share], clock=lambda: clock.now().timestamp())
    traffic = Traffic(LaneStore(database), clock, Subscribers(database))
    dice = random.Random("an hour without a relay")  # noqa: S311 - a test's dice
    return replace(delivering(database, group, clock), traffic=traffic, dice=dice.random)


@pytest.mark.parametrize(
    ("down", "every"),
    [
        pytest.param(HANGS_UP, 20 * SECOND, id="it hangs up, looked at often"),
        pytest.param(IS_BUSY, MINUTE, id="it is busy, looked at each minute"),
    ],
)
def test_a_relay_that_is_down_for_an_hour(
    ports: DeliverPorts, witness: Witness, server: ScriptedSmtpServer, clock: FakePaceClock,
    down: Manners, every: timedelta,
) -> None:  # fmt: skip
    def look() -> Accounting:
        asyncio.run(deliver(ports, DeliverOrder(at_once=2 * CONNECTIONS)))
        clock.move(every)
        return ports.outbox.accounting()

    # When the relay is down for an hour, then all letters wait, and few of them ask for it
    server.behave(down)
    while clock.now() < FIRST_SLOT_AT + HOUR:
        assert look() == Accounting(waiting=LETTERS)
    assert server.record.connections <= KNOCKS_AT_FIRST + HOUR / every, "one for each look"
    assert server.record.commands == []

    # When it is back, then each letter goes out once, and no more connections are made than allowed
    server.behave(Manners())
    while look().waiting:
        assert clock.now() < FIRST_SLOT_AT + HOUR + LONGEST_WAIT
    assert ports.outbox.accounting() == Accounting(sent=LETTERS)
    assert set(witness.copies().values()) == {1}
    assert witness.unrecorded == []
    assert server.record.most_open <= CONNECTIONS
