"""When each letter may leave: its moment is waited for, and what the other side says is heeded."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from newsletter.model import (
    Blame,
    BlameKind,
    Claim,
    Lane,
    LaneName,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    Receipt,
    ReceiptKind,
    Settlement,
    SubscriberId,
    Suppression,
    SuppressionCause,
    Throttle,
    Turn,
)
from newsletter.ports import Clock, Lanes, Outbox
from newsletter.rules.addresses import address_key, domain_of
from newsletter.rules.retry import blame, is_unknown_recipient
from newsletter.rules.throttle import (
    ENOUGH_REFUSALS,
    LOOK_AHEAD,
    book,
    close,
    domain_lane,
    is_open,
    is_relay_lane,
    open_lanes,
    refuse,
    relay_lane,
    shut_relays,
    slow_down,
    subject_of_lane,
)
from newsletter.workflows.bookkeeping import Bookkeeper
from newsletter.workflows.owner_mail import OwnerMail
from newsletter.workflows.traffic import Traffic

LOG: Final = logging.getLogger("newsletter.alarms")

_STEP: Final = timedelta(seconds=1)
"""So often a wait looks whether the program is to stop."""
_LOOK_EVERY: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(minutes=10)
"""Nothing is booked so far ahead: the clock was moved meanwhile."""


@dataclass(slots=True)
class Pacer:
    """Claims what there is room for in one round. `lanes` is what was last seen of them.

    Without `traffic` letters leave at any pace, and nothing is learned from answers.
    """

    outbox: Outbox
    clock: Clock
    books: Bookkeeper
    traffic: Traffic | None
    is_over: Callable[[], bool]
    owner: OwnerMail | None = None
    again_at: datetime | None = None
    """When more may be claimed, if nothing was; None: nothing is left that only waits for room."""
    lanes: Lanes = field(default_factory=dict)
    _is_any_open: bool = False
    """Whether any of `lanes` is an open breaker; while none is, nobody looks through them for it."""
    _looked_at: datetime | None = None
    _probes: set[OutboxId] = field(default_factory=set)
    _gone: set[SubscriberId] = field(default_factory=set)
    _begun: dict[OutboxId, datetime] = field(default_factory=dict)

    def claim(self, limit: int, subscriber: SubscriberId | None) -> tuple[Turn, ...]:
        """Lease what there is room for now; in the thread of the ledger."""
        now = self.clock.now()
        throttle = self._throttle(self.traffic) if self.traffic else Throttle(now)
        self._expire_late(throttle.now, now)
        claim = self.outbox.claim_in_turn(
            now=now, limit=limit, throttle=throttle, subscriber=subscriber
        )
        if self.traffic is None:
            return tuple(Turn(turn.item) for turn in claim.turns)
        self.again_at = claim.again_at
        self._see(claim.lanes)
        self._probes.update(self._probes_among(claim))
        return claim.turns

    async def wait(self) -> None:
        """Let time pass until there may be room again, or the round is over."""
        if self.again_at:
            await self._sleep_until(self.again_at)

    async def admit(self, turn: Turn, hands: asyncio.Semaphore) -> None:
        """Wait for the moment of a turn and then for a free hand, which the caller gives back.

        Who comes too late for it gets another moment, so that nothing bunches up.
        """
        due_at = turn.due_at
        while due_at is not None:
            await self._sleep_until(due_at)
            await hands.acquire()
            if self.is_over() or not self._is_late(due_at):
                return
            hands.release()
            due_at = await self.books.do(partial(self._book_again, turn.item))
        await hands.acquire()

    def was_cancelled(self, item: OutboxItem) -> bool:
        """Say whether a claimed message was taken back because its address is bad."""
        return item.subscriber in self._gone

    def bar(self, item: OutboxItem) -> Settlement | None:
        """Return how a claimed message is given back untried: its way was closed meanwhile."""
        if self.traffic is None or not self._is_any_open:
            return None
        self._begun[item.id] = self.traffic.clock.now()
        if item.id in self._probes:
            return None
        for name in (*self._shut(self.lanes), self.traffic.lane_of(item.recipient)):
            lane = self.lanes.get(name)
            if lane and is_open(lane):
                reply = f"waits: {subject_of_lane(name)} said {lane.reason}"
                return Settlement(item.id, OutboxEvent.DEFER, reply, is_try=False)
        return None

    def learns_from(self, receipt: Receipt) -> bool:
        """Say whether an answer is to be heeded: one more letter taken, as all before, is no news."""
        is_news = receipt.kind is not ReceiptKind.ACCEPTED or bool(receipt.before)
        return is_news or self._is_any_open

    async def heed(self, item: OutboxItem, receipt: Receipt) -> None:
        """Learn from an answer, once the end of the try is noted: StorageError loses nothing then.

        Also from what other relays said that were asked first.
        """
        if self.traffic is not None:
            for said in (*receipt.before, receipt):
                await self._heed(self.traffic, item, said)
        self._begun.pop(item.id, None)

    async def _heed(self, traffic: Traffic, item: OutboxItem, receipt: Receipt) -> None:
        guilt = blame(receipt)
        names = self._lanes_of(traffic, item, receipt)
        if guilt:
            name = names[0] if guilt.is_of_relay else names[-1]
            is_news = await self.books.do(partial(self._take_blame, name, item, receipt, guilt))
            if is_news or item.id in self._probes:
                await self._tell_owner({})
        elif receipt.kind is ReceiptKind.ACCEPTED and (over := self._proved_good(item, names)):
            await self.books.do(partial(self._reopen, tuple(over)))
            await self._tell_owner(over)
        elif is_unknown_recipient(receipt):
            await self.books.catch_up()  # its end is written, so only others are cancelled
            await self.books.do(partial(self._suppress, item, receipt))

    async def _tell_owner(self, over: Lanes) -> None:
        """Tell of breakers that are open, and of those that were, if nobody could be told before."""
        if self.owner is not None and not self.is_over():
            for name, lane in over.items():
                await self.owner.tell_of_end(name, lane, self.lanes, self.books)
            await self.owner.tell(self.lanes, self.books)

    def _expire_late(self, moment: datetime, now: datetime) -> None:
        """Merge what a long round came too late for, as each look at what is due does: once a minute."""
        self._looked_at = self._looked_at or moment
        if not timedelta() <= moment - self._looked_at < _LOOK_EVERY:
            self._looked_at = moment
            self.outbox.expire(now=now)

    def _throttle(self, traffic: Traffic) -> Throttle:
        return Throttle(traffic.clock.now(), traffic.limits, traffic.relays)

    def _shut(self, lanes: Lanes) -> tuple[LaneName, ...]:
        return shut_relays(lanes, self.traffic.relays) if self.traffic else ()

    def _probes_among(self, claim: Claim) -> set[OutboxId]:
        if self._shut(claim.lanes):
            return {turn.item.id for turn in claim.turns}
        shut = open_lanes(claim.lanes)
        lane_of = self.traffic.lane_of if self.traffic else domain_lane
        return {turn.item.id for turn in claim.turns if lane_of(turn.item.recipient) in shut}

    def _proved_good(self, item: OutboxItem, names: tuple[LaneName, ...]) -> Lanes:
        """Return the open lanes among `names` that were open when the try of `item` began.

        What was under way when a breaker opened proves nothing; when it began is known of those alone
        that began while one was open.
        """
        begun = self._begun.get(item.id)
        mine = {name: lane for name, lane in open_lanes(self.lanes).items() if name in names}
        return {name: lane for name, lane in mine.items() if begun and _is_older(lane, begun)}

    def _lanes_of(
        self, traffic: Traffic, item: OutboxItem, receipt: Receipt
    ) -> tuple[LaneName, ...]:
        """Return the lanes that an answer tells something of: those of relays, then the domain's.

        Where there is one relay, or all seem shut, what is taken also opens the lanes of relays that
        were configured before: nobody could prove those good any more.
        """
        domain = traffic.lane_of(item.recipient)
        mine = relay_lane(receipt.relay)
        known = self.lanes if traffic.relays == 1 else self._shut(self.lanes)
        former = [name for name in known if is_relay_lane(name) and name != mine]
        return (mine, *former, domain)

    async def _sleep_until(self, moment: datetime) -> None:
        assert self.traffic is not None  # noqa: S101 - without it no moment is booked
        while not self.is_over():
            rest = moment - self.traffic.clock.now()
            if not timedelta() < rest <= _LONGEST_WAIT:
                return
            await self.traffic.clock.sleep(min(rest, _STEP))

    def _is_late(self, due_at: datetime) -> bool:
        assert self.traffic is not None  # noqa: S101
        return self.traffic.clock.now() - due_at > LOOK_AHEAD

    def _book_again(self, item: OutboxItem) -> datetime | None:
        assert self.traffic is not None  # noqa: S101
        limits = replace(self.traffic.limits, per_day=None)  # it was counted with the claim
        throttle = replace(self._throttle(self.traffic), limits=limits)
        due_at: list[datetime | None] = []

        def decide(lanes: Lanes) -> Lanes:
            booking = book(lanes, throttle, [domain_of(item.recipient)])
            due_at.extend(booking.due_at)
            return booking.lanes

        self.traffic.throttles.change(tuple(self.lanes), decide)
        return due_at[-1]

    def _take_blame(self, name: LaneName, item: OutboxItem, receipt: Receipt, guilt: Blame) -> bool:
        """Write down what they have against us; return whether the breaker opened by it."""
        assert self.traffic is not None  # noqa: S101
        now, reason = self.traffic.clock.now(), str(receipt)
        who = hashlib.sha256(item.subscriber.encode()).hexdigest()[:12]
        enough = 1 if guilt.kind is BlameKind.LOGIN else ENOUGH_REFUSALS

        def decide(lanes: Lanes) -> Lanes:
            if guilt.kind is BlameKind.TOO_FAST:
                return {one: slow_down(lane, reason, now) for one, lane in lanes.items()}
            return {name: refuse(lanes[name], who, reason, now, enough=enough)}

        was_open = is_open(self.lanes.get(name, Lane()))
        is_of_domain = guilt.kind is BlameKind.TOO_FAST and not guilt.is_of_relay
        names = self.traffic.slowed_by(item.recipient) if is_of_domain else (name,)
        self._keep(self.traffic.throttles.change(names, decide))
        is_news = is_open(self.lanes.get(name, Lane())) and not was_open
        if is_news:
            LOG.error("breaker=open lane=%s reason=%s", name, reason)
        return is_news

    def _reopen(self, names: tuple[LaneName, ...]) -> None:
        assert self.traffic is not None  # noqa: S101
        shut = [name for name in names if name in open_lanes(self.lanes)]

        def decide(lanes: Lanes) -> Lanes:
            return {name: close(lane) for name, lane in lanes.items()}

        self._keep(self.traffic.throttles.change(shut, decide))
        LOG.warning("breaker=closed lanes=%s", ", ".join(shut))

    def _keep(self, changed: Lanes) -> None:
        self._see({**self.lanes, **changed})

    def _see(self, lanes: Lanes) -> None:
        self._is_any_open = bool(open_lanes(lanes))
        self.lanes = lanes

    def _suppress(self, item: OutboxItem, receipt: Receipt) -> None:
        """Write down that an address is bad, unless another cause stands there already."""
        assert self.traffic is not None  # noqa: S101
        person = self.traffic.people.get(item.subscriber)
        key = address_key(item.recipient)
        if person is None or person.suppression or address_key(person.address) != key:
            return
        now, detail = self.clock.now(), f"hard: {receipt}"
        self.traffic.people.suppress(Suppression(key, SuppressionCause.BOUNCE, detail, now))
        self._gone.add(item.subscriber)
        self.outbox.cancel(item.subscriber, reason=f"the address bounced: {receipt}", now=now)


def _is_older(lane: Lane, begun: datetime) -> bool:
    """Whether a breaker was open at `begun`; one that opened in the future did so by a wrong clock."""
    return lane.opened_at is not None and not begun <= lane.opened_at <= begun + _LONGEST_WAIT
