"""The outbox in memory, over the memory of the ledger."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    WAITING,
    Accounting,
    Beginning,
    EditionId,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Settlement,
    SubscriberId,
    next_outbox_state,
)
from newsletter.testing.ledger import MemoryLedger, MemoryMessage

_OPEN: Final = (OutboxState.QUEUED, OutboxState.DEFERRED)
_HELD: Final = (OutboxState.CLAIMED, OutboxState.IN_DATA)
_DEADLY_CRASHES: Final = 3
_BAD_ADDRESS: Final = re.compile(r"(\d{3}[ -])?5\.1\.\d{1,3}\b")


class MemoryOutbox:
    """The Outbox port in memory.

    Several of them over one `ledger` with different `holder` names are several workers.
    """

    def __init__(
        self,
        ledger: MemoryLedger,
        *,
        resend_limit: int = 1,
        holder: str = "worker",
        is_holder_alive: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._ledger = ledger
        self._resend_limit = resend_limit
        self._holder = holder
        self._is_holder_alive = is_holder_alive
        self._claimed: set[OutboxId] = set()

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages, oldest slot first; what crashed before last and alone."""
        may_go = sorted(
            (one for one in self._ledger.messages.values() if self._may_go(one, now)),
            key=_turn,
        )
        fresh = [one for one in may_go if not one.item.crashes]
        claimed = fresh[:limit] or may_go[: min(limit, 1)]
        for one in claimed:
            resends = one.item.resends + (one.item.state is OutboxState.UNCERTAIN)
            one.item = replace(one.item, attempts=one.item.attempts + 1, resends=resends)
            _move(one, OutboxEvent.CLAIM, now)
            one.lease = self._holder
            self._claimed.add(one.item.id)
        return [one.item for one in claimed]

    def record(
        self,
        *,
        ended: Sequence[Settlement] = (),
        begun: Sequence[Beginning] = (),
        now: datetime,
    ) -> frozenset[OutboxId]:
        """Write the ends of tries, all or none, and say which others may send their dot."""
        messages = self._ledger.messages
        before = {one.item: replace(messages[one.item]) for one in ended if one.item in messages}
        try:
            for one in ended:
                if one.item in messages:
                    self._settle(messages[one.item], one, now)
        except Exception:
            messages.update(before)
            raise
        self._claimed.difference_update(one.item for one in ended)
        return frozenset(one.item for one in begun if self._begin(one, now))

    def recover(self, *, now: datetime) -> int:
        """Free the messages of workers that are gone."""
        lost = [
            one
            for one in self._ledger.messages.values()
            if one.item.state in _HELD and not (one.lease and self._is_holder_alive(one.lease))
        ]
        for one in lost:
            crashes = one.item.crashes + (one.item.state is OutboxState.CLAIMED)
            reply = "the program ended while it held this message"
            one.item = replace(one.item, crashes=crashes, last_reply=reply, not_before=None)
            _move(one, OutboxEvent.LEASE_EXPIRED, now)
            one.maybe_sent |= one.item.state is OutboxState.UNCERTAIN
            _end_poison(one, now)
        return len(lost)

    def release(self, *, now: datetime) -> int:
        """Give up every message that this worker holds."""
        held = [
            one
            for one in self._ledger.messages.values()
            if one.item.state in _HELD and one.lease == self._holder
        ]
        for one in held:
            one.item = replace(
                one.item, last_reply="the round of sending broke off", not_before=None
            )
            _move(one, OutboxEvent.LEASE_EXPIRED, now)
            one.maybe_sent |= one.item.state is OutboxState.UNCERTAIN
        return len(held)

    def expire(self, *, now: datetime) -> int:
        """Merge editions that come too late into the next; fail replies that do."""
        late = [
            one
            for one in self._ledger.messages.values()
            if one.item.state in _OPEN and _is_late(one.item, now)
        ]
        for one in late:
            is_edition = one.item.kind is OutboxKind.EDITION
            _move(one, OutboxEvent.CANCEL if is_edition else OutboxEvent.EXPIRE, now)
            reply = "merged into the next letter" if is_edition else "its time is over"
            if is_edition and one.maybe_sent:
                reply = "its time is over; it may have been delivered"
            one.item = replace(one.item, last_reply=reply, not_before=None)
        return len(late)

    def cancel(self, subscriber: SubscriberId, *, reason: str, now: datetime) -> int:
        """Cancel what is not over and not in data."""
        found = [
            one
            for one in self._ledger.messages.values()
            if one.item.subscriber == subscriber
            and (one.item.state, OutboxEvent.CANCEL) in OUTBOX_TRANSITIONS
        ]
        for one in found:
            one.item = replace(one.item, last_reply=reason, not_before=None)
            _move(one, OutboxEvent.CANCEL, now)
        return len(found)

    def retry(self, items: Sequence[OutboxId], *, now: datetime) -> Sequence[OutboxItem]:
        """Queue messages again by hand where that is allowed and sends nothing twice."""
        messages = self._ledger.messages
        found = [messages[id_] for id_ in dict.fromkeys(items) if id_ in messages]
        retried = []
        for one in found:
            if self._may_retry(one):
                one.item = replace(one.item, crashes=0, not_before=None)
                _move(one, OutboxEvent.RETRY, now)
                retried.append(one.item)
        return retried

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        editions: Collection[EditionId] | None = None,
        limit: int | None = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first."""
        found = [
            one
            for one in self._ledger.messages.values()
            if (states is None or one.item.state in states)
            and (subscriber is None or one.item.subscriber == subscriber)
            and (editions is None or one.item.edition in editions)
        ]
        found.sort(key=lambda one: (one.begins_at, one.item.id), reverse=True)
        return [one.item for one in found[:limit]]

    def accounting(self) -> Accounting:
        """Count all messages by what became of them."""
        states = [one.item.state for one in self._ledger.messages.values()]
        return Accounting(
            sent=states.count(OutboxState.SENT),
            failed=states.count(OutboxState.FAILED),
            cancelled=states.count(OutboxState.CANCELLED),
            uncertain=states.count(OutboxState.UNCERTAIN),
            waiting=sum(state in WAITING for state in states),
        )

    def _may_go(self, one: MemoryMessage, now: datetime) -> bool:
        is_again = one.item.state is OutboxState.UNCERTAIN and one.item.resends < self._resend_limit
        is_time = one.item.not_before is None or one.item.not_before <= now
        return is_time and (one.item.state in _OPEN or (is_again and one.item.retry_until > now))

    def _may_retry(self, one: MemoryMessage) -> bool:
        if (one.item.state, OutboxEvent.RETRY) not in OUTBOX_TRANSITIONS:
            return False
        if _BAD_ADDRESS.match(one.item.last_reply):
            return False
        return not (one.given_back and self._went_elsewhere(one))

    def _went_elsewhere(self, one: MemoryMessage) -> bool:
        assert one.item.edition is not None  # noqa: S101 - only editions give back
        mine = self._ledger.entries_of(one.item.edition)
        return any(
            mine & self._ledger.live_entries(other)
            for other in self._ledger.messages.values()
            if other.item.subscriber == one.item.subscriber and other is not one
        )

    def _begin(self, begun: Beginning, now: datetime) -> bool:
        one = self._ledger.messages.get(begun.item)
        if one is None or one.item.state is not OutboxState.CLAIMED or one.lease != self._holder:
            return False
        is_edition = one.item.kind is OutboxKind.EDITION
        if is_edition and not self._ledger.wants_letters(one.item.subscriber):
            one.item = replace(one.item, last_reply="unsubscribed", not_before=None)
            _move(one, OutboxEvent.CANCEL, now)
            return False
        one.item = replace(
            one.item, message_id=begun.message_id, message_sha256=begun.message_sha256
        )
        _move(one, OutboxEvent.BEGIN_DATA, now)
        return True

    def _settle(self, one: MemoryMessage, end: Settlement, now: datetime) -> None:
        state, event = one.item.state, end.event
        has_lost = end.item in self._claimed and one.lease != self._holder
        is_illegal = (state, event) not in OUTBOX_TRANSITIONS
        if has_lost and (one.lease or is_illegal):
            return
        if is_illegal and end.item not in self._claimed and _is_written(one, end):
            return
        if end.is_crash and state is OutboxState.IN_DATA and event is OutboxEvent.DEFER:
            event = OutboxEvent.LOSE_REPLY
        if state is OutboxState.UNCERTAIN and event is OutboxEvent.REJECT:
            one.maybe_sent = False
        _move(one, event, now)
        one.maybe_sent |= one.item.state is OutboxState.UNCERTAIN
        one.item = replace(
            one.item,
            crashes=one.item.crashes + end.is_crash,
            not_before=end.not_before,
            last_reply=end.reply,
        )
        _end_poison(one, now)


def _is_written(one: MemoryMessage, end: Settlement) -> bool:
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


def _turn(one: MemoryMessage) -> tuple[int, bool, datetime, int]:
    is_again = one.item.state is OutboxState.UNCERTAIN
    return one.item.crashes, is_again, one.begins_at, one.item.id


def _is_late(item: OutboxItem, now: datetime) -> bool:
    never_begun = item.kind is OutboxKind.EDITION and item.message_sha256 is None
    return item.retry_until <= now or (never_begun and item.begin_by <= now)


def _move(one: MemoryMessage, event: OutboxEvent, now: datetime) -> None:
    state = next_outbox_state(one.item.state, event)
    one.item = replace(one.item, state=state, updated_at=now)
    is_over = state in {OutboxState.FAILED, OutboxState.CANCELLED}
    one.given_back = is_over and one.item.edition is not None and not one.maybe_sent
    if state is not OutboxState.IN_DATA:
        one.lease = None


def _end_poison(one: MemoryMessage, now: datetime) -> None:
    can_end = (one.item.state, OutboxEvent.POISON) in OUTBOX_TRANSITIONS
    if one.item.crashes >= _DEADLY_CRASHES and can_end:
        reply = f"given up after {one.item.crashes} crashes; last: {one.item.last_reply}"
        _move(one, OutboxEvent.POISON, now)
        one.item = replace(one.item, last_reply=reply)
