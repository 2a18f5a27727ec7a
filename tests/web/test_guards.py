"""Who asks, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from newsletter.web.guards import RateLimit, client_network, is_trusted, read_networks

PROXIES = read_networks(["10.0.0.0/8", "127.0.0.1"])


def request(peer: str | None, forwarded: str | None = None) -> Request:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    client = None if peer is None else (peer, 1234)
    return Request({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", None, "192.0.2.7/32"),
        ("2001:db8:1:2:3::4", None, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", None, "192.0.2.7/32"),
        (None, None, "unknown"),
        ("a socket", None, "unknown"),
        ("10.1.1.1", "192.0.2.7", "192.0.2.7/32"),
        ("10.1.1.1", "198.51.100.1, 192.0.2.7, 10.2.2.2", "192.0.2.7/32"),
        ("10.1.1.1", "192.0.2.7, rubbish", "10.1.1.1/32"),
        ("10.1.1.1", "", "10.1.1.1/32"),
        ("10.1.1.1", None, "10.1.1.1/32"),
        ("10.1.1.1", "[2001:db8::1]", "2001:db8::/64"),
    ],
)
def test_a_client_is_known_by_its_network(
    peer: str | None, forwarded: str | None, expected: str
) -> None:
    assert client_network(request(peer, forwarded), PROXIES) == expected


@given(st.ip_addresses(), st.text(alphabet="0123456789abcdef.:, []", max_size=200))
def test_a_stranger_cannot_be_somebody_else_by_a_header(peer: object, claim: str) -> None:
    stranger = request("192.0.2.9", claim)
    assert client_network(stranger, PROXIES) == "192.0.2.9/32"
    assert not is_trusted(stranger, PROXIES)
    assert "/" in client_network(request(str(peer), claim), PROXIES)


def test_a_proxy_of_ours_is_trusted() -> None:
    assert is_trusted(request("10.3.3.3"), PROXIES)
    assert not is_trusted(request(None), PROXIES)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_each_client_has_its_turns_and_gets_new_ones_with_time() -> None:
    clock = Clock()
    limit = RateLimit(burst=2, per_minute=6, clock=clock)
    assert [limit.take("a"), limit.take("a"), limit.take("a")] == [None, None, 10]
    assert limit.take("b") is None
    clock.now += 9
    assert limit.take("a") == 1
    clock.now += 1
    assert limit.wait_s("a") is None
    assert limit.take("a") is None
    clock.now += 10_000
    assert [limit.take("a"), limit.take("a"), limit.take("a")] == [None, None, 10]


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 10), st.floats(1, 600))
def test_nobody_gets_more_than_the_burst_and_the_rate(
    pauses: list[float], burst: int, per_minute: float
) -> None:
    clock = Clock()
    limit = RateLimit(burst=burst, per_minute=per_minute, clock=clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += limit.take("a") is None
    assert taken <= burst + sum(pauses) * per_minute / 60 + 1e-6


def test_what_is_remembered_of_clients_is_bounded() -> None:
    limit = RateLimit(burst=1, per_minute=1)
    for number in range(20_100):
        limit.take(str(number))
    assert len(limit._levels) == 20_000
    assert limit.take("20099") is not None
