"""How one message of the outbox in memory moves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import compress
from typing import Final

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    EditionId,
    OutboxEvent,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Settlement,
    SubscriberId,
    next_outbox_state,
)
from newsletter.rules.addresses import domain_of
from newsletter.rules.cadence import is_ahead
from newsletter.rules.throttle import within_caps
from newsletter.testing.ledger_messages import MemoryMessage

DEADLY_CRASHES: Final = 3
_SUSPECTS_AT_ONCE: Final = 10
_MOST_APART: Final = timedelta(hours=1)
"""So much may two clocks differ."""


def is_written(one: MemoryMessage, end: Settlement) -> bool:
    """Say whether this very end of a try was written before."""
    said = one.item.last_reply
    is_same = said == end.reply or said.endswith(f"; last: {end.reply}")
    ends = {
        OutboxEvent.ACCEPT: {OutboxState.SENT},
        OutboxEvent.DEFER: {OutboxState.DEFERRED},
        OutboxEvent.REJECT: {OutboxState.FAILED},
        OutboxEvent.LOSE_REPLY: {OutboxState.UNCERTAIN},
    }.get(end.event, set())
    after_crash = {OutboxState.UNCERTAIN, OutboxState.FAILED} if end.is_crash else set()
    return is_same and one.lease is None and one.item.state in ends | after_crash


def choose(
    wanted: Sequence[MemoryMessage],
    most: int,
    caps: Mapping[str, int],
    groups: Mapping[str, str],
) -> list[MemoryMessage]:
    """Return whose turn it is: those that never crashed, else ten that did once, else one."""
    for tier, at_once in ((0, most), (1, _SUSPECTS_AT_ONCE), (2, 1)):
        here = [one for one in wanted if min(one.item.crashes, 2) == tier]
        fits = within_caps([domain_of(one.item.recipient) for one in here], caps, groups)
        chosen = list(compress(here, fits))
        if chosen:
            return chosen[: min(most, at_once)]
    return []


def turn_of(one: MemoryMessage) -> tuple[int, bool, bool, datetime, int]:
    """Return the place in the queue: answers to people go before letters."""
    is_letter = one.item.kind is not OutboxKind.REPLY
    is_again = one.item.state is OutboxState.UNCERTAIN
    return one.item.crashes, is_letter, is_again, one.begins_at, one.item.id


def is_time(item: OutboxItem, now: datetime) -> bool:
    """Say whether a wait is over, or is none: it was written down while the clock was wrong."""
    not_before, written_at = item.not_before, item.updated_at
    if not_before is None or not_before <= now or is_ahead(not_before, now):
        return True
    return written_at is not None and written_at - now > _MOST_APART


def is_late(item: OutboxItem, now: datetime) -> bool:
    """Say whether the time of a message is over."""
    never_begun = item.kind is OutboxKind.EDITION and item.message_sha256 is None
    return item.retry_until <= now or (never_begun and item.begin_by <= now)


def move(one: MemoryMessage, event: OutboxEvent, now: datetime) -> None:
    """Take a message through the transition table."""
    state = next_outbox_state(one.item.state, event)
    one.item = replace(one.item, state=state, updated_at=now)
    is_over = state in {OutboxState.FAILED, OutboxState.CANCELLED}
    one.given_back = is_over and one.item.edition is not None and not one.maybe_sent
    if state is not OutboxState.IN_DATA:
        one.lease = None


def end_poison(one: MemoryMessage, now: datetime) -> None:
    """End all tries after the third crash."""
    can_end = (one.item.state, OutboxEvent.POISON) in OUTBOX_TRANSITIONS
    if one.item.crashes >= DEADLY_CRASHES and can_end:
        reply = f"given up after {one.item.crashes} crashes; last: {one.item.last_reply}"
        move(one, OutboxEvent.POISON, now)
        one.item = replace(one.item, last_reply=reply)


def find(
    messages: Iterable[MemoryMessage],
    states: frozenset[OutboxState] | None,
    subscriber: SubscriberId | None,
    editions: Collection[EditionId] | None,
) -> list[MemoryMessage]:
    """Return the messages in one of these states, of one subscriber, of these editions; latest first."""
    found = [
        one
        for one in messages
        if (states is None or one.item.state in states)
        and (subscriber is None or one.item.subscriber == subscriber)
        and (editions is None or one.item.edition in editions)
    ]
    return sorted(found, key=lambda one: (one.begins_at, one.item.id), reverse=True)


def write_end(one: MemoryMessage, end: Settlement, now: datetime) -> None:
    """Write the end of a try; the third crash ends all tries."""
    state, event = one.item.state, end.event
    if end.is_crash and state is OutboxState.IN_DATA and event is OutboxEvent.DEFER:
        event = OutboxEvent.LOSE_REPLY
    if state is OutboxState.UNCERTAIN and event is OutboxEvent.REJECT:
        one.maybe_sent = False
    move(one, event, now)
    one.maybe_sent |= one.item.state is OutboxState.UNCERTAIN
    one.item = replace(
        one.item,
        attempts=one.item.attempts - (not end.is_try),
        crashes=0 if event is OutboxEvent.RETRY else one.item.crashes + end.is_crash,
        not_before=end.not_before,
        last_reply=end.reply,
    )
    end_poison(one, now)
