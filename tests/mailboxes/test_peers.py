"""How much one peer may do."""

from datetime import UTC, datetime, timedelta

from newsletter.mailboxes.peers import PeerLimits, Peers
from newsletter.testing import FakeClock

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_a_minute_later_a_peer_may_go_on() -> None:
    clock = FakeClock(NOON)
    peers = Peers(PeerLimits(messages_per_minute=1), clock.now)
    assert [peers.count_message("192.0.2.1") for _ in "123"] == [True, False, False]
    assert peers.count_message("192.0.2.2")
    clock.move(timedelta(minutes=1))
    assert peers.count_message("192.0.2.1")


def test_neighbours_of_one_network_are_one_peer() -> None:
    peers = Peers(PeerLimits(connections=1), lambda: NOON)
    assert peers.admit("2001:db8::1")
    assert not peers.admit("2001:db8::ffff")
    assert peers.admit("2001:db8:0:1::1")
    assert peers.admit("::ffff:192.0.2.1")
    assert peers.admit("::ffff:192.0.2.2")
    assert peers.admit("no address")
    peers.leave("2001:db8::1")
    assert peers.admit("2001:db8::ffff")


def test_all_together_have_a_bound() -> None:
    peers = Peers(PeerLimits(all_connections=2), lambda: NOON)
    assert [peers.admit(f"192.0.2.{number}") for number in range(3)] == [True, True, False]


def test_only_so_many_peers_are_remembered() -> None:
    peers = Peers(PeerLimits(messages_per_minute=1), lambda: NOON)
    peers.count_message("192.0.2.1")
    for number in range(10_000):
        peers.count_message(f"10.0.{number // 250}.{number % 250}")
    assert len(peers._known) == 10_000
    assert peers.count_message("192.0.2.1")
