"""How one message of the outbox moves: pure, each move through the transition table."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    Beginning,
    OutboxEvent,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Settlement,
    next_outbox_state,
)
from newsletter.storage.columns import remark
from newsletter.storage.leases import Holder

OPEN: Final = (OutboxState.QUEUED, OutboxState.DEFERRED)
HELD: Final = (OutboxState.CLAIMED, OutboxState.IN_DATA)
MERGED: Final = "merged into the next letter"
_TOO_LATE: Final = "its time is over"
_MAYBE_SENT: Final = "its time is over; it may have been delivered"
DEADLY_CRASHES: Final = 3

# RFC 3463 section 3.2: 5.1.x says that the address itself is bad, and no try will mend it.
_BAD_ADDRESS: Final = re.compile(r"(?:\d{3}[ -])?5\.1\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Message:
    """An outbox item with what only the outbox knows of it.

    `maybe_sent` holds once it was UNCERTAIN, until somebody says that it did not arrive: its
    entries then count as sent, whatever else happens to it. `lease` is None when nobody holds it.
    """

    item: OutboxItem
    maybe_sent: bool = False
    lease: Holder | None = None

    @property
    def gives_back(self) -> bool:
        """Whether the next edition may have the entries of this one."""
        is_over = self.item.state in {OutboxState.FAILED, OutboxState.CANCELLED}
        return is_over and self.item.edition is not None and not self.maybe_sent


def begin(message: Message, begun: Beginning, now: datetime) -> Message:
    """Note that the final dot may be sent, and of which bytes; the lease stays."""
    item = replace(
        message.item,
        state=next_outbox_state(message.item.state, OutboxEvent.BEGIN_DATA),
        updated_at=now,
        message_id=begun.message_id,
        message_sha256=begun.message_sha256,
    )
    return Message(item, message.maybe_sent, message.lease)


def settle(message: Message, settlement: Settlement, now: datetime) -> Message:
    """Write the end of a try; the third crash ends all tries.

    A crash while IN_DATA says nothing about the final dot, so the message is UNCERTAIN.
    Raises IllegalTransitionError where the table has no row.
    """
    item, event = message.item, settlement.event
    was = item.state
    if settlement.is_crash and was is OutboxState.IN_DATA and event is OutboxEvent.DEFER:
        event = OutboxEvent.LOSE_REPLY
    moved = replace(
        item,
        state=next_outbox_state(was, event),
        updated_at=now,
        attempts=item.attempts - (not settlement.is_try),
        crashes=0 if event is OutboxEvent.RETRY else item.crashes + settlement.is_crash,
        not_before=settlement.not_before,
        last_reply=remark(settlement.reply),
    )
    is_denied = was is OutboxState.UNCERTAIN and event is OutboxEvent.REJECT
    maybe_sent = (message.maybe_sent and not is_denied) or moved.state is OutboxState.UNCERTAIN
    return Message(_without_poison(moved, now), maybe_sent, lease=None)


def is_written(message: Message, settlement: Settlement) -> bool:
    """Say whether this very end of a try was written before."""
    item, reply = message.item, remark(settlement.reply)
    ends = {state for (_, event), state in OUTBOX_TRANSITIONS.items() if event is settlement.event}
    if settlement.is_crash:
        ends |= {OutboxState.UNCERTAIN, OutboxState.FAILED}
    is_same = item.last_reply == reply or item.last_reply.endswith(f"; last: {reply}")
    return item.state in ends and message.lease is None and is_same


def free(message: Message, now: datetime, again_at: datetime | None = None) -> Message:
    """Take a message from a worker that is gone, and count the crash.

    One that was in data may have arrived, and is not sent again before `again_at`. That the program
    ended is not the other side's doing: it uses up none of the times that a message whose answer
    got lost is sent again.
    """
    was_in_data = message.item.state is OutboxState.IN_DATA
    moved = _move(message.item, OutboxEvent.LEASE_EXPIRED, now)
    crashed = replace(
        moved,
        crashes=moved.crashes + 1,
        resends=max(moved.resends - was_in_data, 0),
        not_before=again_at if was_in_data else None,
        last_reply="the program ended while it held this message",
    )
    maybe_sent = message.maybe_sent or was_in_data
    return Message(_without_poison(crashed, now), maybe_sent, lease=None)


def release(message: Message, now: datetime) -> Message:
    """Give a message up that its own worker did not bring to an end. That is no crash."""
    was_in_data = message.item.state is OutboxState.IN_DATA
    moved = _move(message.item, OutboxEvent.LEASE_EXPIRED, now)
    given_up = replace(moved, not_before=None, last_reply="the round of sending broke off")
    return Message(given_up, message.maybe_sent or was_in_data, lease=None)


def expire(message: Message, now: datetime) -> Message:
    """End the tries of a message: an edition is merged into the next, a reply fails."""
    is_edition = message.item.kind is OutboxKind.EDITION
    reason = _TOO_LATE
    if is_edition:
        reason = _MAYBE_SENT if message.maybe_sent else MERGED
    event = OutboxEvent.CANCEL if is_edition else OutboxEvent.EXPIRE
    item = replace(_move(message.item, event, now), last_reply=reason, not_before=None)
    return replace(message, item=item, lease=None)


def cancel(message: Message, reason: str, now: datetime) -> Message:
    """Take back a message that is not in data."""
    moved = _move(message.item, OutboxEvent.CANCEL, now)
    item = replace(moved, last_reply=remark(reason), not_before=None)
    return replace(message, item=item, lease=None)


def may_retry(message: Message) -> bool:
    """Say whether another try by hand is allowed and of any use."""
    is_legal = (message.item.state, OutboxEvent.RETRY) in OUTBOX_TRANSITIONS
    return is_legal and not _BAD_ADDRESS.match(message.item.last_reply)


def retry(message: Message, now: datetime) -> Message:
    """Queue a message again by hand, with a clean sheet of crashes."""
    item = replace(_move(message.item, OutboxEvent.RETRY, now), crashes=0, not_before=None)
    return replace(message, item=item, lease=None)


def _move(item: OutboxItem, event: OutboxEvent, now: datetime) -> OutboxItem:
    return replace(item, state=next_outbox_state(item.state, event), updated_at=now)


def _without_poison(item: OutboxItem, now: datetime) -> OutboxItem:
    can_end = (item.state, OutboxEvent.POISON) in OUTBOX_TRANSITIONS
    if item.crashes < DEADLY_CRASHES or not can_end:
        return item
    reply = remark(f"given up after {item.crashes} crashes; last: {item.last_reply}")
    return replace(_move(item, OutboxEvent.POISON, now), last_reply=reply)
