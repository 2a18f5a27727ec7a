"""Giving messages to a worker, and letting it begin with those it holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from newsletter.model import Beginning, OutboxId, OutboxItem, OutboxState, Settlement
from newsletter.storage import messages
from newsletter.storage.hindrances import IS_WANTED, find_hindrances
from newsletter.storage.leases import Holder
from newsletter.storage.message_rows import (
    BARE_MESSAGES,
    OUTBOX,
    PLACES,
    FoundRow,
    claimed,
    locked,
    message_of,
    write_claims,
    write_moves,
)
from newsletter.storage.messages import Message
from newsletter.storage.rows import tuples_in

# Found by their numbers alone: with more conditions SQLite would rather read all that are claimed.
_WITH_READERS: Final = locked(BARE_MESSAGES.add_columns(IS_WANTED.label("is_wanted")))


@dataclass(frozen=True, slots=True)
class Held:
    """A message that is locked until the transaction ends, and whether it still has its reader."""

    message: Message
    is_wanted: bool


def lease(
    connection: Connection, found: Sequence[FoundRow], holder: Holder, now: datetime
) -> list[OutboxItem]:
    """Give these messages to a worker; return them as they are now.

    Not those whose readers left, paused or bounced since they were decided: they are cancelled.
    """
    hindered = find_hindrances(connection, [row[PLACES["id"]] for row in found])
    wanted = [row for row in found if row[PLACES["id"]] not in hindered]
    write_claims(connection, wanted, holder, now)
    if hindered:
        unwanted = [message_of(row) for row in found if row[PLACES["id"]] in hindered]
        ends = [(one, messages.cancel(one, hindered[one.item.id], now)) for one in unwanted]
        write_moves(connection, ends)
    return [claimed(row, now) for row in wanted]


def hold_page(connection: Connection, items: Iterable[OutboxId]) -> dict[OutboxId, Held]:
    """Return the messages that exist among `items`, locked in the order of their numbers.

    All that one transaction moves at once: who locked a part first and the rest later could wait
    for one who did it the other way round.
    """
    rows = tuples_in(connection, _WITH_READERS, OUTBOX.c.id, sorted(set(items)))
    return {row.id: Held(message_of(row), row.is_wanted) for row in rows}


def settle_page(
    connection: Connection,
    held: Mapping[OutboxId, Held],
    ended: Sequence[Settlement],
    is_stale: Callable[[Message, Settlement], bool],
    now: datetime,
) -> dict[OutboxId, Held]:
    """Write the ends of tries, but for those that come to nothing; return what is held as it is then.

    Raises IllegalTransitionError where the table has no row.
    """
    after = {id_: one.message for id_, one in held.items()}
    for one in ended:
        message = after.get(one.item)
        if message is not None and not is_stale(message, one):
            after[one.item] = messages.settle(message, one, now)
    changed = {id_: one for id_, one in after.items() if one is not held[id_].message}
    write_moves(connection, [(held[id_].message, one) for id_, one in changed.items()])
    return {**held, **{id_: replace(held[id_], message=one) for id_, one in changed.items()}}


def begin(
    connection: Connection,
    begun: Sequence[Beginning],
    held: Mapping[OutboxId, Held],
    holder: Holder,
    now: datetime,
) -> frozenset[OutboxId]:
    """Note of which messages the final dot may be sent; return them.

    Not those that the worker does not hold any more, and not an edition whose reader left or
    bounced, which is cancelled by this.
    """
    by_item = {one.item: one for one in begun}
    mine = [
        one
        for one in (held[id_] for id_ in by_item if id_ in held)
        if one.message.item.state is OutboxState.CLAIMED and one.message.lease == holder
    ]
    wanted = [one.message for one in mine if one.is_wanted]
    unwanted = [one.message for one in mine if not one.is_wanted]
    moves = [(one, messages.begin(one, by_item[one.item.id], now)) for one in wanted]
    if unwanted:
        why = find_hindrances(connection, [one.item.id for one in unwanted])
        reasons = [(one, why.get(one.item.id, "unsubscribed")) for one in unwanted]
        moves += [(one, messages.cancel(one, reason, now)) for one, reason in reasons]
    write_moves(connection, moves)
    return frozenset(one.item.id for one in wanted)
