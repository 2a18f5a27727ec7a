"""Which addresses are on the public internet, and not in a house, a machine or a cloud's back room?"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_NO_PUBLIC_IPV4: Final = tuple(
    ip_network(one)
    for one in (
        # IANA IPv4 Special-Purpose Address Registry (RFC 6890), and multicast.
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind the NAT of a provider (RFC 6598)
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; a cloud tells its secrets at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NO_PUBLIC_IPV6: Final = tuple(
    IPv6Network(one)
    for one in (
        # IANA IPv6 Special-Purpose Address Registry, as far as within global unicast.
        "2001::/23",  # protocol assignments, among them Teredo, which carries an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4, which carries an IPv4 address too
        "3fff::/20",
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it (RFC 6052): the last four octets are the address meant."""


def is_public(address: str) -> bool:
    """Whether an IP address, as text, is one that anybody on the internet can mean the same by.

    IPv4-mapped (RFC 4291) and NAT64 addresses are judged by what they carry. 6to4 and Teredo are
    refused whole: both were given up years ago (RFC 7526), and carry addresses within addresses.
    A text that is no address, and one with a zone (`fe80::1%eth0`), is not public.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_ipv4(parsed)
    carried = _carried(parsed)
    if carried:
        return _is_public_ipv4(carried)
    is_special = any(parsed in network for network in _NO_PUBLIC_IPV6)
    return parsed in _GLOBAL_UNICAST and parsed.scope_id is None and not is_special


def _is_public_ipv4(address: IPv4Address) -> bool:
    return not any(address in network for network in _NO_PUBLIC_IPV4)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped
