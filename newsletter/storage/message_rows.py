"""Between the rows of the outbox and the model, and the writing of moves."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, null, select, update

from newsletter.errors import StorageError
from newsletter.model import (
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Slot,
    SlotKind,
)
from newsletter.storage.bulk import update_rows
from newsletter.storage.columns import table_of
from newsletter.storage.messages import Message
from newsletter.storage.rows import pieces, tuples_in
from newsletter.storage.tables import (
    AppearanceRow,
    AppearanceState,
    OutboxRow,
    Place,
    SlotRow,
)

OUTBOX: Final = table_of(OutboxRow)
_SLOTS: Final = table_of(SlotRow)
_APPEARANCES: Final = table_of(AppearanceRow)

MESSAGES: Final[Select[Any]] = select(
    OUTBOX,
    _SLOTS.c.local_date,
    _SLOTS.c.timezone,
    _SLOTS.c.kind.label("slot_kind"),
).outerjoin(
    _SLOTS, and_(_SLOTS.c.subscriber == OUTBOX.c.subscriber, _SLOTS.c.name == OUTBOX.c.slot)
)
"""All messages with their slots."""

BARE_MESSAGES: Final[Select[Any]] = select(
    OUTBOX,
    *(null().label(name) for name in ("local_date", "timezone", "slot_kind")),
)
"""All messages, without their slots, which no move looks at."""

_KINDS: Final = {str(one): one for one in OutboxKind}
_STATES: Final = {str(one): one for one in OutboxState}
_SLOT_KINDS: Final = {str(one): one for one in SlotKind}


def message_of(row: Sequence[Any]) -> Message:
    """Return the message of a row of MESSAGES, whatever columns come after."""
    (
        number, kind, subscriber, recipient, state, begins_at, begin_by, retry_until, edition, _,
        attempts, crashes, resends, maybe_sent, not_before, message_id, message_sha256, last_reply,
        lease, updated_at, local_date, timezone, slot_kind, *_,
    ) = row  # fmt: skip
    slot = None
    if local_date is not None:
        slot = Slot(local_date, begins_at, timezone, _SLOT_KINDS[slot_kind])
    item = OutboxItem(
        number, _KINDS[kind], subscriber, recipient, _STATES[state], begin_by, retry_until,
        edition, slot, attempts, crashes, resends, not_before, message_id, message_sha256,
        last_reply, updated_at,
    )  # fmt: skip
    return Message(item, maybe_sent, lease)


def locked(query: Select[Any]) -> Select[Any]:
    """Return a query of MESSAGES whose rows nobody else can move until the transaction ends.

    Always in the same order, so that two who lock the same rows do not wait for each other.
    """
    return query.order_by(OUTBOX.c.id).with_for_update(of=OUTBOX)


def read_messages(
    connection: Connection, ids: Iterable[OutboxId], query: Select[Any] = MESSAGES
) -> dict[OutboxId, Message]:
    """Return the messages that exist among `ids`, locked until the transaction ends."""
    rows = tuples_in(connection, locked(query), OUTBOX.c.id, ids)
    return {one.item.id: one for one in map(message_of, rows)}


def move_found(
    connection: Connection, query: Select[Any], move: Callable[[Message], Message]
) -> int:
    """Move the messages that `query` finds; return how many."""
    found = [message_of(row) for row in connection.execute(locked(query))]
    write_moves(connection, [(message, move(message)) for message in found])
    return len(found)


def write_moves(connection: Connection, moves: Sequence[tuple[Message, Message]]) -> None:
    """Write messages as they were and as they are now; a failed edition gives its entries back.

    Raises StorageError when one of them is no longer in the state from which it moves.
    """
    if not moves:
        return
    moved = 0
    for state in dict.fromkeys(was.item.state for was, _ in moves):
        rows = [_row(now) for was, now in moves if was.item.state is state]
        moved += update_rows(connection, OUTBOX, rows, was={"state": state})
    if moved != len(moves):
        message = f"outbox: {len(moves) - moved} messages were moved by another program meanwhile"
        raise StorageError(message)
    over = [now for was, now in moves if now.gives_back and not was.gives_back]
    again = [now for was, now in moves if was.gives_back and not now.gives_back]
    _set_appearances(connection, over, AppearanceState.GIVEN_BACK)
    _set_appearances(connection, again, AppearanceState.LIVE)


def went_elsewhere(connection: Connection, item: OutboxItem) -> bool:
    """Say whether another edition, sent or on its way, shows an entry that this one shows."""
    mine = _APPEARANCES.alias("mine")
    theirs = _APPEARANCES.alias("theirs")
    query = (
        select(theirs.c.edition)
        .join(mine, and_(mine.c.subscriber == theirs.c.subscriber, mine.c.entry == theirs.c.entry))
        .where(
            mine.c.subscriber == item.subscriber,
            mine.c.edition == item.edition,
            mine.c.place == Place.SHOWN,
            theirs.c.edition != item.edition,
            theirs.c.place == Place.SHOWN,
            theirs.c.state == AppearanceState.LIVE,
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def _set_appearances(
    connection: Connection, messages: Sequence[Message], state: AppearanceState
) -> None:
    for piece in pieces(messages):  # found by their subscriber: that is how they are stored
        people = _APPEARANCES.c.subscriber.in_({one.item.subscriber for one in piece})
        here = _APPEARANCES.c.edition.in_([one.item.edition for one in piece])
        connection.execute(update(_APPEARANCES).where(people, here).values(state=state))


def _row(message: Message) -> dict[str, object]:
    """Return what a move can change, under its number."""
    item = message.item
    return {
        "id": item.id,
        "state": item.state,
        "attempts": item.attempts,
        "crashes": item.crashes,
        "resends": item.resends,
        "maybe_sent": message.maybe_sent,
        "not_before": item.not_before,
        "last_reply": item.last_reply,
        "lease": message.lease,
        "updated_at": item.updated_at,
        "message_id": item.message_id,
        "message_sha256": item.message_sha256,
    }
