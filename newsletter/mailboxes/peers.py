"""Which peer may go on, and which must wait?"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_WINDOW: Final = timedelta(minutes=1)
_MOST_KNOWN: Final = 10_000
_NEIGHBOURHOOD: Final = 64
"""Bits of an IPv6 address that belong to one customer; he may use all addresses behind them."""


@dataclass(frozen=True, slots=True)
class PeerLimits:
    """What one peer may do; what goes beyond is answered 421 and may come later."""

    connections: int = 20
    """Open at one time, by one peer."""
    all_connections: int = 200
    """Open at one time, by all together."""
    messages_per_minute: int = 600


@dataclass(slots=True)
class _Peer:
    connections: int = 0
    began_at: datetime | None = None
    messages: int = 0


@dataclass(slots=True)
class Peers:
    """Counts what each peer does. Used by one thread."""

    limits: PeerLimits
    now: Callable[[], datetime]
    _known: OrderedDict[str, _Peer] = field(default_factory=OrderedDict)
    _open: int = 0

    def admit(self, peer: str) -> bool:
        """Count a connection that begins; False: it is one too many, and was not counted."""
        one = self._peer(peer)
        if one.connections >= self.limits.connections or self._open >= self.limits.all_connections:
            return False
        one.connections += 1
        self._open += 1
        return True

    def leave(self, peer: str) -> None:
        """Count the end of a connection that was admitted."""
        self._peer(peer).connections -= 1
        self._open -= 1

    def count_message(self, peer: str) -> bool:
        """Count a message that begins; False: it is one too many in this minute."""
        one, now = self._peer(peer), self.now()
        if one.began_at is None or now - one.began_at >= _WINDOW:
            one.began_at, one.messages = now, 0
        one.messages += 1
        return one.messages <= self.limits.messages_per_minute

    def _peer(self, name: str) -> _Peer:
        key = _neighbourhood(name)
        one = self._known.setdefault(key, _Peer())
        self._known.move_to_end(key)
        while len(self._known) > _MOST_KNOWN:
            oldest = next(
                (known for known, peer in self._known.items() if not peer.connections), None
            )
            if oldest is None:
                break
            del self._known[oldest]
        return one


def _neighbourhood(name: str) -> str:
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return name
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, _NEIGHBOURHOOD), strict=False))
    return str(address)
