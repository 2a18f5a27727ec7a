"""Where messages are looked for that may be claimed: queries that read along the indexes, in turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    all_,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from newsletter.model import OutboxKind, OutboxState
from newsletter.storage.bulk import TEXTS
from newsletter.storage.columns import Moment
from newsletter.storage.heads import PARTS
from newsletter.storage.message_rows import MESSAGES, OUTBOX, PLACES, FoundRow
from newsletter.storage.messages import DEADLY_CRASHES, OPEN

FULL: Final = "full"
"""The value that holds the domains which are left out; without it none is."""
SUBSCRIBER: Final = "subscriber"
"""The value that says whose messages alone are looked for; without it everybody's are."""

NUMBER: Final = PLACES["id"]
RECIPIENT: Final = PLACES["recipient"]
BEGINS_AT: Final = PLACES["begins_at"]
_KIND: Final = PLACES["kind"]
_STATE: Final = PLACES["state"]
_CRASHES: Final = PLACES["crashes"]

_SUSPECTS_AT_ONCE: Final = 10
"""What was held once when a worker ended is tried in such groups: most of it is innocent."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A query along the index of messages in `state`."""

    query: Select[Any]
    state: OutboxState


@dataclass(frozen=True, slots=True)
class Tier:
    """Messages that are claimed together, found by `walks`, one for each state.

    `answers` are walks that find those of them that go first, of which there are few. `at_once` is
    how many at most, None: as many as asked for.
    """

    walks: tuple[Walk, ...]
    at_once: int | None = None
    answers: tuple[Walk, ...] = ()

    @property
    def is_fresh(self) -> bool:
        """Whether none of them was held when a worker ended."""
        return self.at_once is None


@cache
def narrowed(
    walk: Walk, dialect: str, values: frozenset[str], part: int | None = None
) -> Select[Any]:
    """Return the query of a walk for values of these names, from a place on: that `part` of PARTS."""
    here = [] if part is None else [PARTS[part]]
    if FULL in values:
        here.append(_is_outside(dialect))
    if SUBSCRIBER in values:
        here.append(OUTBOX.c.subscriber == bindparam(SUBSCRIBER, type_=String))
    return walk.query.where(*here) if here else walk.query


def turn(row: FoundRow) -> tuple[object, ...]:
    """Return the place in the queue: what may have arrived already is sent again last."""
    return (
        row[_CRASHES],
        row[_KIND] != OutboxKind.REPLY,
        row[_STATE] == OutboxState.UNCERTAIN,
        row[BEGINS_AT],
        row[NUMBER],
    )


def _is_outside(dialect: str) -> ColumnElement[bool]:
    """Return the condition that a recipient is at none of the domains of `full`: there may be thousands."""
    if dialect == "postgresql":
        domain = func.lower(func.split_part(OUTBOX.c.recipient, "@", 2))
        return domain != all_(bindparam(FULL, type_=TEXTS))
    domain = func.lower(func.substr(OUTBOX.c.recipient, func.instr(OUTBOX.c.recipient, "@") + 1))
    each = func.json_each(bindparam(FULL, type_=String))
    return domain.not_in(select(each.table_valued("value").c.value))


_NOW: Final = bindparam("now", type_=Moment())
_IS_TIME: Final = or_(
    OUTBOX.c.not_before.is_(None),
    OUTBOX.c.not_before <= _NOW,
    OUTBOX.c.not_before > bindparam("too_far", type_=Moment()),
    OUTBOX.c.updated_at > bindparam("too_late", type_=Moment()),
)
_MAY_COME_AGAIN: Final = and_(
    OUTBOX.c.resends < bindparam("resend_limit", type_=Integer),
    OUTBOX.c.crashes < DEADLY_CRASHES,
    OUTBOX.c.retry_until > _NOW,
)
_ANSWERS_FIRST: Final = (OUTBOX.c.kind.desc(),)


def _found(
    *conditions: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = ()
) -> Select[Any]:
    return (
        MESSAGES.where(*conditions, _IS_TIME)
        .order_by(OUTBOX.c.crashes, *order, OUTBOX.c.begins_at, OUTBOX.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=OUTBOX, skip_locked=True)
    )


def _queues(
    *conditions: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = ()
) -> tuple[Walk, ...]:
    """Return a walk for each state, oldest slot first."""
    of_open = [Walk(_found(OUTBOX.c.state == one, *conditions, order=order), one) for one in OPEN]
    state = OutboxState.UNCERTAIN
    again = _found(OUTBOX.c.state == state, *conditions, _MAY_COME_AGAIN, order=order)
    return (*of_open, Walk(again, state))


_IS_FRESH: Final = OUTBOX.c.crashes == 0
# Written out, not bound: the partial indexes hold these rows alone.
_IS_ANSWER: Final = OUTBOX.c.kind == literal_column(f"'{OutboxKind.REPLY}'")
_IS_SUSPECT: Final = OUTBOX.c.crashes > literal_column("0")

TIERS: Final = (
    Tier(_queues(_IS_FRESH), answers=_queues(_IS_ANSWER, _IS_FRESH)),
    Tier(
        _queues(_IS_SUSPECT, OUTBOX.c.crashes == 1, order=_ANSWERS_FIRST),
        at_once=_SUSPECTS_AT_ONCE,
    ),
    Tier(_queues(_IS_SUSPECT, OUTBOX.c.crashes > 1, order=_ANSWERS_FIRST), at_once=1),
)
