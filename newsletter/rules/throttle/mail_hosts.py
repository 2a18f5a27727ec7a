"""Which domains have their mail at one provider? Told by the names of their mail servers."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Limits, MailHosts
from newsletter.rules.throttle.naming import place_of

ANSWER_LASTS: Final = timedelta(days=1)
FAILURE_LASTS: Final = timedelta(hours=1)
"""So long nobody is asked again after a look-up that failed."""
_CLOCK_ERROR: Final = timedelta(minutes=10)
_MOST_RECORDS: Final = 100
_MOST_HOSTS: Final = 10
_LONGEST_NAME: Final = 253
"""Characters of a name without its last dot (RFC 1035 section 2.3.4: 255 octets on the wire)."""
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_RECORD: Final = re.compile(r"([0-9]{1,5}) ([!-~]+)")
_COUNTRY: Final = 2
_PUBLIC_SECOND_LEVELS: Final = frozenset({
    "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "id", "ltd",
    "me", "mil", "ne", "net", "nhs", "nom", "or", "org", "plc", "sch",
})  # fmt: skip
"""Below a country, names under these belong to different people: `co.uk`, `com.au`, `ne.jp`."""
_NOT_IN_THE_DNS: Final = frozenset({
    "alt", "example", "home", "internal", "invalid", "lan", "local", "localhost", "onion", "test",
})  # fmt: skip
"""Top-level names that no public server answers for (RFC 2606, 6762, 7686, 9476, and in houses)."""


def read_mail_hosts(records: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts of the lowest preference among MX records like `10 mx.example.org.`, in order.

    What is no host name is left out, and what comes after a hundred records or ten hosts. None of a
    domain that takes no mail: `0 .` (RFC 7505).
    """
    found: dict[int, set[str]] = {}
    for record in list(records)[:_MOST_RECORDS]:
        parts = _RECORD.fullmatch(record[: _LONGEST_NAME + 10])
        host = parts[2].lower().removesuffix(".") if parts else ""
        if parts and is_host_name(host):
            found.setdefault(int(parts[1]), set()).add(host)
    return tuple(sorted(found[min(found)])[:_MOST_HOSTS]) if found else ()


def is_host_name(text: str) -> bool:
    """Whether `text` is a name in lower case of at least two labels, and no IP address."""
    if len(text) > _LONGEST_NAME:
        return False
    labels = text.split(".")
    is_name = all(_LABEL.fullmatch(label) for label in labels)
    return is_name and len(labels) > 1 and not labels[-1].isdecimal()


def is_worth_asking(domain: str) -> bool:
    """Whether the DNS can know the mail servers of a domain."""
    return is_host_name(domain) and domain.rpartition(".")[2] not in _NOT_IN_THE_DNS


def is_due(known: MailHosts, now: datetime) -> bool:
    """Whether the DNS is to be asked anew: after a day, after a failure within an hour.

    Also where the last time lies ahead: it was written down while the clock was wrong.
    """
    lasts = FAILURE_LASTS if known.trouble else ANSWER_LASTS
    return not now - lasts < known.asked_at <= now + _CLOCK_ERROR


def organisation_of(host: str) -> str | None:
    """Return the end of a host name that one organisation has: `l.google.com` is of `google.com`.

    Two labels, three below what a country gives to everybody (`co.uk`). None where that is no name.
    """
    labels = host.split(".")
    is_shared = len(labels[-1]) == _COUNTRY and labels[-2:][0] in _PUBLIC_SECOND_LEVELS
    count = 3 if is_shared else 2
    return ".".join(labels[-count:]) if len(labels) >= count else None


def provider_of(known: MailHosts) -> str | None:
    """Return the organisation that takes the mail of a domain; None: nobody knows, or itself.

    Of several that are asked first it is the one whose name comes first, so that all their domains
    get the same answer.
    """
    names = (organisation_of(host) for host in known.hosts if is_host_name(host))
    first = min((name for name in names if name), default=None)
    return None if first == known.domain else first


def with_providers(limits: Limits, known: Iterable[MailHosts]) -> Limits:
    """Return `limits` with the domains of each provider grouped under its name.

    What the operator grouped by hand stays as it is. A group that names a provider among its
    domains gets all whose mail that provider takes.
    """
    found: dict[str, str] = {}
    for one in known:
        provider = provider_of(one)
        if provider and one.domain not in limits.groups:
            found[one.domain] = place_of(provider, limits.groups)
    return replace(limits, groups={**found, **limits.groups})
