"""Tell the owner by mail of a breaker that opened: once, by a way that is open, and never in a loop."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from newsletter.errors import MessageError
from newsletter.model import (
    Envelope,
    Lane,
    LaneName,
    Letterhead,
    Receipt,
    ReceiptKind,
    SmtpPhase,
)
from newsletter.ports import PaceClock, SignMessage, Throttles, Transport
from newsletter.rules.messages import Notice, write_notice
from newsletter.rules.throttle import (
    is_open,
    must_tell,
    shut_relays,
    subject_of_lane,
    tell,
)
from newsletter.workflows.alarms import lane_alarms
from newsletter.workflows.bookkeeping import Bookkeeper

LOG: Final = logging.getLogger("newsletter.alarms")

_PATIENCE: Final = timedelta(minutes=1)
_LATER: Final = (
    "The program goes on by itself. It writes about this once, and again tomorrow at the earliest."
)
_COMMANDS: Final = "newsletter status   shows what waits; newsletter doctor   looks for the cause."


@dataclass(frozen=True, slots=True)
class OwnerMail:
    """Writes to the owner over the same relays as letters go; `relays` is how many there are.

    `lane` is the one that mail to the owner takes.

    That the owner was told stands in the lane, before the message leaves: of several workers one
    writes, and one that dies meanwhile leaves the alarm in `newsletter status` and in the log.
    """

    throttles: Throttles
    transport: Transport
    clock: PaceClock
    sign: SignMessage
    head: Letterhead
    lane: LaneName
    relays: int

    async def tell(self, lanes: Mapping[LaneName, Lane], books: Bookkeeper) -> None:
        """Tell of those that are open and not told of yet, as far as there is a way to the owner.

        Raises StorageError. What the other side puts off is told when the lane is tried next.
        """
        now = self.clock.now()
        for name, lane in lanes.items():
            if must_tell(lane, now) and self._has_way(lanes):
                (alarm,) = lane_alarms({name: lane}, now)
                await self._tell(name, lane, f"{alarm.fact}.", f"{alarm.remedy}.", books)

    async def tell_of_end(
        self, name: LaneName, lane: Lane, lanes: Mapping[LaneName, Lane], books: Bookkeeper
    ) -> None:
        """Tell of a lane that was open, of which the owner could not be told before."""
        now = self.clock.now()
        if not must_tell(lane, now) or not self._has_way(lanes):
            return
        since = f"{lane.opened_at:%Y-%m-%d %H:%M} UTC" if lane.opened_at else "a while ago"
        fact = (
            f"{subject_of_lane(name)} refused us from {since} to {now:%Y-%m-%d %H:%M} UTC: "
            f"{lane.reason}. It takes letters again, and those that waited leave now."
        )
        await self._tell(name, lane, fact, "Nothing needs to be done.", books)

    def _has_way(self, lanes: Mapping[LaneName, Lane]) -> bool:
        return not is_open(lanes.get(self.lane, Lane())) and not shut_relays(lanes, self.relays)

    async def _tell(
        self, name: LaneName, lane: Lane, fact: str, remedy: str, books: Bookkeeper
    ) -> None:
        now = self.clock.now()
        if not await books.do(partial(self._mark, name, lane, now)):
            return
        subject = f"[{self.head.name}] {subject_of_lane(name)} refuses letters"
        paragraphs = (fact, remedy, _COMMANDS, _LATER)
        try:
            receipt = await self._send(self._envelope(_identity(name, lane), subject, paragraphs))
        except MessageError as error:
            LOG.warning("owner=untold lane=%s reason=%s", name, error)
            return
        LOG.info("owner=%s lane=%s reply=%s", receipt.kind, name, receipt)
        if receipt.kind is ReceiptKind.DEFERRED:
            await books.do(partial(self._unmark, name, now, lane.told_at))

    def _envelope(self, identity: str, subject: str, paragraphs: tuple[str, ...]) -> Envelope:
        now = self.clock.now()
        notice = Notice(subject, paragraphs, now, f"<{identity}@{self.head.domain}>")
        message = self.sign(write_notice(notice, self.head), now)
        return Envelope(self.head.from_address, self.head.owner, message)

    async def _send(self, envelope: Envelope) -> Receipt:
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                return await self.transport.deliver(envelope, _always)
        except TimeoutError:  # nobody knows; to write once more would be worse than not to
            return Receipt(
                ReceiptKind.UNCERTAIN, SmtpPhase.END_OF_DATA, text="no answer within a minute"
            )

    def _mark(self, name: LaneName, seen: Lane, now: datetime) -> bool:
        """Write down that the owner is told; False where another worker was faster."""
        is_mine: list[bool] = [False]

        def decide(lanes: Mapping[LaneName, Lane]) -> Mapping[LaneName, Lane]:
            is_mine[0] = lanes[name].told_at == seen.told_at
            return {name: tell(lanes[name], now)} if is_mine[0] else {}

        self.throttles.change([name], decide)
        return is_mine[0]

    def _unmark(self, name: LaneName, told_at: datetime, before: datetime | None) -> None:
        def decide(lanes: Mapping[LaneName, Lane]) -> Mapping[LaneName, Lane]:
            lane = lanes[name]
            return {name: replace(lane, told_at=before)} if lane.told_at == told_at else {}

        self.throttles.change([name], decide)


def _identity(name: LaneName, lane: Lane) -> str:
    """Return a name that is the same for each message about the same opening."""
    return "alarm." + hashlib.sha256(f"{name} {lane.opened_at}".encode()).hexdigest()[:20]


async def _always() -> bool:
    return True
