"""By hand: letters that failed are queued again, in the present templates."""

from collections.abc import Sequence
from typing import Final

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.model import OUTBOX_TRANSITIONS, OutboxEvent, OutboxId, OutboxItem, OutboxState

_RETRIABLE: Final = frozenset(
    state for state, event in OUTBOX_TRANSITIONS if event is OutboxEvent.RETRY
)
_GIVEN_UP: Final = frozenset({OutboxState.FAILED, OutboxState.DEFERRED})


def redress_and_retry(room: Newsroom, ids: Sequence[OutboxId]) -> Sequence[OutboxItem]:
    """Queue `ids` again, all that failed or wait for another try for none; return those that could be.

    A letter of which no byte ever left is dressed in the present templates: the usual reason to
    retry is a template that was mended. One that may have arrived keeps its bytes. It is dressed
    before it is queued, for `serve` may claim it the moment after.
    """
    wanted = (
        [item for item in room.outbox.get(ids) if item.state in _RETRIABLE]
        if ids
        else room.outbox.find(states=_GIVEN_UP, limit=None)
    )
    unseen = [item.edition for item in wanted if item.edition and not item.message_sha256]
    if unseen:
        room.ledger.redress(unseen, room.ledger.keep_dressing(room.dressing))
    return room.outbox.retry([item.id for item in wanted], now=room.clock.now())
