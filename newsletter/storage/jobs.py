"""The jobs that workers share, seen from outside: counted, and those that failed tried again or dropped.

They stand in the tables of procrastinate; workers alone load that library.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from newsletter.model import Job, JobState, JobTally
from newsletter.storage.database import Database

_LONGEST_DETAIL: Final = 200
_IS_KEPT: Final = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_WORDS: Final[Mapping[JobState, str]] = {
    JobState.WAITING: "todo",
    JobState.UNDER_WAY: "doing",
    JobState.FAILED: "failed",
}
# The last event of a job is when it came into its state; one that is to wait has that moment as an event.
_SINCE: Final = "(SELECT max(at) FROM procrastinate_events WHERE job_id = jobs.id)"
_TALLIES: Final = text(
    "SELECT task_name, queue_name, count(*) FILTER (WHERE status = 'todo') AS waiting,"  # noqa: S608 - our own words
    " count(*) FILTER (WHERE status = 'doing') AS under_way,"
    " count(*) FILTER (WHERE status = 'failed') AS failed,"
    f" min({_SINCE}) FILTER (WHERE status = 'todo') AS oldest_at"
    " FROM procrastinate_jobs AS jobs WHERE status IN ('todo', 'doing', 'failed')"
    " GROUP BY task_name, queue_name ORDER BY task_name, queue_name"
)
_FIND: Final = text(
    "SELECT * FROM (SELECT id, task_name, queue_name, args, attempts, lock,"  # noqa: S608 - our own words
    f" coalesce({_SINCE}, now()) AS since_at"
    " FROM procrastinate_jobs AS jobs"
    " WHERE status = CAST(:status AS procrastinate_job_status)) AS jobs"
    " WHERE CAST(:before AS timestamptz) IS NULL OR (since_at < :before AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs AS other"
    " WHERE other.lock = jobs.lock AND other.status = 'doing' AND other.id <> jobs.id))"
    " ORDER BY since_at, id LIMIT :limit"
)
_FAILED: Final = text(
    "SELECT 1 FROM procrastinate_jobs WHERE id = :id AND status = 'failed' FOR UPDATE"
)
_RETRY: Final = text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)")
_DROP: Final = text(
    "DELETE FROM procrastinate_jobs WHERE id = :id AND status IN ('todo', 'failed') RETURNING id"
)


class StoredJobs:
    """The JobBook port over a database; on SQLite there are no jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_kept(self) -> bool:
        """Return whether there are jobs."""
        if self._database.path is not None:
            return False
        with self._database.reading() as connection:
            return bool(connection.execute(_IS_KEPT).scalar_one())

    def tallies(self) -> Sequence[JobTally]:
        """Count the jobs by kind of work, by its name."""
        if not self.is_kept():
            return ()
        with self._database.reading() as connection:
            return [JobTally(*row) for row in connection.execute(_TALLIES)]

    def find(
        self, state: JobState, *, before: datetime | None = None, limit: int = 100
    ) -> Sequence[Job]:
        """Return jobs that are in a state since before that moment, the oldest first."""
        if not self.is_kept():
            return ()
        words = {"status": _WORDS[state], "before": before, "limit": limit}
        with self._database.reading() as connection:
            return [_job(row, state) for row in connection.execute(_FIND, words)]

    def retry(self, number: int) -> bool:
        """Let a job that failed wait again; one like it that waits already does the work instead."""
        if not self.is_kept():
            return False
        with self._database.writing() as connection:
            if connection.execute(_FAILED, {"id": number}).first() is None:
                return False
            try:
                with connection.begin_nested():
                    connection.execute(_RETRY, {"id": number})
            except IntegrityError:
                connection.execute(_DROP, {"id": number})
            return True

    def drop(self, number: int) -> bool:
        """Forget a job that failed or waits."""
        if not self.is_kept():
            return False
        with self._database.writing() as connection:
            return connection.execute(_DROP, {"id": number}).first() is not None


def _job(row: Row[Any], state: JobState) -> Job:
    detail = " ".join(
        f"{name}={value}" for name, value in row.args.items() if value not in {None, ""}
    )
    since_at = row.since_at.astimezone(UTC)
    return Job(
        row.id,
        row.task_name,
        row.queue_name,
        state,
        detail[:_LONGEST_DETAIL],
        row.attempts,
        since_at,
    )
