"""One durable commit for what many connections have to say at a time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from newsletter.errors import IllegalTransitionError, StorageError
from newsletter.model import Beginning, OutboxId, Settlement
from newsletter.ports import Clock, Outbox

LOG: Final = logging.getLogger("newsletter.deliver")

_Result = TypeVar("_Result")
_Written = frozenset[OutboxId]

_LEAST_GATHERING_S: Final = 0.002
_MOST_GATHERING_S: Final = 0.01
"""How long a page stays open for others, while others there are: fewer commits, each for more letters.

As long as the commit before took: where the disk is slow, it pays to wait longer.
"""


@dataclass(slots=True)
class _Page:
    """What is to be written with the next commit.

    Each of `answers` tells which dots may be sent; whoever waits has one for himself. `told` are
    called once the page is on the disk. `is_full` is there, and done, once nobody else can come.
    """

    ended: list[Settlement] = field(default_factory=list)
    begun: list[Beginning] = field(default_factory=list)
    answers: "list[asyncio.Future[_Written]]" = field(default_factory=list)
    told: list[Callable[[], None]] = field(default_factory=list)
    is_full: "asyncio.Future[None] | None" = None

    def close(self, written: "_Written | StorageError") -> None:
        """Tell all who wait, but those who do not any more."""
        for one in self.answers:
            if one.done():
                continue
            if isinstance(written, StorageError):
                one.set_exception(written)
            else:
                one.set_result(written)
        for tell in self.told if not isinstance(written, StorageError) else ():
            _tell_safely(tell)


class Bookkeeper:
    """Writes the ends and beginnings of tries into the outbox, those of many connections at once.

    A commit that survives a power cut takes milliseconds; while one is written, the next is
    gathered, so that more connections make larger commits and not more of them. The end of a
    message and the beginning of the next on its connection stand in one commit.

    A thread of its own writes one page after the other, so that the connections never wait for the
    disk. A second one does what else is asked of the database, a thing at a time: no page waits for a
    hundred editions to be read. `unwritten` holds the ends that the database did not take: they come
    first with the next commit, of this bookkeeper or of the next.
    """

    def __init__(self, outbox: Outbox, clock: Clock, unwritten: list[Settlement]) -> None:
        self._outbox: Final = outbox
        self._clock = clock
        self._unwritten = unwritten
        self._pages = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._errands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="claims")
        self._page: _Page | None = None
        self._writer: asyncio.Task[None] | None = None
        self._in_data: set[OutboxId] = set()
        self._most_at_once = 0
        self._commit_s = 0.0
        self._is_shared = False
        self.trouble: StorageError | None = None
        """Why nothing can be written any more: then nothing may be sent."""

    async def begin(self, beginning: Beginning) -> bool:
        """Say whether the final dot may be sent, once that is on the disk; raises StorageError."""
        page = self._open_page()
        answer: asyncio.Future[_Written] = asyncio.get_running_loop().create_future()
        page.begun.append(beginning)
        page.answers.append(answer)
        self._look_whether_full(page)
        may_send = beginning.item in await answer
        if may_send:
            self._in_data.add(beginning.item)
        elif self.trouble is not None:
            raise self.trouble
        return may_send

    def give_up(self, trouble: StorageError) -> None:
        """Begin nothing more: another part of the ledger cannot be read or written."""
        self.trouble = self.trouble or trouble

    def end(self, settlement: Settlement, tell: Callable[[], None] | None = None) -> None:
        """Note the end of a try; `tell` is called when it is on the disk, never if it cannot be."""
        page = self._open_page()
        page.ended.append(settlement)
        if tell is not None:
            page.told.append(tell)
        self._in_data.discard(settlement.item)

    async def do(self, work: Callable[[], _Result]) -> _Result:
        """Do other work with the database, beside the pages; raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._errands, work)

    async def catch_up(self) -> None:
        """Wait until all that was noted so far is written, or cannot be."""
        while self._writer is not None:
            # Not awaited itself: whoever is cancelled while waiting must not cancel the writer.
            await asyncio.wait({self._writer})

    async def close(self) -> None:
        """Write what is left, once more what could not be written; else it stays in `unwritten`."""
        await self.catch_up()
        with suppress(StorageError):
            await self.write_left()
        self._errands.shutdown()
        self._pages.shutdown()

    async def write_left(self) -> None:
        """Write what could not be written before; raises StorageError, and keeps it, when that fails again.

        What the table of states has no row for could never be written, and is left out.
        """
        for one in tuple(self._unwritten):
            with suppress(IllegalTransitionError):
                await self._record_apart((one,), ())
            self._unwritten.remove(one)

    def _open_page(self) -> _Page:
        if self._page is None:
            self._page = _Page()
            if self._writer is None:
                self._writer = asyncio.create_task(self._write_all())
        return self._page

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while (page := self._page) is not None:
                if self._is_shared:  # the page before was: this one will be
                    await self._gather(page)
                self._page = None
                self._is_shared = len(page.begun) + len(page.ended) > 1
                begun_s = loop.time()
                await self._write(page)
                self._commit_s = loop.time() - begun_s
        finally:
            self._writer = None

    async def _gather(self, page: _Page) -> None:
        """Wait for others, at most for as long as is worth it."""
        page.is_full = asyncio.get_running_loop().create_future()
        self._look_whether_full(page)
        longest_s = min(max(self._commit_s, _LEAST_GATHERING_S), _MOST_GATHERING_S)
        await asyncio.wait({page.is_full}, timeout=longest_s)

    def _look_whether_full(self, page: _Page) -> None:
        """Wake the writer when of all that ever were on their way at once nobody is missing.

        Who is not among these has had an answer, and comes with the next message in a moment: a page
        waits for him. Who waits for an answer has the time of the other side: a page does not.
        """
        on_their_way = len(self._in_data) + len(page.begun)
        self._most_at_once = max(self._most_at_once, on_their_way)
        is_full = page.is_full
        if is_full and not is_full.done() and on_their_way >= self._most_at_once:
            is_full.set_result(None)

    async def _write(self, page: _Page) -> None:
        self._unwritten.extend(page.ended)
        ended = tuple(self._unwritten)
        try:
            written = await self._record_apart(ended, page.begun)
        except Exception as error:  # noqa: BLE001 - whoever waits for this page must hear of it
            self.trouble = self.trouble or _as_storage_error(error)
            if isinstance(error, IllegalTransitionError):
                with suppress(StorageError):
                    await self.write_left()
            page.close(self.trouble)
        else:
            del self._unwritten[: len(ended)]
            page.close(written)

    async def _record_apart(
        self, ended: Sequence[Settlement], begun: Sequence[Beginning]
    ) -> _Written:
        work = partial(self._record, ended, begun)
        return await asyncio.get_running_loop().run_in_executor(self._pages, work)

    def _record(
        self, ended: Sequence[Settlement], begun: Sequence[Beginning]
    ) -> frozenset[OutboxId]:
        if self.trouble is not None and begun:
            begun = ()  # nobody is told that they may send: the page ends with the trouble
            if not ended:
                raise self.trouble
        return self._outbox.record(ended=ended, begun=begun, now=self._clock.now())


def _tell_safely(tell: Callable[[], None]) -> None:
    try:
        tell()
    except Exception:
        # Who cannot listen must not keep the ledger from being written.
        LOG.exception("nobody could be told how a try ended")


def _as_storage_error(error: Exception) -> StorageError:
    if isinstance(error, StorageError):
        return error
    message = f"the outbox cannot be written: {type(error).__name__}: {error}"
    return StorageError(message)
