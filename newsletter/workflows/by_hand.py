"""What a person decides about one message, whichever way: on the command line or on a page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from newsletter.model import OutboxEvent, OutboxId, OutboxItem, OutboxState, Settlement
from newsletter.ports import Outbox

CANCELLABLE: Final = frozenset({OutboxState.QUEUED, OutboxState.DEFERRED, OutboxState.UNCERTAIN})
"""Not one that a worker holds: it is on its way this very second."""
_UNKNOWN: Final = "no message has this id; `newsletter deliveries` shows them"


class Resolution(StrEnum):
    """What became of a letter of which the relay's answer got lost, or what shall."""

    SENT = "sent"
    FAILED = "failed"
    RESEND = "resend"


_EVENTS: Final = {
    Resolution.SENT: OutboxEvent.ACCEPT,
    Resolution.FAILED: OutboxEvent.REJECT,
    Resolution.RESEND: OutboxEvent.RETRY,
}


def resolve_by_hand(
    number: OutboxId, resolution: Resolution, outbox: Outbox, *, now: datetime
) -> str | None:
    """Write down what became of an uncertain message; return why that cannot be, None when it is done."""
    item = next(iter(outbox.get([number])), None)
    if item is None:
        return _UNKNOWN
    if item.state is not OutboxState.UNCERTAIN:
        return f"is {item.state}; only an uncertain message is resolved by hand"
    end = Settlement(number, _EVENTS[resolution], f"resolved by hand: {resolution}")
    outbox.record(ended=[end], now=now)
    return None


def cancel_by_hand(number: OutboxId, outbox: Outbox, *, now: datetime) -> str | None:
    """Take back one message that waits; return why that cannot be, None when it is done.

    The entries of a letter may come in the next one, unless it may have arrived.
    """
    item = next(iter(outbox.get([number])), None)
    if item is None:
        return _UNKNOWN
    if item.state not in CANCELLABLE:
        return f"is {item.state}; only what waits is cancelled"
    outbox.record(ended=[Settlement(number, OutboxEvent.CANCEL, "cancelled by hand")], now=now)
    return None


def why_not_queued(ids: Sequence[OutboxId], outbox: Outbox) -> Mapping[OutboxId, str]:
    """Say of messages that `retry` left as they are why it did."""
    known = {item.id: _why_not(item) for item in outbox.get(ids)}
    return {one: known.get(one, _UNKNOWN) for one in ids}


def _why_not(item: OutboxItem) -> str:
    said = f" ({item.last_reply})" if item.last_reply else ""
    match item.state:
        case OutboxState.SENT:
            return "was sent"
        case OutboxState.CANCELLED:
            return f"was cancelled{said}"
        case OutboxState.CLAIMED | OutboxState.IN_DATA:
            return "is being sent just now"
        case _:
            return f"stays {item.state}{said}: the address is bad, or an entry went out elsewhere"
