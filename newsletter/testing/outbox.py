"""The outbox in memory, over the memory of the ledger."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import (
    OUTBOX_TRANSITIONS,
    WAITING,
    Accounting,
    Beginning,
    Claim,
    EditionId,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Room,
    Settlement,
    SubscriberId,
    Throttle,
    Turn,
)
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import book, find_room, forget_idle
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.ledger_messages import MemoryMessage
from newsletter.testing.messages import (
    DEADLY_CRASHES,
    choose,
    end_poison,
    find,
    is_late,
    is_time,
    is_written,
    move,
    turn_of,
    write_end,
)
from newsletter.testing.turns import one_at_a_time

_OPEN: Final = (OutboxState.QUEUED, OutboxState.DEFERRED)
_HELD: Final = (OutboxState.CLAIMED, OutboxState.IN_DATA)
_NO_GROUPS: Final[Mapping[str, str]] = {}
_BAD_ADDRESS: Final = re.compile(r"(\d{3}[ -])?5\.1\.\d{1,3}\b")


@one_at_a_time
class MemoryOutbox:
    """The Outbox port in memory.

    Several of them over one `ledger` with different `holder` names are several workers. What was
    in data when one ended is not sent again before `answer_may_come` has passed.
    """

    def __init__(
        self,
        ledger: MemoryLedger,
        *,
        resend_limit: int = 1,
        holder: str = "worker",
        is_holder_alive: Callable[[str], bool] = lambda _: True,
        answer_may_come: timedelta | None = None,
    ) -> None:
        self._ledger = ledger
        self.lock = ledger.lock
        self._resend_limit = resend_limit
        self._holder = holder
        self._is_holder_alive = is_holder_alive
        self._answer_may_come = answer_may_come
        self._claimed: set[OutboxId] = set()

    def claim(self, *, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Lease up to `limit` messages, oldest slot first; what crashed before last and alone."""
        return self._lease(self._choose(now, limit, Room()), now)

    def claim_in_turn(
        self,
        *,
        now: datetime,
        limit: int,
        throttle: Throttle,
        subscriber: SubscriberId | None = None,
    ) -> Claim:
        """Lease those for which there is room in their lanes now, and book their moments."""
        lanes = self._ledger.lanes
        lanes.update(forget_idle(lanes, throttle))
        room = find_room(lanes, throttle)
        chosen = self._choose(now, limit, room, throttle.limits.groups, subscriber)
        items = self._lease(chosen, now)
        booking = book(lanes, throttle, [domain_of(item.recipient) for item in items])
        lanes.update(booking.lanes)
        turns = tuple(Turn(*one) for one in zip(items, booking.due_at, strict=True))
        return Claim(turns, room.again_at, dict(lanes))

    def _choose(
        self,
        now: datetime,
        limit: int,
        room: Room,
        groups: Mapping[str, str] = _NO_GROUPS,
        subscriber: SubscriberId | None = None,
    ) -> list[MemoryMessage]:
        most = limit if room.total is None else min(limit, room.total)
        may_go = sorted(self._ledger.messages.values(), key=turn_of)
        mine = [one for one in may_go if subscriber in {None, one.item.subscriber}]
        wanted = [one for one in mine if self._may_go(one, now) and not self._is_hindered(one, now)]
        return choose(wanted, most, room.caps, groups)

    def _is_hindered(self, one: MemoryMessage, now: datetime) -> bool:
        why = self._ledger.hindrance(one.item) if one.item.edition else None
        if why:
            one.item = replace(one.item, last_reply=why, not_before=None)
            move(one, OutboxEvent.CANCEL, now)
        return why is not None

    def _lease(self, claimed: Sequence[MemoryMessage], now: datetime) -> list[OutboxItem]:
        for one in claimed:
            resends = one.item.resends + (one.item.state is OutboxState.UNCERTAIN)
            one.item = replace(one.item, attempts=one.item.attempts + 1, resends=resends)
            move(one, OutboxEvent.CLAIM, now)
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
            was_in_data = one.item.state is OutboxState.IN_DATA
            crashes, resends = one.item.crashes + 1, max(one.item.resends - was_in_data, 0)
            reply = "the program ended while it held this message"
            waits = was_in_data and self._answer_may_come
            again_at = now + waits if waits else None
            one.item = replace(
                one.item, crashes=crashes, resends=resends, last_reply=reply, not_before=again_at
            )
            move(one, OutboxEvent.LEASE_EXPIRED, now)
            one.maybe_sent |= one.item.state is OutboxState.UNCERTAIN
            end_poison(one, now)
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
            move(one, OutboxEvent.LEASE_EXPIRED, now)
            one.maybe_sent |= one.item.state is OutboxState.UNCERTAIN
        return len(held)

    def expire(self, *, now: datetime) -> int:
        """Merge editions that come too late into the next; fail replies that do."""
        late = [
            one
            for one in self._ledger.messages.values()
            if one.item.state in _OPEN and is_late(one.item, now)
        ]
        for one in late:
            is_edition = one.item.kind is OutboxKind.EDITION
            move(one, OutboxEvent.CANCEL if is_edition else OutboxEvent.EXPIRE, now)
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
            move(one, OutboxEvent.CANCEL, now)
        return len(found)

    def retry(self, items: Sequence[OutboxId], *, now: datetime) -> Sequence[OutboxItem]:
        """Queue messages again by hand where that is allowed and sends nothing twice."""
        messages = self._ledger.messages
        found = [messages[id_] for id_ in dict.fromkeys(items) if id_ in messages]
        retried = []
        for one in found:
            if self._may_retry(one):
                one.item = replace(one.item, crashes=0, not_before=None)
                move(one, OutboxEvent.RETRY, now)
                retried.append(one.item)
        return retried

    def get(self, items: Collection[OutboxId]) -> Sequence[OutboxItem]:
        """Return the messages that exist among `items`, by id."""
        messages = self._ledger.messages
        return [messages[id_].item for id_ in sorted(set(items)) if id_ in messages]

    def find(
        self,
        *,
        states: frozenset[OutboxState] | None = None,
        subscriber: SubscriberId | None = None,
        editions: Collection[EditionId] | None = None,
        limit: int | None = 1000,
    ) -> Sequence[OutboxItem]:
        """Return messages, latest slot first."""
        found = find(self._ledger.messages.values(), states, subscriber, editions)
        return [one.item for one in found[:limit]]

    def accounting(self) -> Accounting:
        """Count all messages by what became of them."""
        states = self._ledger.states()
        return Accounting(
            sent=states.count(OutboxState.SENT),
            failed=states.count(OutboxState.FAILED),
            cancelled=states.count(OutboxState.CANCELLED),
            uncertain=states.count(OutboxState.UNCERTAIN),
            waiting=sum(state in WAITING for state in states),
        )

    def _may_go(self, one: MemoryMessage, now: datetime) -> bool:
        may_resend = one.item.resends < self._resend_limit and one.item.crashes < DEADLY_CRASHES
        is_again = one.item.state is OutboxState.UNCERTAIN and may_resend
        return is_time(one.item, now) and (
            one.item.state in _OPEN or (is_again and one.item.retry_until > now)
        )

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
        if self._is_hindered(one, now):
            return False
        one.item = replace(
            one.item, message_id=begun.message_id, message_sha256=begun.message_sha256
        )
        move(one, OutboxEvent.BEGIN_DATA, now)
        return True

    def _settle(self, one: MemoryMessage, end: Settlement, now: datetime) -> None:
        state, event = one.item.state, end.event
        has_lost = end.item in self._claimed and one.lease != self._holder
        is_illegal = (state, event) not in OUTBOX_TRANSITIONS
        if has_lost and (one.lease or is_illegal):
            return
        if is_illegal and end.item not in self._claimed and is_written(one, end):
            return
        write_end(one, end, now)
