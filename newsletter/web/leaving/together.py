"""What many ask for at the same moment is done in one go: one thread, one transaction, one commit."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

_Result = TypeVar("_Result")

MOST_AT_ONCE: Final = 400
"""So that whoever else writes does not wait for long."""
PAUSE_S: Final = 0.004
"""How long the first one waits for company."""
LEAST_S: Final = 0.04
"""Nobody is answered sooner, so that what had to be written does not show in the time of the answer."""

_Waiting = tuple[str, asyncio.Future[_Result]]


class Together(Generic[_Result]):
    """Hands to `handle` all that was asked while it was busy with those before; each gets its answer.

    Answers are given when `handle` has returned, and not before `least_s` since that batch began. What
    it raises goes to all who were in the batch. For one event loop.
    """

    def __init__(
        self,
        handle: Callable[[Sequence[str]], Sequence[_Result]],
        *,
        pause_s: float = PAUSE_S,
        least_s: float = LEAST_S,
    ) -> None:
        self._handle = handle
        self._pause_s = pause_s
        self._least_s = least_s
        self._waiting: list[_Waiting[_Result]] = []
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, token: str) -> _Result:
        """Return what `handle` says of `token`, or raise what it raised."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Result] = loop.create_future()
        self._waiting.append((token, answer))
        if self._worker is None or self._worker.done():
            self._worker = loop.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            begun = loop.time()
            await asyncio.sleep(self._pause_s)
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            give = await self._done(batch)
            loop.call_at(begun + self._least_s, give)

    async def _done(self, batch: Sequence[_Waiting[_Result]]) -> Callable[[], None]:
        """Handle a batch; return what gives the answers."""
        try:
            results = await run_in_threadpool(self._handle, [token for token, _ in batch])
        except Exception as error:  # noqa: BLE001 - all of them wait for it, and each raises it
            problem = error
            return lambda: _fail(batch, problem)
        return lambda: _give(batch, results)


def _give(batch: Sequence[_Waiting[_Result]], results: Sequence[_Result]) -> None:
    for (_, answer), result in zip(batch, results, strict=True):
        if not answer.done():  # else the client is gone
            answer.set_result(result)


def _fail(batch: Sequence[_Waiting[_Result]], error: Exception) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
