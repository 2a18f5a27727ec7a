"""Does the subscribe page take longer for an address that it knows?

    python -m benchmarks.enquiries [REQUESTS OF EACH KIND]

A real server on loopback is asked for letters to addresses of subscribers, of people who left, of addresses
that are suppressed, of addresses that were asked lately, and of strangers, in a random order. Each kind
is compared with the strangers by the test of Mann and Whitney (1947), which asks whether the times of one
are more often the longer ones; and by the median of each. Wall time, for that is what somebody outside
sees: other work on the machine widens the times, and falls on all kinds alike.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address
from math import erfc, sqrt
from pathlib import Path
from typing import Final

import httpx

from newsletter.bootstrap import Newsroom, answer_enquiries, open_newsroom, receiving
from newsletter.config import copy_starter
from newsletter.model import (
    EmailAddress,
    SubscriptionEvent,
    Suppression,
    SuppressionCause,
)
from newsletter.rules.addresses import address_key
from newsletter.web import Site, WebServer, make_app, site_of

_REQUESTS: Final = 300
_PER_SERVER: Final = 280
"""A site takes some hundred enquiries at once from all networks together, then one a second."""
_STRANGERS: Final = ("stranger", "other stranger", "third stranger")
"""Their times show what chance alone does."""
_KINDS: Final = (*_STRANGERS, "subscriber", "left", "suppressed", "asked lately")
_FIRST: Final = int(IPv4Address("10.0.0.1"))


def address(kind: str, number: int) -> EmailAddress:
    """Return an address of as many characters whatever its kind is."""
    return EmailAddress(f"reader{_KINDS.index(kind)}{number:05}@example.org")


def admit(room: Newsroom, count: int) -> None:
    """Let the people of each kind be what their kind says."""
    people, now = room.subscribers, room.clock.now()
    for kind, event in (("subscriber", None), ("left", SubscriptionEvent.UNSUBSCRIBE)):
        who = [(address(kind, number), "a benchmark") for number in range(count)]
        people.apply_all(who, SubscriptionEvent.VOUCH, now=now, statement="a benchmark")
        if event:
            for one, _ in who:
                people.apply(one, event, now=now, statement="a benchmark")
    for number in range(count):
        key, cause = address_key(address("suppressed", number)), SuppressionCause.BOUNCE
        people.suppress(Suppression(key, cause, "a benchmark", now))


def ask(url: str, requests: Iterable[tuple[str, EmailAddress, int]]) -> Iterable[tuple[str, float]]:
    """Send forms one after the other, each from a network of its own, and yield how long each took."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        client.get("/healthz")
        for kind, to, number in requests:
            fields = {"form": "1", "email": to, "topic.robotics": "on", "send.at": "07:30"}
            headers = {"X-Forwarded-For": str(IPv4Address(_FIRST + number))}
            began = time.perf_counter()
            answer = client.post("/subscribe", data=fields, headers=headers)
            took = time.perf_counter() - began
            assert answer.status_code == httpx.codes.OK, answer.status_code
            yield kind, took


def measure(
    site: Site, requests: Sequence[tuple[str, EmailAddress, int]]
) -> dict[str, list[float]]:
    """Return the times of each kind, in seconds; every few hundred a new server begins."""
    times: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    for start in range(0, len(requests), _PER_SERVER):
        server = WebServer(make_app(site), port=0)
        server.start()
        for kind, took in ask(server.url, requests[start : start + _PER_SERVER]):
            times[kind].append(took)
        server.stop()
    return times


def chance(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how probable so large a difference is where there is none (Mann and Whitney, two-sided).

    By the normal approximation, for times that are all different.
    """
    ranked = sorted([(took, 0) for took in one] + [(took, 1) for took in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    first, second = len(one), len(other)
    above = ranks - first * (first + 1) / 2
    spread = sqrt(first * second * (first + second + 1) / 12)
    return erfc(abs(above - first * second / 2) / spread / sqrt(2))


def tell(times: Mapping[str, Sequence[float]]) -> None:
    """Print the median of each kind, and what the test says of it beside strangers."""
    for kind, taken in times.items():
        median = statistics.median(taken) * 1000
        low, *_, high = statistics.quantiles(taken, n=10)
        others = [one for name in _STRANGERS if name != kind for one in times[name]]
        said = f"; p = {chance(others, taken):.2f}"
        spread = f"10 % below {low * 1000:.2f}, 10 % above {high * 1000:.2f}"
        print(f"  {kind:15} median {median:.2f} ms, {spread}{said}")


def run(count: int = _REQUESTS) -> None:
    """Measure `count` requests of each kind."""
    dice = random.Random(20261121)  # noqa: S311 - an order, no secret
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "news"
        copy_starter(folder, timezone="UTC")
        config = folder / "config.yaml"
        text = config.read_text("utf-8")
        config.write_text(f'{text}\nweb: {{proxies: [127.0.0.1]}}\nmatching: {{semantic: "off"}}\n')
        with open_newsroom(config) as room:
            ports = receiving(room)
            admit(room, count)
            lately = [("asked lately", address("asked lately", one), one) for one in range(count)]
            measure(site_of(room, ports), lately)
            answer_enquiries(room, ports)
            asked = [(kind, address(kind, one)) for kind in _KINDS for one in range(count)]
            dice.shuffle(asked)
            requests = [(kind, to, place) for place, (kind, to) in enumerate(asked)]
            print(f"{count} requests of each kind, over HTTP on loopback:")
            tell(measure(site_of(room, ports), requests))


if __name__ == "__main__":
    run(*map(int, sys.argv[1:2]))
