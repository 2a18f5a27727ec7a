"""Whose turn it is among the messages that wait."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_

from newsletter.model import OutboxState
from newsletter.storage.message_rows import MESSAGES, OUTBOX, message_of
from newsletter.storage.messages import OPEN, Message


def select_claimable(
    connection: Connection, now: datetime, limit: int, resend_limit: int
) -> list[Message]:
    """Return up to `limit` messages that may be tried now, oldest slot first.

    UNCERTAIN ones come after those never sent, and only while their time lasts. What crashed
    before comes when nothing else is left, and alone.
    """
    fresh = _select(connection, OUTBOX.c.crashes == 0, now, limit, resend_limit)
    return fresh or _select(connection, OUTBOX.c.crashes > 0, now, min(limit, 1), resend_limit)


def _select(
    connection: Connection,
    guilt: ColumnElement[bool],
    now: datetime,
    limit: int,
    resend_limit: int,
) -> list[Message]:
    order = (OUTBOX.c.crashes, OUTBOX.c.begins_at, OUTBOX.c.id)
    may_go = and_(guilt, or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= now))
    again = and_(OUTBOX.c.resends < resend_limit, OUTBOX.c.retry_until > now, may_go)
    conditions = dict.fromkeys(OPEN, may_go) | {OutboxState.UNCERTAIN: again}
    rows = [
        row
        for state, condition in conditions.items()  # one by one: each reads along the index
        for row in connection.execute(
            MESSAGES.where(OUTBOX.c.state == state, condition).order_by(*order).limit(limit)
        ).mappings()
    ]
    return [message_of(row) for row in sorted(rows, key=_turn)][:limit]


def _turn(row: RowMapping) -> tuple[object, ...]:
    """Return the place in the queue: what may have arrived already is sent again last."""
    is_again = row["state"] == OutboxState.UNCERTAIN
    return row["crashes"], is_again, row["begins_at"], row["id"]
