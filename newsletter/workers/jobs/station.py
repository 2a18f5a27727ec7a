"""One process that takes jobs: its lanes, its end, and what it does while the database is away."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from psycopg import Error as DatabaseError

from newsletter.model import Queue
from newsletter.storage import connection_options
from newsletter.workers.jobs.board import Board
from newsletter.workers.jobs.errands import Errands
from newsletter.workers.jobs.tasks import GONE_AFTER_S, HEARTBEAT_S, Tasks, make_apps
from newsletter.workers.log_fields import logging_about
from newsletter.workers.spans import MakeSpan, no_span

LOG: Final = logging.getLogger("newsletter.jobs")

GRACE_S: Final = 8.0
"""So long what is under way may take when the program is to end."""
LANE_GRACE_S: Final = GRACE_S - 1
"""So long a lane waits for its jobs then."""
_LOOK_EVERY_S: Final = 0.1
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 15.0
_POLL_S: Final = 1.0
"""A job that nobody heard of is found after so long."""
_POOL: Final = 3
"""Connections for taking jobs and giving them back, beside one for each lane that listens."""
_CONNECTING_S: Final = 3.0
_PROGRAM: Final = "newsletter worker"


@dataclass(frozen=True, slots=True)
class StationOrder:
    """What one process takes. `queues` are all where none is named; the clock is always among them.

    `concurrency` is how many jobs run at once beside one that delivers, one that answers people and
    the clock, which have lanes of their own: none of them waits for a long one of another kind.
    """

    queues: frozenset[Queue] = frozenset(Queue)
    concurrency: int = 2


@dataclass(frozen=True, slots=True)
class _Lane:
    name: str
    app: App
    queues: tuple[Queue, ...]
    concurrency: int = 1
    is_urgent: bool = False
    """Whether it hears of a job at once; the others look each second, and keep no connection for it."""


class Station:
    """Takes jobs until it is stopped; a database that is away for a while is waited for."""

    def __init__(
        self,
        url: str,
        errands: Errands,
        board: Board,
        order: StationOrder | None = None,
        stopped: threading.Event | None = None,
        span: MakeSpan = no_span,
    ) -> None:
        self._span = span
        self._url = url
        self._board = board
        self._order = order or StationOrder()
        self._stopped = stopped or threading.Event()
        self._tasks = Tasks(errands, board, self._stopped.is_set)

    def run(self) -> None:
        """Take jobs until `stopped` is set, then let those under way end; ten seconds in all."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stopped.is_set():
            try:
                await self._take_jobs()
                pause_s = _FIRST_PAUSE_S
            except* (ProcrastinateException, DatabaseError) as errors:
                LOG.error("jobs cannot be taken: %s", _fact(errors))  # noqa: TRY400 - it is foreseen
            if not self._stopped.is_set():
                await self._wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _take_jobs(self) -> None:
        """Take jobs until somebody says to stop, or a lane ends because its connection broke."""
        connector = PsycopgConnector(
            conninfo=self._url,
            kwargs={**connection_options(self._url), "application_name": _PROGRAM},
            min_size=1,
            max_size=_POOL,
            timeout=_CONNECTING_S,
        )
        clock, app = make_apps(connector, self._tasks)
        try:
            if not await self._opens(app):
                return
            lanes = [asyncio.create_task(self._work(lane)) for lane in self._lanes(clock, app)]
            try:
                with self._board.lanes_open():
                    await self._until_one_ends(lanes)
            finally:
                for lane in lanes:
                    lane.cancel()
                # A database that is away lets a lane say goodbye for very long.
                ended, _ = await asyncio.wait(lanes, timeout=GRACE_S)
        finally:
            await app.close_async()
        errors = (one.exception() for one in ended if not one.cancelled())
        troubles = [one for one in errors if isinstance(one, Exception)]
        if troubles:
            message = "lanes broke"
            raise ExceptionGroup(message, troubles)

    async def _opens(self, app: App) -> bool:
        """Connect, for which a database that is away lets wait half a minute; False: it is to stop."""
        opening = asyncio.ensure_future(app.open_async())
        await self._until_one_ends([opening])
        if opening.done():
            await opening
            return True
        opening.cancel()
        await asyncio.wait([opening])
        return False

    def _lanes(self, clock: App, app: App) -> Sequence[_Lane]:
        wanted = self._order.queues
        others = tuple(one for one in (Queue.PLANS, Queue.SOURCES, Queue.UPKEEP) if one in wanted)
        lanes = [_Lane("clock", clock, (Queue.CLOCK,))]
        urgent = (one for one in (Queue.PEOPLE, Queue.LETTERS) if one in wanted)
        lanes += [_Lane(one, app, (one,), is_urgent=True) for one in urgent]
        if others:
            lanes.append(_Lane("work", app, others, self._order.concurrency))
        return lanes

    async def _work(self, lane: _Lane) -> None:
        await lane.app.run_worker_async(
            name=lane.name,
            queues=[str(one) for one in lane.queues],
            concurrency=lane.concurrency,
            fetch_job_polling_interval=_POLL_S,
            listen_notify=lane.is_urgent,
            shutdown_graceful_timeout=LANE_GRACE_S,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=4 * GONE_AFTER_S,
            worker_middleware=[self._note],
        )

    async def _note(
        self, call: Callable[[], Awaitable[Any]], context: JobContext, _worker: object
    ) -> Any:
        job = context.job
        number, work, words = job.id or 0, job.task_name, job.task_kwargs
        detail = " ".join(f"{name}={value}" for name, value in words.items())
        about = {"job": number, "work": work}
        if "source" in words:
            about["source"] = words["source"]
        with (
            logging_about(**about),
            self._span(work, **about),
            self._board.at_work(number, work, detail),
        ):
            return await call()

    async def _until_one_ends(self, tasks: Sequence[asyncio.Future[Any]]) -> None:
        """Wait until one of them ends, or somebody says to stop."""
        watch = asyncio.create_task(self._until_stopped())
        try:
            await asyncio.wait([*tasks, watch], return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()

    async def _until_stopped(self) -> None:
        while not self._stopped.is_set():  # noqa: ASYNC110 - a signal sets no event of this loop
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._until_stopped(), seconds)


def _fact(errors: BaseExceptionGroup[Any]) -> str:
    """Return what the driver said first, which stands at the bottom of groups and causes."""
    found: BaseException = errors
    while below := _below(found):
        found = below
    return str(found).strip().partition("\n")[0] or type(found).__name__


def _below(error: BaseException) -> BaseException | None:
    return error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error.__cause__
