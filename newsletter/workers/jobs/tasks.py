"""The jobs, as tasks of procrastinate: what each calls, and what it asks for next."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from procrastinate import App, JobContext, RetryStrategy
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status

from newsletter.model import PRIORITY_OF, QUEUE_OF, SourceName, Work
from newsletter.workers.jobs.board import Board
from newsletter.workers.jobs.errands import Errands, IsStopping, Share
from newsletter.workers.jobs.steady import SteadyManager
from newsletter.workers.jobs.threads import in_thread

LOG: Final = logging.getLogger("newsletter.jobs")

HEARTBEAT_S: Final = 1.5
GONE_AFTER_S: Final = 5.0
"""Of a worker that was not heard of for so long the jobs are given to others: safe, where it was wrong."""

_LOOKS: Final = "* * * * * */3"
_ADOPTIONS: Final = "* * * * * 45"  # ahead of the slots of the next minute
_ARCHIVING: Final = "5,20,35,50 * * * *"  # in every zone a day ends at some quarter of an hour
_PURGING: Final = "11 */6 * * *"
_DELIVER_LOOK_EVERY: Final = 3
"""So many looks apart it is asked whether something waits that nobody announced: its time has come."""
_MORE: Final = "more"
_NEXT_COMES_S: Final = 1
"""Who sees that much waits asks for another one so much later, under a lock of its own."""
_KEPT_HOURS: Final = 7 * 24
"""So long a job that failed can be looked at."""

_AGAIN: Final = RetryStrategy(max_attempts=8, exponential_wait=2)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The jobs of one process. `is_stopping` is asked by all that takes long."""

    errands: Errands
    board: Board
    is_stopping: IsStopping

    def register(self, app: App) -> App:
        """Give the tasks to `app`; each goes by the name of its kind of work."""
        works: dict[Work, Callable[..., Awaitable[Any]]] = {
            Work.RECEIVE: self._receive,
            Work.DELIVER: self._deliver,
            Work.PUBLISH: self._publish,
            Work.COLLECT: self._collect,
            Work.EMBED: self._embed,
            Work.ARCHIVE: self._archive,
            Work.PURGE: self._purge,
            Work.ADOPT: self._adopt,
        }
        for work, do in works.items():
            options: dict[str, Any] = {"queue": QUEUE_OF[work], "priority": PRIORITY_OF[work]}
            app.task(name=work, pass_context=True, retry=_AGAIN, **options)(do)
        return app

    def register_clock(self, app: App) -> App:
        """Give all tasks to `app`, with those that have their times: one worker of a process has these."""
        self.register(app)
        look = app.task(
            name=Work.LOOK,
            queue=QUEUE_OF[Work.LOOK],
            priority=PRIORITY_OF[Work.LOOK],
            queueing_lock=Work.LOOK,
            pass_context=True,
        )(self._look)
        app.periodic(cron=_LOOKS)(look)
        for work, times in ((Work.ARCHIVE, _ARCHIVING), (Work.PURGE, _PURGING)):
            app.periodic(cron=times, queueing_lock=str(work))(app.tasks[work])
        if self.errands.adopt:
            app.periodic(cron=_ADOPTIONS, queueing_lock=Work.ADOPT)(app.tasks[Work.ADOPT])
        return app

    async def _look(self, context: JobContext, timestamp: int) -> None:
        """Look for all that is due, and for what workers left that are gone."""
        app = context.app
        await _take_over(app)
        # Else those whose letters are being planned would be looked at by two.
        if not await _is_open(app, Work.PUBLISH):
            for share in await in_thread(self.errands.shares, "due"):
                await _ask(app, Work.PUBLISH, share.above, above=share.above, below=share.below)
        due = await in_thread(self.errands.due_sources, "sources")
        pulled = await _pulled_now(app) if due else ()
        for source in due:
            # What is pulled just now is due until that ends: if it breaks off, it waits for its turn.
            if source not in pulled:
                await _ask(app, Work.COLLECT, source, source=source)
        if timestamp // 3 % _DELIVER_LOOK_EVERY == 0:
            await _ask(app, Work.DELIVER)
            await _ask(app, Work.RECEIVE)

    async def _publish(
        self, context: JobContext, above: str, below: str | None, **_: object
    ) -> None:
        del context
        share = Share(above, below)
        letters = await in_thread(partial(self.errands.publish, share, self.is_stopping), "publish")
        if letters:
            LOG.info("planned above=%s letters=%d", above, letters)

    async def _deliver(self, context: JobContext, **_: object) -> None:
        # Whoever is free comes too, as long as there is enough for another one: in a moment, because what
        # waits may have to wait for long, and each who comes finds that out anew.
        if await in_thread(self.errands.waits_for_more, "waiting"):
            await _ask(context.app, Work.DELIVER, _MORE, in_s=_NEXT_COMES_S)
        if await in_thread(partial(self.errands.deliver, self.is_stopping), "deliver"):
            await _ask(context.app, Work.DELIVER)

    async def _receive(self, context: JobContext, **_: object) -> None:
        if await in_thread(partial(self.errands.receive, self.is_stopping), "receive"):
            await _ask(context.app, Work.DELIVER)

    async def _collect(self, context: JobContext, source: str, **_: object) -> None:
        if await in_thread(partial(self.errands.collect, SourceName(source)), f"collect {source}"):
            await _ask(context.app, Work.EMBED)

    async def _embed(self, context: JobContext, **_: object) -> None:
        del context
        await in_thread(partial(self.errands.embed, self.is_stopping), "embed")

    async def _archive(self, context: JobContext, **_: object) -> None:
        del context
        await in_thread(partial(self.errands.archive, self.is_stopping), "archive")

    async def _purge(self, context: JobContext, **_: object) -> None:
        await in_thread(self.errands.purge, "purge")
        await context.app.job_manager.delete_old_jobs(
            nb_hours=_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )

    async def _adopt(self, context: JobContext, **_: object) -> None:
        del context
        if self.errands.adopt:
            await in_thread(self.errands.adopt, "adopt")


