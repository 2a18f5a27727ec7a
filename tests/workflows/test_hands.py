"""A line of printed messages and the hands that try them: how many at once, and how it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from newsletter.model import OutboxId, OutboxItem, Turn
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import make_plan
from newsletter.workflows.attempt import Printed, Work
from newsletter.workflows.hands import Hands

Try = Callable[[Printed], Awaitable[None]]


def items(count: int) -> list[OutboxItem]:
    ledger = MemoryLedger()
    ledger.plan([make_plan("ada", ["a"])])
    (item,) = MemoryOutbox(ledger).find()
    return [replace(item, id=OutboxId(number)) for number in range(count)]


def printed(count: int) -> list[Printed]:
    return [Printed(Work(Turn(item), None)) for item in items(count)]


class Desk:
    """Hands over `count` at once, and what came of it."""

    def __init__(
        self, count: int, take_turn: Try, *, is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self.free = asyncio.Semaphore(count)
        self.hands = Hands(count, self.free, take_turn, is_over)

    async def give_all(self, work: list[Printed]) -> None:
        for one in work:
            await self.hands.give(lambda: one)  # noqa: B023 - called at once
        await self.hands.finish()
        await self.hands.dismiss()


def test_each_message_is_tried_once_and_never_more_at_once_than_there_are_hands() -> None:
    tried: list[OutboxId] = []
    under_way: set[OutboxId] = set()
    most = 0

    async def take_turn(one: Printed) -> None:
        nonlocal most
        under_way.add(one.work.item.id)
        most = max(most, len(under_way))
        for _ in range(10 + one.work.item.id % 5):
            await asyncio.sleep(0)
        under_way.discard(one.work.item.id)
        tried.append(one.work.item.id)

    async def work() -> None:
        await Desk(3, take_turn).give_all(printed(40))

    asyncio.run(work())
    assert sorted(tried) == [OutboxId(number) for number in range(40)]
    assert most == 3


def test_the_hands_share_what_is_free_with_others() -> None:
    """A message that waited for its moment holds one of them meanwhile."""

    async def work() -> bool:
        under_way = asyncio.Event()

        async def take_turn(_: Printed) -> None:
            under_way.set()

        desk = Desk(1, take_turn)
        await desk.free.acquire()
        giving = asyncio.ensure_future(desk.give_all(printed(1)))
        for _ in range(5):
            await asyncio.sleep(0)
        was_kept = not under_way.is_set()
        desk.free.release()
        await giving
        return was_kept and under_way.is_set()

    assert asyncio.run(work())


def test_a_line_that_is_full_is_filled_again_once_half_of_it_is_gone() -> None:
    count = 6
    printed_in_a_row = [0]

    def make_ready(one: Printed) -> Printed:
        printed_in_a_row[-1] += 1
        return one

    async def take_turn(one: Printed) -> None:
        for _ in range(3 + one.work.item.id * 7 % 5):
            await asyncio.sleep(0)
        if printed_in_a_row[-1]:
            printed_in_a_row.append(0)

    async def work() -> None:
        desk = Desk(count, take_turn)
        for one in printed(60):
            await desk.hands.give(lambda: make_ready(one))  # noqa: B023 - called at once
        await desk.hands.finish()
        await desk.hands.dismiss()

    asyncio.run(work())
    rows = [row for row in printed_in_a_row if row]
    assert sum(rows) == 60
    assert min(rows[1:-1]) >= count // 2


def test_what_stands_in_line_is_dropped_once_all_is_over() -> None:
    tried: list[OutboxId] = []

    async def take_turn(one: Printed) -> None:
        tried.append(one.work.item.id)

    async def work() -> None:
        await Desk(2, take_turn, is_over=lambda: len(tried) >= 5).give_all(printed(30))

    asyncio.run(work())
    assert len(tried) <= 6


def test_broken_off_nobody_waits_for_what_is_tried_or_stands_in_line() -> None:
    begun: list[OutboxId] = []

    async def take_turn(one: Printed) -> None:
        begun.append(one.work.item.id)
        await asyncio.Event().wait()  # the other side never answers

    async def work() -> None:
        desk = Desk(4, take_turn)
        giving = asyncio.ensure_future(desk.give_all(printed(30)))
        while len(begun) < 4:  # noqa: ASYNC110 - the hands run in between
            await asyncio.sleep(0)
        assert desk.hands.are_busy
        desk.hands.break_off()
        await asyncio.wait_for(giving, 5)
        assert not desk.hands.are_busy

    asyncio.run(work())
    assert len(begun) == 4


def test_what_nobody_foresaw_costs_one_message_and_no_hand(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried: list[OutboxId] = []

    async def take_turn(one: Printed) -> None:
        tried.append(one.work.item.id)
        if one.work.item.id < 3:
            raise ArithmeticError

    async def work() -> None:
        await Desk(1, take_turn).give_all(printed(6))

    with caplog.at_level(logging.ERROR):
        asyncio.run(work())
    assert len(tried) == 6
    assert "item=0: what came of its try is lost" in caplog.text
