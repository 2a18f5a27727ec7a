"""Look-ups in the DNS, for `newsletter doctor`."""

from datetime import timedelta
from typing import Final

import dns.exception
import dns.resolver

from newsletter.model import DnsAnswer

PATIENCE: Final = timedelta(seconds=5)


def look_up(name: str, kind: str, patience: timedelta = PATIENCE) -> DnsAnswer:
    """Return the records of `kind` (TXT, MX, A, AAAA) under `name`; never raises.

    A name that does not exist has no records. TXT strings of one record are joined (RFC 7208
    section 3.3).
    """
    try:
        resolver = dns.resolver.Resolver()
        found = resolver.resolve(name, kind, lifetime=patience.total_seconds(), search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return DnsAnswer()
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return DnsAnswer(trouble=trouble_of(error))
    return DnsAnswer(tuple(sorted(_text(record, kind) for record in found)))


def trouble_of(error: Exception) -> str:
    """Return the first line of what went wrong."""
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def _text(record: object, kind: str) -> str:
    if kind == "TXT":
        strings: tuple[bytes, ...] = getattr(record, "strings", ())
        return b"".join(strings).decode("utf-8", "replace")
    return str(record)