def make_apps(connector: BaseConnector, tasks: Tasks) -> tuple[App, App]:
    """Return the application of the clock, and that of all other workers of a process."""
    clock, others = App(connector=connector), App(connector=connector)
    for app in (clock, others):
        app.job_manager = SteadyManager(connector, tasks.is_stopping)
    return tasks.register_clock(clock), tasks.register(others)


async def _ask(
    app: App, work: Work, about: str = "", *, in_s: int | None = None, **words: str | None
) -> None:
    """Ask for a job, at once or in so many seconds, if none like it waits already."""
    lock = f"{work} {about}".strip()
    # A source is pulled by one at a time; whoever pulls it twice would be a bad guest.
    alone = lock if work is Work.COLLECT else None
    later = {"seconds": in_s} if in_s else None
    job = app.configure_task(work, queueing_lock=lock, lock=alone, schedule_in=later)
    with suppress(AlreadyEnqueued):
        await job.defer_async(**words)


async def _pulled_now(app: App) -> set[str]:
    """Return the sources that somebody pulls."""
    jobs = await app.job_manager.list_jobs_async(task=Work.COLLECT, status=Status.DOING.value)
    return {str(job.task_kwargs["source"]) for job in jobs}


async def _is_open(app: App, work: Work) -> bool:
    """Return whether a job of this kind is under way or could begin; one that failed waits longer."""
    now = datetime.now(UTC)
    for status in (Status.TODO, Status.DOING):
        jobs = await app.job_manager.list_jobs_async(task=work, status=status.value)
        if any(job.scheduled_at is None or job.scheduled_at <= now for job in jobs):
            return True
    return False


async def _take_over(app: App) -> None:
    """Give the jobs of workers that are gone to others."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=GONE_AFTER_S):
        LOG.warning(
            "job=%s work=%s: its worker is gone; another one does it", job.id, job.task_name
        )
        await _give_back(app, job)


async def _give_back(app: App, job: Job) -> None:
    with suppress(ConnectorException):  # somebody was faster
        await app.job_manager.retry_job(job)
