"""The library's manager of jobs, which leaves none under way and falls silent for nothing that passes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Final

from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback
from psycopg import OperationalError
from psycopg_pool import PoolClosed

from newsletter.workers.jobs.errands import IsStopping

_PAUSE_S: Final = 1.0
_TRIES: Final = 30


class SteadyManager(JobManager):
    """Goes on where the library gives up.

    A job whose end cannot be written would stay under way as long as its lane lives: a source of which it
    holds the lock is not pulled any more, and while a plan seems to be made nobody asks for another one. A
    worker that is to end leaves it to others, who see that it is gone.
    """

    def __init__(self, connector: BaseConnector, is_stopping: IsStopping) -> None:
        super().__init__(connector)
        self._is_stopping = is_stopping

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Let `job` wait until it is tried again; end it where one like it waits: there is room for one."""
        try:
            await self._surely(partial(super().retry_job, job, retry_at, priority, queue, lock))
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 - the library's
        """Write how `job` ended, as soon as the server can."""
        await self._surely(partial(super().finish_job, job, status, delete_job))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Say that a lane lives; what fails once is said the next time, and not never again."""
        with suppress(ConnectorException):
            await super().update_heartbeat(worker_id)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Hear of jobs until cancelled; listen again where the server was away."""
        listen = super().listen_for_jobs
        while True:
            with suppress(ConnectorException):
                return await listen(on_notification=on_notification, queues=queues)
            await asyncio.sleep(_PAUSE_S)

    async def _surely(self, write: Callable[[], Awaitable[Any]]) -> None:
        """Write; again and again while the server is away, which a lane with nothing to ask does not see."""
        for _ in range(_TRIES):
            try:
                await write()
            except ConnectorException as error:
                if self._is_stopping() or not _may_pass(error):
                    raise
            else:
                return
            await asyncio.sleep(_PAUSE_S)
        await write()


def _may_pass(error: ConnectorException) -> bool:
    cause = error.__cause__
    return isinstance(cause, OperationalError) and not isinstance(cause, PoolClosed)
