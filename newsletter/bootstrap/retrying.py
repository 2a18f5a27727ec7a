"""By hand: letters that failed are queued again, in the present templates."""

from collections.abc import Sequence

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.model import OutboxId, OutboxItem, OutboxState


def redress_and_retry(room: Newsroom, ids: Sequence[OutboxId]) -> Sequence[OutboxItem]:
    """Queue `ids` again, all that failed for none; return those that could be.

    A letter of which no byte ever left is dressed in the present templates: the usual reason to
    retry is a template that was mended. One that may have arrived keeps its bytes.
    """
    wanted = list(ids) or [
        item.id for item in room.outbox.find(states=frozenset({OutboxState.FAILED}))
    ]
    queued = room.outbox.retry(wanted, now=room.clock.now())
    unseen = [item.edition for item in queued if item.edition and not item.message_sha256]
    room.ledger.redress(unseen, room.ledger.keep_dressing(room.dressing))
    return queued
