"""What lanes are called."""

from collections.abc import Mapping
from typing import Final

from newsletter.model import LaneName

EVERYTHING: Final = LaneName("all")
"""The lane that every letter takes."""
_DOMAIN: Final = "domain "
_RELAY: Final = "relay "


def domain_lane(domain: str) -> LaneName:
    """Return the lane of all recipients at `domain`."""
    return LaneName(f"{_DOMAIN}{domain.lower()}")


def relay_lane(relay: str) -> LaneName:
    """Return the lane of a relay, by the name that its receipts bear; empty where they bear none."""
    return LaneName(f"{_RELAY}{relay}")


def is_relay_lane(name: LaneName) -> bool:
    """Whether this is the lane of a relay."""
    return name.startswith(_RELAY)


def domain_of_lane(name: LaneName) -> str | None:
    """Return the domain whose lane this is; None for another lane."""
    return name.removeprefix(_DOMAIN) if name.startswith(_DOMAIN) else None


def subject_of_lane(name: LaneName) -> str:
    """Return what people call it: `example.org`, `the relay smtp.example.org:587`, `all letters`."""
    if name == EVERYTHING:
        return "all letters"
    if is_relay_lane(name):
        return f"the relay {name.removeprefix(_RELAY)}".rstrip()
    return domain_of_lane(name) or name


def place_of(domain: str, groups: Mapping[str, str]) -> str:
    """Return the name under which a domain's letters are counted: its own, or that of its group."""
    return groups.get(domain, domain)


def domains_of(place: str, groups: Mapping[str, str]) -> tuple[str, ...]:
    """Return the domains whose letters take the lane of a name, in order: that one, and its group."""
    return tuple(sorted({place, *(one for one, name in groups.items() if name == place)}))


def lanes_of(domain: str, groups: Mapping[str, str]) -> tuple[LaneName, ...]:
    """Return the lanes of letters to a domain: its own, which only a limit makes, and its group's."""
    names = (domain_lane(domain), domain_lane(place_of(domain, groups)))
    return tuple(dict.fromkeys(names))


def is_left(name: LaneName, groups: Mapping[str, str]) -> bool:
    """Whether a domain's lane keeps what is learned in that of its group now."""
    domain = domain_of_lane(name)
    if domain is None or place_of(domain, groups) == domain:
        return False
    return domain not in groups.values()
