"""Giving messages to a worker, and letting it begin with those it holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, exists, or_

from newsletter.model import (
    Beginning,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    SubscriptionState,
)
from newsletter.storage import messages
from newsletter.storage.columns import table_of
from newsletter.storage.leases import Holder
from newsletter.storage.message_rows import BARE_MESSAGES, OUTBOX, locked, message_of, write_moves
from newsletter.storage.messages import Message
from newsletter.storage.rows import tuples_in
from newsletter.storage.tables import SubscriberRow

_PEOPLE: Final = table_of(SubscriberRow)
_IS_TO_READER: Final = exists().where(
    _PEOPLE.c.id == OUTBOX.c.subscriber, _PEOPLE.c.state == SubscriptionState.CONFIRMED
)
# Found by their numbers alone: with more conditions SQLite would rather read all that are claimed.
_TO_BEGIN: Final = locked(
    BARE_MESSAGES.add_columns(
        or_(OUTBOX.c.kind != OutboxKind.EDITION, _IS_TO_READER).label("is_wanted")
    )
)


def lease(
    connection: Connection, found: Sequence[Message], holder: Holder, now: datetime
) -> list[OutboxItem]:
    """Give these messages to a worker; return them as they are now."""
    moves = [(one, messages.claim(one, holder, now)) for one in found]
    write_moves(connection, moves)
    return [after.item for _, after in moves]


def begin(
    connection: Connection, begun: Sequence[Beginning], holder: Holder, now: datetime
) -> frozenset[OutboxId]:
    """Note of which messages the final dot may be sent; return them.

    Not those that the worker does not hold any more, and not an edition for somebody who is not
    CONFIRMED any more, which is cancelled by this.
    """
    by_item = {one.item: one for one in begun}
    rows = [
        (message_of(row), row.is_wanted)
        for row in tuples_in(connection, _TO_BEGIN, OUTBOX.c.id, by_item)
        if row.state == OutboxState.CLAIMED and row.lease == holder
    ]
    wanted = [one for one, is_wanted in rows if is_wanted]
    unwanted = [one for one, is_wanted in rows if not is_wanted]
    moves = [(one, messages.begin(one, by_item[one.item.id], now)) for one in wanted]
    moves += [(one, messages.cancel(one, "unsubscribed", now)) for one in unwanted]
    write_moves(connection, moves)
    return frozenset(one.item.id for one in wanted)
