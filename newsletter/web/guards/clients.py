"""Who asks: the network of a client, through proxies that we trust and no others."""

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from starlette.requests import HTTPConnection

Network = IPv4Network | IPv6Network

UNKNOWN: Final = "unknown"
_MOST_HOPS: Final = 20
_V4_PREFIX: Final = 32
_V6_PREFIX: Final = 64
"""One household or server has as many addresses of its own."""


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return networks written as `10.0.0.0/8` or as one address. Raises ValueError."""
    return tuple(ip_network(text, strict=False) for text in texts)


def is_trusted(request: HTTPConnection, proxies: Sequence[Network]) -> bool:
    """Whether the other end of the connection itself is a proxy of ours."""
    peer = _address(request.client.host) if request.client else None
    return peer is not None and _is_in(peer, proxies)


def client_network(request: HTTPConnection, proxies: Sequence[Network] = ()) -> str:
    """Return who asks, as a network: an IPv4 address or the /64 of an IPv6 one.

    X-Forwarded-For is read from its end, as far as our own proxies wrote it: what stands before that
    anybody can claim. A client without an address (a socket of this machine) is "unknown".
    """
    peer = _address(request.client.host) if request.client else None
    if peer is None:
        return UNKNOWN
    if _is_in(peer, proxies):
        peer = _behind_proxies(request, peer, proxies)
    prefix = _V4_PREFIX if isinstance(peer, IPv4Address) else _V6_PREFIX
    return str(ip_network(f"{peer}/{prefix}", strict=False))


def _behind_proxies(
    request: HTTPConnection, peer: IPv4Address | IPv6Address, proxies: Sequence[Network]
) -> IPv4Address | IPv6Address:
    lines = request.headers.getlist("x-forwarded-for")
    hops = [hop.strip() for line in lines for hop in line.split(",")][-_MOST_HOPS:]
    for hop in reversed(hops):
        address = _address(hop)
        if address is None:
            return peer
        peer = address
        if not _is_in(address, proxies):
            return peer
    return peer


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
