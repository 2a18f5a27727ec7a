"""The page of the ledger as it usually is: all ends were accepted, all beginnings are still wanted.

Such a page needs no look at its messages: two statements write it, which say in their conditions
what a look would have to find. Where one message is not as they say, nothing of the page stays
written, and it goes the long way, which reads each message and moves it by the table of states.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Dialect, update

from newsletter.model import Beginning, OutboxEvent, OutboxId, OutboxState, Settlement
from newsletter.storage.bulk import update_rows
from newsletter.storage.columns import remark
from newsletter.storage.hindrances import IS_WANTED
from newsletter.storage.leases import Holder
from newsletter.storage.message_rows import OUTBOX


class UnusualPageError(Exception):
    """A message is not as it usually is: what was written of its page must be rolled back."""


def is_usual(ended: Sequence[Settlement]) -> bool:
    """Say whether each of these ends is that of a try whose message was taken."""
    return all(
        one.event is OutboxEvent.ACCEPT
        and one.is_try
        and not one.is_crash
        and one.not_before is None
        for one in ended
    )


def write_usual_page(
    connection: Connection,
    ended: Sequence[Settlement],
    begun: Sequence[Beginning],
    holder: Holder,
    now: datetime,
) -> frozenset[OutboxId]:
    """Write ends that are usual, and beginnings; return what has begun: all of these.

    Raises UnusualPageError where `holder` does not hold a message any more, its state is another,
    or its reader left or bounced. Two who lock the same messages by turns may meet on PostgreSQL;
    one of them is given up by the server then, and is to begin anew (see `again.repeated`).
    """
    taken = [
        {
            "id": one.item,
            "state": OutboxState.SENT,
            "lease": None,
            "not_before": None,
            "last_reply": remark(one.reply),
            "updated_at": now,
        }
        for one in sorted(ended, key=lambda one: one.item)
    ]
    begins = [
        {
            "id": one.item,
            "state": OutboxState.IN_DATA,
            "message_id": one.message_id,
            "message_sha256": one.message_sha256,
            "updated_at": now,
        }
        for one in sorted(begun, key=lambda one: one.item)
    ]
    wanted = _wanted(connection.dialect)
    in_data, claimed = _held(OutboxState.IN_DATA, holder), _held(OutboxState.CLAIMED, holder)
    count = update_rows(connection, OUTBOX, taken, was=in_data)
    count += update_rows(connection, OUTBOX, begins, was=claimed, also=wanted)
    if count != len(ended) + len(begun):
        raise UnusualPageError
    return frozenset(one.item for one in begun)


def _held(state: OutboxState, holder: Holder) -> dict[str, object]:
    return {"state": state, "lease": holder}


@lru_cache(maxsize=4)
def _wanted(dialect: Dialect) -> str:
    """Return IS_WANTED in the words of a statement that changes the outbox."""
    statement = update(OUTBOX).values(state="").where(IS_WANTED)
    text = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return text.partition(" WHERE ")[2]
