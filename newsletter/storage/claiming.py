"""Whose turn it is among the messages that wait."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    literal_column,
    not_,
    or_,
    true,
)

from newsletter.model import OutboxState, Room, SubscriberId
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import domains_of, place_of
from newsletter.storage.columns import Moment
from newsletter.storage.heads import Heads, parts_from
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.messages import DEADLY_CRASHES, OPEN, Message

_LONGEST_WAIT: Final = timedelta(days=1)
"""No wait is that long: what lies further ahead was written down while the clock was wrong."""
_SUSPECTS_AT_ONCE: Final = 10
"""What was held once when a worker ended is tried in such groups: most of it is innocent."""


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


@dataclass(frozen=True, slots=True)
class _Tier:
    """Messages that are claimed together: `queries` for each state, one by one.

    Each reads along the index. `at_once` is how many at most, None: as many as asked for.
    """

    queries: Mapping[OutboxState, Select[Any]]
    at_once: int | None = None

    @property
    def is_fresh(self) -> bool:
        return self.at_once is None


def select_with_room(connection: Connection, search: Search, room: Room) -> list[Message]:
    """Return the messages that may be tried now and for which there is room, oldest slot first.

    UNCERTAIN ones come after those never sent, and only while their time lasts. What was held when
    a worker ended comes when nothing else is left, in small groups; what was so twice, alone.
    Domains without room do not hold up others: they are passed over.
    """
    most = search.limit if room.total is None else min(search.limit, room.total)
    for tier in _TIERS if most > 0 else ():
        limit = min(most, tier.at_once or most)
        if found := _select_in_tier(connection, tier, search, room, limit):
            return found
    return []


def _select_in_tier(
    connection: Connection, tier: _Tier, search: Search, room: Room, limit: int
) -> list[Message]:
    def select_outside(places: Collection[str]) -> list[Message]:
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
    known = {one.item.id for one in kept}
    others = [one for one in select_outside(room.caps.keys()) if one.item.id not in known]
    return (kept + others)[:limit]


def _within_caps(found: Sequence[Message], room: Room, groups: Mapping[str, str]) -> list[Message]:
    """Leave out what is over the cap of its domain, later ones first."""
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        place = place_of(domain_of(one.item.recipient), groups)
        seen[place] += 1
        if seen[place] <= room.caps.get(place, len(found)):
            kept.append(one)
    return kept


def _select(
    connection: Connection, tier: _Tier, search: Search, full: Collection[str], limit: int
) -> list[Message]:
    values = {
        "now": search.now,
        "too_far": search.now + _LONGEST_WAIT,
        "resend_limit": search.resend_limit,
        "most": limit,
    }
    rows: list[Row[Any]] = []
    for state, query in tier.queries.items():
        narrowed = _narrowed(query, search, full)
        is_walk = tier.is_fresh and bool(full) and search.subscriber is None
        head = search.heads.known(state, full, search.now) if is_walk else None
        found: list[Row[Any]] = []
        for part in parts_from(head) if head else (true(),):
            if len(found) < limit:
                found += connection.execute(narrowed.where(part), values)
        if is_walk and head is None:
            search.heads.learn(connection, state, full, search.now, found)
        rows += found
    return [message_of(row) for row in sorted(rows, key=_turn)][:limit]


def _narrowed(query: Select[Any], search: Search, full: Collection[str]) -> Select[Any]:
    domains = sorted(name for place in full for name in domains_of(place, search.groups))
    here = [_is_outside(domain) for domain in domains]
    if search.subscriber is not None:
        here.append(OUTBOX.c.subscriber == search.subscriber)
    return query.where(*here) if here else query


def _is_outside(domain: str) -> ColumnElement[bool]:
    return not_(OUTBOX.c.recipient.iendswith(f"@{domain}", autoescape=True))


def _queries(guilt: ColumnElement[bool]) -> Mapping[OutboxState, Select[Any]]:
    moment = bindparam("now", type_=Moment())
    is_time = or_(
        OUTBOX.c.not_before.is_(None),
        OUTBOX.c.not_before <= moment,
        OUTBOX.c.not_before > bindparam("too_far", type_=Moment()),
    )
    may_go = and_(guilt, is_time)
    again = and_(
        OUTBOX.c.resends < bindparam("resend_limit"),
        OUTBOX.c.crashes < DEADLY_CRASHES,
        OUTBOX.c.retry_until > moment,
        may_go,
    )
    conditions = dict.fromkeys(OPEN, may_go) | {OutboxState.UNCERTAIN: again}
    return {
        state: MESSAGES.where(OUTBOX.c.state == state, condition)
        .order_by(OUTBOX.c.crashes, OUTBOX.c.begins_at, OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=OUTBOX, skip_locked=True)
        for state, condition in conditions.items()
    }


# Written out, not bound: the partial index holds these rows alone.
_IS_SUSPECT: Final = OUTBOX.c.crashes > literal_column("0")

_TIERS: Final = (
    _Tier(_queries(OUTBOX.c.crashes == 0)),
    _Tier(_queries(and_(_IS_SUSPECT, OUTBOX.c.crashes == 1)), at_once=_SUSPECTS_AT_ONCE),
    _Tier(_queries(and_(_IS_SUSPECT, OUTBOX.c.crashes > 1)), at_once=1),
)


def _turn(row: Row[Any]) -> tuple[object, ...]:
    """Return the place in the queue: what may have arrived already is sent again last."""
    return row.crashes, row.state == OutboxState.UNCERTAIN, row.begins_at, row.id
