"""Whose turn it is among the messages that wait."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, not_, or_

from newsletter.model import OutboxState, Room, SubscriberId
from newsletter.rules.addresses import domain_of
from newsletter.storage.columns import Moment
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.messages import OPEN, Message

_LONGEST_WAIT: Final = timedelta(days=1)
"""No wait is that long: what lies further ahead was written down while the clock was wrong."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which messages are looked for: up to `limit`, of one subscriber or of all."""

    now: datetime
    limit: int
    resend_limit: int
    subscriber: SubscriberId | None = None


def select_with_room(connection: Connection, search: Search, room: Room) -> list[Message]:
    """Return the messages that may be tried now and for which there is room.

    Domains without room do not hold up others: they are passed over.
    """
    limit = search.limit if room.total is None else min(search.limit, room.total)
    mine = [] if search.subscriber is None else [OUTBOX.c.subscriber == search.subscriber]
    if limit <= 0:
        return []

    def select_outside(domains: Collection[str]) -> list[Message]:
        conditions = [*mine, *(_is_outside(domain) for domain in sorted(domains))]
        here = and_(*conditions) if conditions else None
        return select_claimable(connection, search.now, limit, search.resend_limit, here)

    full = {domain for domain, cap in room.caps.items() if cap <= 0}
    found = select_outside(full)
    kept = _within_caps(found, room)
    if len(kept) == len(found):
        return kept
    known = {one.item.id for one in kept}
    others = [one for one in select_outside(room.caps.keys()) if one.item.id not in known]
    fresh = [one for one in others if not one.item.crashes]  # what crashed before goes alone
    return (kept + fresh)[:limit]


def _is_outside(domain: str) -> ColumnElement[bool]:
    return not_(OUTBOX.c.recipient.iendswith(f"@{domain}", autoescape=True))


def _within_caps(found: Sequence[Message], room: Room) -> list[Message]:
    """Leave out what is over the cap of its domain, later ones first."""
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        domain = domain_of(one.item.recipient)
        seen[domain] += 1
        if seen[domain] <= room.caps.get(domain, len(found)):
            kept.append(one)
    return kept


def select_claimable(
    connection: Connection,
    now: datetime,
    limit: int,
    resend_limit: int,
    here: ColumnElement[bool] | None = None,
) -> list[Message]:
    """Return up to `limit` messages that may be tried now, oldest slot first.

    UNCERTAIN ones come after those never sent, and only while their time lasts. What crashed
    before comes when nothing else is left, and alone. `here` says among which, None among all.
    """
    wanted = {
        "now": now,
        "too_far": now + _LONGEST_WAIT,
        "resend_limit": resend_limit,
        "most": limit,
    }
    fresh = _select(connection, _FRESH, wanted, here)
    return fresh or _select(connection, _GUILTY, wanted | {"most": min(limit, 1)}, here)


def _queries(guilt: ColumnElement[bool]) -> tuple[Select[Any], ...]:
    """Return the questions for each state, one by one: each reads along the index."""
    moment = bindparam("now", type_=Moment())
    is_time = or_(
        OUTBOX.c.not_before.is_(None),
        OUTBOX.c.not_before <= moment,
        OUTBOX.c.not_before > bindparam("too_far", type_=Moment()),
    )
    may_go = and_(guilt, is_time)
    again = and_(
        OUTBOX.c.resends < bindparam("resend_limit"), OUTBOX.c.retry_until > moment, may_go
    )
    conditions = dict.fromkeys(OPEN, may_go) | {OutboxState.UNCERTAIN: again}
    return tuple(
        MESSAGES.where(OUTBOX.c.state == state, condition)
        .order_by(OUTBOX.c.crashes, OUTBOX.c.begins_at, OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=OUTBOX, skip_locked=True)
        for state, condition in conditions.items()
    )


_FRESH: Final = _queries(OUTBOX.c.crashes == 0)
_GUILTY: Final = _queries(OUTBOX.c.crashes > 0)


def _select(
    connection: Connection,
    queries: Sequence[Select[Any]],
    wanted: Mapping[str, object],
    here: ColumnElement[bool] | None,
) -> list[Message]:
    rows = [
        row
        for query in queries
        for row in connection.execute(query if here is None else query.where(here), wanted)
    ]
    return [message_of(row) for row in sorted(rows, key=_turn)][: cast("int", wanted["most"])]


def _turn(row: Row[Any]) -> tuple[object, ...]:
    """Return the place in the queue: what may have arrived already is sent again last."""
    return row.crashes, row.state == OutboxState.UNCERTAIN, row.begins_at, row.id
