"""Jobs for what was just written, in the same transaction: with it they are there, or neither is.

Jobs wait where workers of several machines take them: on PostgreSQL, beside our tables, made by
`newsletter migrate` or the first `newsletter worker`. Without workers nothing is announced.
"""

from typing import Final

from sqlalchemy import Connection, text

from newsletter.model import PRIORITY_OF, QUEUE_OF, Work

_MOST_WAITING: Final = 64
"""A job says that there is work, not which: where no worker comes, no more than these pile up."""

_KNOWN: Final = "newsletter has jobs"
_HAS_JOBS: Final = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_ANNOUNCEMENT: Final = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(CAST(:queue AS varchar), CAST(:work AS varchar),"
    " CAST(:priority AS integer), NULL, NULL, '{}'::jsonb, NULL)::procrastinate_job_to_defer_v1])"
    " WHERE (SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs WHERE status = 'todo'"
    " AND queue_name = :queue AND task_name = :work LIMIT :most) AS waiting) < :most"
)


def announce(connection: Connection, work: Work) -> None:
    """Ask, in the transaction of `connection`, for a job that does `work`; on SQLite nobody would hear it.

    A job that is not asked for is no loss: workers look every few seconds for what nobody announced.
    """
    if connection.dialect.name != "postgresql" or not _has_jobs(connection):
        return
    words = {
        "queue": str(QUEUE_OF[work]),
        "work": str(work),
        "priority": PRIORITY_OF[work],
        "most": _MOST_WAITING,
    }
    connection.execute(_ANNOUNCEMENT, words)


def _has_jobs(connection: Connection) -> bool:
    """Say whether the tables of jobs are there; each session asks until they are, and never again."""
    known = connection.info  # kept as long as the session with the server
    if not known.get(_KNOWN):
        known[_KNOWN] = connection.execute(_HAS_JOBS).scalar_one()
    return bool(known[_KNOWN])
