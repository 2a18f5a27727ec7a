"""Between the rows of the outbox and the model, and the writing of moves."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    null,
    select,
    update,
)

from newsletter.errors import StorageError
from newsletter.model import (
    OUTBOX_TRANSITIONS,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Slot,
    SlotKind,
)
from newsletter.storage.bulk import is_listed, listed, update_rows
from newsletter.storage.columns import Moment, table_of
from newsletter.storage.driver import driver_of
from newsletter.storage.leases import Holder
from newsletter.storage.messages import Message
from newsletter.storage.rows import pieces, tuples_in
from newsletter.storage.tables import (
    AppearanceRow,
    AppearanceState,
    OutboxRow,
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

PLACES: Final = {name: place for place, name in enumerate(OUTBOX.c.keys())}
"""Where in a row of MESSAGES the columns of the outbox stand."""

FoundRow = Sequence[Any]
"""A row of MESSAGES."""

_CLAIMABLE: Final = tuple(
    state for state, event in OUTBOX_TRANSITIONS if event is OutboxEvent.CLAIM
)
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
    slot = None if local_date is None else _slot(local_date, begins_at, timezone, slot_kind)
    item = OutboxItem(
        number, _KINDS[kind], subscriber, recipient, _STATES[state], begin_by, retry_until,
        edition, slot, attempts, crashes, resends, not_before, message_id, message_sha256,
        last_reply, updated_at,
    )  # fmt: skip
    return Message(item, maybe_sent, lease)


@lru_cache(maxsize=1_024)  # many letters are of the same slot
def _slot(local_date: date, begins_at: datetime, timezone: str, kind: str) -> Slot:
    return Slot(local_date, begins_at, timezone, _SLOT_KINDS[kind])


def claimed(row: FoundRow, now: datetime) -> OutboxItem:
    """Return the message of a row as it is once `write_claims` wrote it."""
    values = list(row)
    values[PLACES["resends"]] += values[PLACES["state"]] == OutboxState.UNCERTAIN
    values[PLACES["attempts"]] += 1
    values[PLACES["state"]] = OutboxState.CLAIMED
    values[PLACES["updated_at"]] = now
    return message_of(values).item


def write_claims(
    connection: Connection, found: Sequence[FoundRow], holder: Holder, now: datetime
) -> None:
    """Give messages that are locked to a worker; from UNCERTAIN that counts as sending them again.

    Raises StorageError when one of them cannot be claimed any more.
    """
    if not found:
        return
    values = {
        **listed(connection, [row[PLACES["id"]] for row in found]),
        "holder": holder,
        "now": now,
    }
    driver = driver_of(connection)
    _expect(driver.change(_claiming(driver.name), values), len(found))


@cache
def _claiming(dialect: str) -> Update:
    was_uncertain = OUTBOX.c.state == OutboxState.UNCERTAIN
    return (
        update(OUTBOX)
        .where(is_listed(OUTBOX.c.id, dialect), OUTBOX.c.state.in_(_CLAIMABLE))
        .values(
            state=str(OutboxState.CLAIMED),
            attempts=OUTBOX.c.attempts + 1,
            resends=OUTBOX.c.resends + case((was_uncertain, 1), else_=0),
            lease=bindparam("holder", type_=String),
            updated_at=bindparam("now", type_=Moment()),
        )
    )


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
    _expect(moved, len(moves))
    over = [now for was, now in moves if now.gives_back and not was.gives_back]
    again = [now for was, now in moves if was.gives_back and not now.gives_back]
    _set_appearances(connection, over, AppearanceState.GIVEN_BACK)
    _set_appearances(connection, again, AppearanceState.LIVE)


def _expect(moved: int, wanted: int) -> None:
    if moved != wanted:
        message = f"outbox: {wanted - moved} messages were moved by another program meanwhile"
        raise StorageError(message)


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
