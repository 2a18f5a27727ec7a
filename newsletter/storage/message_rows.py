"""Between the rows of the outbox and the model, and the writing of moves."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, select, update

from newsletter.errors import StorageError
from newsletter.model import (
    EditionId,
    EmailAddress,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Slot,
    SlotKind,
    SubscriberId,
)
from newsletter.storage.columns import table_of
from newsletter.storage.leases import Holder
from newsletter.storage.messages import Message
from newsletter.storage.rows import pieces, rows_in
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

_MOVE: Final = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("item"), OUTBOX.c.state == bindparam("was"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "state", "attempts", "crashes", "resends", "maybe_sent", "not_before",
                "last_reply", "lease", "updated_at", "message_id", "message_sha256",
            )
        }
    )
)  # fmt: skip


def message_of(row: RowMapping) -> Message:
    """Return the message of a row of MESSAGES."""
    lease = row["lease"]
    return Message(_item_of(row), row["maybe_sent"], None if lease is None else Holder(lease))


def read_messages(connection: Connection, ids: Iterable[OutboxId]) -> dict[OutboxId, Message]:
    """Return the messages that exist among `ids`, locked until the transaction ends."""
    rows = rows_in(connection, MESSAGES.with_for_update(of=OUTBOX), OUTBOX.c.id, ids)
    return {OutboxId(row["id"]): message_of(row) for row in rows}


def write_moves(connection: Connection, moves: Sequence[tuple[Message, Message]]) -> None:
    """Write messages as they were and as they are now; a failed edition gives its entries back.

    Raises StorageError when one of them is no longer in the state from which it moves.
    """
    if not moves:
        return
    values = [_move_values(was, now) for was, now in moves]
    moved = connection.execute(_MOVE, values).rowcount
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
    for piece in pieces(message.item.edition for message in messages):
        here = _APPEARANCES.c.edition.in_(piece)
        connection.execute(update(_APPEARANCES).where(here).values(state=state))


def _move_values(was: Message, now: Message) -> dict[str, object]:
    item = now.item
    return {
        "item": item.id,
        "was": was.item.state,
        "new_state": item.state,
        "new_attempts": item.attempts,
        "new_crashes": item.crashes,
        "new_resends": item.resends,
        "new_maybe_sent": now.maybe_sent,
        "new_not_before": item.not_before,
        "new_last_reply": item.last_reply,
        "new_lease": now.lease,
        "new_updated_at": item.updated_at,
        "new_message_id": item.message_id,
        "new_message_sha256": item.message_sha256,
    }


def _item_of(row: RowMapping) -> OutboxItem:
    edition = row["edition"]
    return OutboxItem(
        id=OutboxId(row["id"]),
        kind=OutboxKind(row["kind"]),
        subscriber=SubscriberId(row["subscriber"]),
        recipient=EmailAddress(row["recipient"]),
        state=OutboxState(row["state"]),
        begin_by=row["begin_by"],
        retry_until=row["retry_until"],
        edition=None if edition is None else EditionId(edition),
        slot=_slot_of(row),
        attempts=row["attempts"],
        crashes=row["crashes"],
        resends=row["resends"],
        not_before=row["not_before"],
        message_id=row["message_id"],
        message_sha256=row["message_sha256"],
        last_reply=row["last_reply"],
        updated_at=row["updated_at"],
    )


def _slot_of(row: RowMapping) -> Slot | None:
    if row["local_date"] is None:
        return None
    return Slot(row["local_date"], row["begins_at"], row["timezone"], SlotKind(row["slot_kind"]))
