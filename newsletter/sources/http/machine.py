"""What the client uses of the machine that it runs on; tests bring another."""

import random
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, in the order in which to try them; raises OSError. May take for ever."""
Dial = Callable[[str, int, float], socket.socket]
"""A connection to one address and port, within so many seconds; raises OSError."""


def resolve(host: str, port: int) -> list[str]:
    """Return what the system knows of a name; an IP address is its own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def dial(address: str, port: int, timeout_s: float) -> socket.socket:
    """Return a connection to an IP address: nothing is looked up."""
    return socket.create_connection((address, port), timeout_s)


def utc_now() -> datetime:
    """Return the moment that the machine's clock shows."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Machine:
    """Clocks, names, connections and dice. `monotonic` and `sleep` count in seconds."""

    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.SystemRandom().random
    resolve: Resolve = resolve
    dial: Dial = dial
