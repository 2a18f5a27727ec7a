"""Somebody who asks for letters in the name of others: how many mails do they get, and how soon?

    python -m benchmarks.forgers [REQUESTS [VICTIMS]]

Each request goes the way of a message that came over LMTP: stored, claimed, read, answered. The
clock stands still, so that all of them come within one hour.
"""

import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from newsletter.bootstrap import open_newsroom, receiving
from newsletter.config import copy_starter
from newsletter.model import EmailAddress
from newsletter.workflows import asked_lately, flood_alarms, work_off

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEWS = "news@news.example.org"
CHUNK = 500
_STRIDE = 7_919
"""A prime, so that each victim comes as often as any other, far apart."""


def forge(number: int, victims: int) -> tuple[bytes, EmailAddress]:
    """Return a request in the name of one of the victims."""
    victim = EmailAddress(f"victim{number * _STRIDE % victims}@example.net")
    lines = (
        f"From: {victim}",
        f"To: {NEWS}",
        f"Message-ID: <{number}@evil.example>",
        "Subject: subscribe",
        "",
        "subscribe robots\r\nVisit www.evil.example now\r\n",
    )
    return "\r\n".join(lines).encode(), victim


def run(requests: int = 10_000, victims: int = 1_000) -> None:
    """Print what the victims get, and what it cost."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "news"
        copy_starter(folder, timezone="UTC")
        with open_newsroom(folder / "config.yaml", now=NOW) as room:
            ports = receiving(room)
            begun, computed = time.perf_counter(), time.process_time()
            for first in range(0, requests, CHUNK):
                for number in range(first, min(first + CHUNK, requests)):
                    raw, victim = forge(number, victims)
                    room.inbound.store(raw, victim, NEWS, now=NOW)
                work_off(room.inbound, ports)
            seconds, computed = time.perf_counter() - begun, time.process_time() - computed
            items = room.outbox.find(limit=None)
            alarms = list(flood_alarms(asked_lately(room.correspondence, NOW)))
    mails = Counter(item.recipient for item in items)
    at_once = sum(item.not_before is None for item in items)
    latest = max((item.not_before - NOW for item in items if item.not_before), default=None)
    print(
        f"  {requests:,} requests for {victims:,} victims in {seconds:.0f} s ({computed:.0f} computed)"
    )
    print(
        f"  {len(items):,} mails to {len(mails):,} addresses, at most {max(mails.values())} to one"
    )
    print(f"  {at_once} leave at once, the last one after {latest}; {len(alarms)} alarm")


if __name__ == "__main__":
    run(*map(int, sys.argv[1:]))
