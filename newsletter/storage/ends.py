"""Which messages that wait are too late: asked each minute, so found without a look at the others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, literal_column, select

from newsletter.model import OutboxId, OutboxKind, OutboxState
from newsletter.storage.columns import Moment
from newsletter.storage.message_rows import MESSAGES, OUTBOX, locked, message_of
from newsletter.storage.messages import Message
from newsletter.storage.rows import tuples_in

AT_ONCE: Final = 1_000
"""Messages of each kind that end in one transaction: others can write between two of them."""

# Written out, not bound, and as the migration has it: the partial indexes hold these rows alone.
_WAITS: Final = OUTBOX.c.state.in_(
    [literal_column(f"'{one}'") for one in (OutboxState.QUEUED, OutboxState.DEFERRED)]
)
_NOW: Final = bindparam("now", type_=Moment())
_SOME: Final = select(OUTBOX.c.id).where(_WAITS).limit(AT_ONCE)
_NEVER_BEGUN: Final = _SOME.where(
    OUTBOX.c.message_sha256.is_(None),
    OUTBOX.c.kind == OutboxKind.EDITION,
    OUTBOX.c.begin_by <= _NOW,
).order_by(OUTBOX.c.state, OUTBOX.c.begin_by)  # as the index has them
_IS_OVER: Final = _SOME.where(OUTBOX.c.retry_until <= _NOW).order_by(
    OUTBOX.c.state, OUTBOX.c.retry_until
)
_WAITING: Final = locked(MESSAGES.where(_WAITS))


def find_late(connection: Connection, now: datetime) -> Sequence[Message]:
    """Return some of the messages whose time is over, or was to begin: editions alone.

    Locked until the transaction ends; what another one moved meanwhile is left out.
    """
    found: set[OutboxId] = set()
    for query in (_NEVER_BEGUN, _IS_OVER):
        found.update(connection.execute(query, {"now": now}).scalars())
    if not found:
        return ()
    return [message_of(row) for row in tuples_in(connection, _WAITING, OUTBOX.c.id, sorted(found))]
