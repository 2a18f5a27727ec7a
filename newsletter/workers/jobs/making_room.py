"""A job that is to be tried again makes room for one like it that waits."""

from datetime import datetime

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager


class RoomMaker(JobManager):
    """The library's manager, with one way out where two that are alike would wait.

    The server lets only one of them wait, and without this the other stays under way as long as its worker
    lives: a source of which it holds the lock is not pulled any more.
    """

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Let `job` wait until it is tried again, or end it where one like it waits already."""
        try:
            await super().retry_job(job, retry_at, priority, queue, lock)
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)
