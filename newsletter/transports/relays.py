"""Several relays: each takes its share of the letters, and where one fails the others take over."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from newsletter.errors import ConfigError
from newsletter.model import Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import BeginData, Transport
from newsletter.transports.gates import Gate
from newsletter.transports.health import Health, Standing, was_not_offered

_FAREWELL: Final = timedelta(seconds=1)
"""For all relays together: who hangs must not keep a program that is told to end."""
_LINE: Final = 2
"""Letters for each connection, those in conversation included, before another relay takes over."""


@dataclass(frozen=True, slots=True)
class RelayShare:
    """One relay of several. Of 4 letters one with `weight` 3 takes three, one with 1 takes one.

    `gate` lets letters through one by one where the relay has a pace of its own.
    """

    name: str
    transport: Transport
    weight: int = 1
    connections: int = 10
    gate: Gate | None = None


@dataclass(slots=True, eq=False)
class _Member:
    """A relay and how it fares. `credit` is what it is owed by its weight, `busy` letters under way.

    `waiting` are those of them that wait at its gate.
    """

    share: RelayShare
    credit: int = 0
    busy: int = 0
    waiting: int = 0
    health: Health = field(default_factory=Health)

    @property
    def has_room(self) -> bool:
        return not self.waiting and self.busy < self.share.connections * _LINE


class RelayGroup:
    """Implements `ports.Transport` over relays that share the letters by weight.

    A relay that cannot be reached, or refuses us before anything was said about the recipient, is
    left alone for a growing time, and the letter goes to the next within the same try. After that
    time one letter asks it again. What a relay said about the recipient or the message is final for
    this try, and once the final dot went out no other relay is ever asked. Where all are left alone
    a letter is deferred at once; but one that was only out of reach is asked by one letter at a time,
    so that a relay that comes back is found at once.

    The weights hold while relays keep up; the letters of one that does not go to those with room.
    """

    def __init__(
        self, shares: Sequence[RelayShare], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives seconds and never goes back. Raises ConfigError for relays that cannot share."""
        if not shares or any(one.weight < 1 or one.connections < 1 for one in shares):
            message = "relays: there must be one at least; weight and connections are at least 1"
            raise ConfigError(message)
        self._members = tuple(_Member(share) for share in shares)
        self._clock = clock

    @property
    def connections(self) -> int:
        """How many connections all relays together may hold."""
        return sum(one.share.connections for one in self._members)

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        """Hand one envelope to the relay whose turn it is, else to the next.

        Raises MessageError as the relays' transports do. The receipt names the refusals of those
        that were asked before.
        """
        left = list(self._members)
        refusals: list[Receipt] = []
        while member := self._choose(left):
            receipt = await self._try(member, envelope, begin_data)
            if not was_not_offered(receipt):
                return replace(receipt, before=tuple(refusals)) if refusals else receipt
            refusals.append(receipt)
            left.remove(member)
        last = _sum_up(refusals, [one.health.last for one in left if one.health.last])
        return replace(last, before=tuple(one for one in refusals if one is not last))

    async def close(self) -> None:
        """End the connections of all relays at once; those that hang are dropped."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL.total_seconds()):
                await asyncio.gather(*(one.share.transport.close() for one in self._members))

    async def _try(self, member: _Member, envelope: Envelope, begin_data: BeginData) -> Receipt:
        member.busy += 1
        if member.share.gate is not None:
            try:
                await _pass_gate(member, member.share.gate)
            except BaseException:
                member.busy -= 1
                raise
        epoch = member.health.epoch
        member.health = member.health.begin()
        try:
            receipt = await member.share.transport.deliver(envelope, begin_data)
        except BaseException:  # ours or a cancellation: no news of the relay
            member.health = member.health.abandon(epoch)
            raise
        finally:
            member.busy -= 1
        member.health = member.health.learn(receipt, epoch, self._clock())
        name = member.share.name
        return receipt if receipt.relay == name else replace(receipt, relay=name)

    def _choose(self, left: Sequence[_Member]) -> _Member | None:
        """Return the relay whose turn it is, None when none may be asked now."""
        now_s = self._clock()
        open_ones = [one for one in left if _is_open(one.health.standing(now_s))]
        if open_ones:
            with_room = [one for one in open_ones if one.has_room]
            without_line = [one for one in open_ones if not one.waiting]
            return _next_by_weight(with_room or without_line or open_ones)
        resting = [one for one in left if one.health.standing(now_s) is Standing.RESTING]
        return min(resting, key=lambda one: one.health.rests_until_s, default=None)


def _is_open(standing: Standing) -> bool:
    return standing is Standing.WELL or standing is Standing.DUE


async def _pass_gate(member: _Member, gate: Gate) -> None:
    member.waiting += 1
    try:
        await gate.let_through()
    finally:
        member.waiting -= 1


def _next_by_weight(members: Sequence[_Member]) -> _Member:
    """Give each its weight in credit and let the richest pay for all: turns as even as weights allow."""
    if len(members) == 1:
        return members[0]
    for member in members:
        member.credit += member.share.weight
    chosen = max(members, key=lambda one: one.credit)
    chosen.credit -= sum(one.share.weight for one in members)
    return chosen


def _sum_up(refusals: Sequence[Receipt], known: Sequence[Receipt]) -> Receipt:
    """Return one receipt for a letter that no relay took: REJECTED only where every relay would."""
    deferred = [one for one in refusals if one.kind is ReceiptKind.DEFERRED]
    if deferred:
        return deferred[-1]
    if known:
        return replace(known[0], text=f"{known[0].text} (left alone for a while)".strip())
    if refusals:
        return refusals[-1]
    return Receipt(ReceiptKind.DEFERRED, SmtpPhase.CONNECT, text="another letter asks the relay")
