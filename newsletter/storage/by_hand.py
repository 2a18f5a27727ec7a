"""Queueing messages again by hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from newsletter.model import OutboxId, OutboxItem
from newsletter.storage import messages
from newsletter.storage.appearances import shows_what_went_elsewhere
from newsletter.storage.message_rows import OUTBOX, read_messages, write_moves
from newsletter.storage.rows import rows_in
from newsletter.storage.subscriber_rows import lock_people


def queue_again(
    connection: Connection, items: Sequence[OutboxId], now: datetime
) -> list[OutboxItem]:
    """Queue those of `items` that may be tried again, one by one in their order; return them."""
    queued = []
    people = rows_in(connection, select(OUTBOX.c.subscriber), OUTBOX.c.id, items)
    lock_people(connection, [row["subscriber"] for row in people])  # no plan takes an entry
    found = read_messages(connection, items)
    for one in (found[id_] for id_ in dict.fromkeys(items) if id_ in found):
        is_taken = one.gives_back and _went_elsewhere(connection, one.item)
        if messages.may_retry(one) and not is_taken:
            again = messages.retry(one, now)
            write_moves(connection, [(one, again)])  # the next one sees its entries
            queued.append(again.item)
    return queued


def _went_elsewhere(connection: Connection, item: OutboxItem) -> bool:
    if item.edition is None:
        return False
    return shows_what_went_elsewhere(connection, item.subscriber, item.edition)
