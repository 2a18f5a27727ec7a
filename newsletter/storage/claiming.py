"""Whose turn it is among the messages that wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from typing import Any, Final

from sqlalchemy import Connection

from newsletter.model import Room, SubscriberId
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import domains_of, within_caps
from newsletter.storage.bulk import listed
from newsletter.storage.driver import Driver, driver_of
from newsletter.storage.heads import PARTS, Heads, Place
from newsletter.storage.message_rows import FoundRow
from newsletter.storage.queues import (
    BEGINS_AT,
    FULL,
    NUMBER,
    RECIPIENT,
    SUBSCRIBER,
    TIERS,
    Tier,
    Walk,
    narrowed,
    turn,
)

_LONGEST_WAIT: Final = timedelta(days=1)
"""No wait is that long: what lies further ahead was written down while the clock was wrong."""
_MOST_APART: Final = timedelta(hours=1)
"""So much may two clocks differ. A wait that was written down later than that after the present, by
the time that stands beside it, is no wait: the clock was wrong then, or is wrong now."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which messages are looked for: up to `limit`, of one subscriber or of all.

    `groups` says which domains share a lane, `heads` what need not be looked at again.
    """

    now: datetime
    limit: int
    resend_limit: int
    subscriber: SubscriberId | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    heads: Heads = field(default_factory=Heads)


def select_with_room(connection: Connection, search: Search, room: Room) -> list[FoundRow]:
    """Return the messages that may be tried now and for which there is room, oldest slot first.

    Answers to people, who wait for them, come before letters. UNCERTAIN ones come after those
    never sent, and only while their time lasts. What was held when a worker ended comes when
    nothing else is left, in small groups; what was so twice, alone. Domains without room do not
    hold up others: they are passed over.
    """
    most = search.limit if room.total is None else min(search.limit, room.total)
    for tier in TIERS if most > 0 else ():
        limit = min(most, tier.at_once or most)
        if found := _select_in_tier(connection, tier, search, room, limit):
            return found
    return []


def _select_in_tier(
    connection: Connection, tier: Tier, search: Search, room: Room, limit: int
) -> list[FoundRow]:
    def select_outside(places: Collection[str]) -> list[FoundRow]:
        found = _select(connection, tier, search, places, limit)
        if not found and places and tier.is_fresh and not room.again_at:
            # Nothing is looked at again soon: then what was passed over before must not be missed.
            search.heads.forget()
            return _select(connection, tier, search, places, limit)
        return found

    full = {place for place, cap in room.caps.items() if cap <= 0}
    found = select_outside(full)
    kept = _within_caps(found, room, search.groups)
    if len(kept) == len(found):
        return kept
    return _distinct(kept + select_outside(room.caps.keys()))[:limit]


def _within_caps(
    found: Sequence[FoundRow], room: Room, groups: Mapping[str, str]
) -> list[FoundRow]:
    """Leave out what is over the cap of its domain, later ones first."""
    domains = [domain_of(one[RECIPIENT]) for one in found]
    return list(compress(found, within_caps(domains, room.caps, groups)))


def _select(
    connection: Connection, tier: Tier, search: Search, full: Collection[str], limit: int
) -> list[FoundRow]:
    domains = {name for place in full for name in domains_of(place, search.groups)}
    values = {
        "now": search.now,
        "too_far": search.now + _LONGEST_WAIT,
        "too_late": search.now + _MOST_APART,
        "resend_limit": search.resend_limit,
        "most": limit,
        **(listed(connection, sorted(domains), FULL) if full else {}),
        **({} if search.subscriber is None else {SUBSCRIBER: search.subscriber}),
    }
    driver, names = driver_of(connection), frozenset(values)
    has_heads = tier.is_fresh and bool(full) and search.subscriber is None
    rows: list[FoundRow] = []
    for walk in tier.answers:
        rows += driver.fetch(narrowed(walk, driver.name, names), values)
    for walk in tier.walks:
        if has_heads:
            rows += _walk_from_head(driver, walk, search, full, values)
        else:
            rows += driver.fetch(narrowed(walk, driver.name, names), values)
    return sorted(_distinct(rows), key=turn)[:limit]


def _walk_from_head(
    driver: Driver,
    walk: Walk,
    search: Search,
    full: Collection[str],
    values: Mapping[str, Any],
) -> list[FoundRow]:
    """Walk along the queue of a state from where something may be outside of the domains of `full`."""
    names = frozenset(values)
    head = search.heads.known(walk.state, full, search.now)
    found: list[FoundRow] = []
    if head is None:
        found = driver.fetch(narrowed(walk, driver.name, names), values)
        first = Place(found[0][BEGINS_AT], found[0][NUMBER]) if found else None
        search.heads.learn(driver, walk.state, full, search.now, first)
        return found
    for part in range(len(PARTS)):
        if len(found) < values["most"]:
            query = narrowed(walk, driver.name, names, part)
            found += driver.fetch(query, {**values, **head._asdict()})
    return found


def _distinct(rows: Sequence[FoundRow]) -> list[FoundRow]:
    """Return each row once, in their order: an answer is found apart, and in the queue of its state."""
    return list({row[NUMBER]: row for row in rows}.values())
