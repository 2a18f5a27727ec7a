"""A fixed number of hands that try messages one after the other, and the line they take them from."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from newsletter.workflows.attempt import Printed

LOG: Final = logging.getLogger("newsletter.deliver")

_STRETCH_S: Final = 0.002
_FIRST_STRETCH_S: Final = 0.01
_HEAD_START_S: Final = 0.1


class Hands:
    """Try messages, at most as many at once as `free` lets; as many more wait in line, printed.

    To print is what a processor is busy with, to hand over is mostly waiting: who waits shall find
    the next message ready. A line that is full is filled again once half of it is gone: where a relay
    takes its time, messages that are printed one by one cost three times what ten in a row do, because
    the processor has forgotten meanwhile how it is done. A hand lives as long as the round, because to
    begin a task for each message costs more than to take it from a line. Nothing more begins once
    `is_over` says so.
    """

    def __init__(
        self,
        count: int,
        free: asyncio.Semaphore,
        take_turn: Callable[[Printed], Awaitable[None]],
        is_over: Callable[[], bool],
    ) -> None:
        self._count = count
        self._free = free
        self._take_turn = take_turn
        self._is_over = is_over
        self._line: asyncio.Queue[Printed] = asyncio.Queue()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._takers: list[asyncio.Task[None]] = []
        self._unfinished = 0
        self._finished = asyncio.Event()
        self._finished.set()
        self._is_broken_off = False
        self._has_begun = False
        self._stretch_s = 0.0
        """For how long only printing was done."""

    @property
    def are_busy(self) -> bool:
        """Whether something stands in line or is tried."""
        return self._unfinished > 0

    async def give(self, make_ready: Callable[[], Printed]) -> None:
        """Print a message once there is room for it, and put it in line; raises what `make_ready` raises.

        Every few milliseconds those may go on who have nothing to print: each connection takes a
        step, all of them wait for the same page of the ledger soon, and more is printed while that
        is written. But the first messages begin together: where a relay is down, one of them finds
        that out for all.
        """
        await self._has_room.wait()
        began_s = time.monotonic()
        printed = make_ready()
        self._stretch_s += time.monotonic() - began_s
        if not self._takers:
            self._takers = [asyncio.create_task(self._keep_trying()) for _ in range(self._count)]
        self._line.put_nowait(printed)
        if self._line.qsize() >= self._count:
            self._has_room.clear()
        self._unfinished += 1
        self._finished.clear()
        if self._is_broken_off:
            self._empty_line()
        if self._stretch_s >= (_STRETCH_S if self._has_begun else _FIRST_STRETCH_S):
            self._stretch_s = 0.0
            await (asyncio.sleep(0) if self._has_begun else self._let_first_go_ahead())

    async def finish(self) -> None:
        """Wait until every message that was given has been tried, or dropped because all is over."""
        await self._finished.wait()

    def break_off(self) -> None:
        """Cancel what is being tried, and drop what stands in line."""
        self._is_broken_off = True
        for one in self._takers:
            one.cancel()
        self._empty_line()

    async def dismiss(self) -> None:
        """End the tasks; call it once nothing is tried any more."""
        for one in self._takers:
            one.cancel()
        await asyncio.gather(*self._takers, return_exceptions=True)
        self._takers = []

    async def _keep_trying(self) -> None:
        while True:
            printed = await self._line.get()
            self._look_for_room()
            try:
                await self._try(printed)
            finally:
                self._leave()

    async def _try(self, printed: Printed) -> None:
        await self._free.acquire()
        try:
            if not self._is_over():
                await self._take_turn(printed)
        except Exception:
            # What is wrong with one must not cost the others this hand.
            LOG.exception("item=%s: what came of its try is lost", printed.work.item.id)
        finally:
            self._free.release()

    async def _let_first_go_ahead(self) -> None:
        """Print nothing until the first have left, or for a moment.

        While all is cold, each message takes long to print, and each step of the first would wait.
        """
        self._has_begun = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._finished.wait(), _HEAD_START_S)

    def _leave(self) -> None:
        self._unfinished -= 1
        if not self._unfinished:
            self._finished.set()

    def _empty_line(self) -> None:
        while not self._line.empty():
            self._line.get_nowait()
            self._leave()
        self._look_for_room()

    def _look_for_room(self) -> None:
        if self._line.qsize() <= self._count // 2:
            self._has_room.set()
