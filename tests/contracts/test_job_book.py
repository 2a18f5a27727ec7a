"""What every book of jobs does."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.model import Job, JobState, JobTally
from newsletter.ports import JobBook
from newsletter.storage import Database, StoredJobs, open_database
from newsletter.testing.workforce import MemoryJobs
from newsletter.workers import prepare_jobs

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

OpenStored = Callable[[str], Database]
OpenBook = Callable[[Iterable[Job]], JobBook]

WAITING = Job(1, "publish-batch", "plans", JobState.WAITING, "above=a", 0, NOW - 3 * MINUTE)
LATER = Job(2, "publish-batch", "plans", JobState.WAITING, "above=b", 0, NOW - MINUTE)
DOING = Job(3, "deliver-batch", "letters", JobState.UNDER_WAY, "", 1, NOW - 20 * MINUTE)
FAILED = Job(4, "collect-source", "sources", JobState.FAILED, "source=blog", 8, NOW - 60 * MINUTE)
ALL = (WAITING, LATER, DOING, FAILED)
STATUS = {JobState.WAITING: "todo", JobState.UNDER_WAY: "doing", JobState.FAILED: "failed"}


def write_jobs(database: Database, jobs: Iterable[Job], lock: str | None = None) -> None:
    """Write jobs as if they had come into their states when they say."""
    prepare_jobs(database)
    with database.writing() as connection:
        for job in jobs:
            connection.execute(
                text(
                    "INSERT INTO procrastinate_jobs (id, queue_name, task_name, args, attempts, lock)"
                    " VALUES (:id, :queue, :work, CAST(:args AS jsonb), :attempts, :lock)"
                ),
                {
                    "id": job.id,
                    "queue": job.queue,
                    "work": job.work,
                    "args": _args(job.detail),
                    "attempts": job.attempts,
                    "lock": lock,
                },
            )
            connection.execute(
                text(
                    "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status)"
                    " WHERE id = :id"
                ),
                {"status": STATUS[job.state], "id": job.id},
            )
            connection.execute(
                text("UPDATE procrastinate_events SET at = :at WHERE job_id = :id"),
                {"at": job.since_at, "id": job.id},
            )


def _args(detail: str) -> str:
    name, _, value = detail.partition("=")
    return f'{{"{name}": "{value}", "below": null}}' if detail else "{}"


@pytest.fixture(params=["memory", "postgresql"])
def open_book(request: pytest.FixtureRequest, open_stored: OpenStored) -> OpenBook:
    if request.param == "memory":
        return MemoryJobs

    def open_on_server(jobs: Iterable[Job]) -> JobBook:
        database = open_stored("postgresql")
        write_jobs(database, jobs)
        return StoredJobs(database)

    return open_on_server


def test_jobs_are_counted_by_kind(open_book: OpenBook) -> None:
    book = open_book(ALL)
    assert book.is_kept()
    assert list(book.tallies()) == [
        JobTally("collect-source", "sources", failed=1),
        JobTally("deliver-batch", "letters", under_way=1),
        JobTally("publish-batch", "plans", waiting=2, oldest_at=WAITING.since_at),
    ]


def test_jobs_are_found_by_their_state_the_oldest_first(open_book: OpenBook) -> None:
    book = open_book(ALL)
    assert list(book.find(JobState.WAITING)) == [WAITING, LATER]
    assert list(book.find(JobState.WAITING, limit=1)) == [WAITING]
    assert list(book.find(JobState.WAITING, before=NOW - 2 * MINUTE)) == [WAITING]
    assert list(book.find(JobState.UNDER_WAY)) == [DOING]
    assert list(book.find(JobState.FAILED)) == [FAILED]


def test_what_failed_can_be_tried_again_once(open_book: OpenBook) -> None:
    book = open_book(ALL)
    assert [book.retry(number) for number in (FAILED.id, FAILED.id, DOING.id, 99)] == [
        True, False, False, False,
    ]  # fmt: skip
    assert {job.id for job in book.find(JobState.WAITING)} == {1, 2, FAILED.id}


def test_what_failed_or_waits_can_be_dropped(open_book: OpenBook) -> None:
    book = open_book(ALL)
    assert [book.drop(number) for number in (FAILED.id, FAILED.id, LATER.id, DOING.id)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert [one.id for state in JobState for one in book.find(state)] == [1, 3]


def test_one_like_it_that_waits_does_the_work_of_one_that_failed(open_stored: OpenStored) -> None:
    database = open_stored("postgresql")
    write_jobs(database, [FAILED, WAITING])
    with database.writing() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET queueing_lock = 'the same'"))
    book = StoredJobs(database)
    assert book.retry(FAILED.id)
    assert [one.id for state in JobState for one in book.find(state)] == [WAITING.id]


def test_who_waits_for_another_of_its_kind_is_not_late(open_stored: OpenStored) -> None:
    database = open_stored("postgresql")
    write_jobs(database, [WAITING, DOING], lock="one at a time")
    book = StoredJobs(database)
    assert not book.find(JobState.WAITING, before=NOW)
    assert list(book.find(JobState.WAITING)) == [WAITING]


def _nothing(book: JobBook) -> bool:
    found = [*book.tallies(), *book.find(JobState.FAILED)]
    return not (book.is_kept() or found or book.retry(1) or book.drop(1))


def test_there_are_no_jobs_on_sqlite_nor_before_their_tables_are_made(
    open_stored: OpenStored, new_database: Callable[[str], str]
) -> None:
    assert _nothing(StoredJobs(open_stored("sqlite")))
    assert _nothing(MemoryJobs(None))
    database = open_database(new_database("postgresql"))
    database.migrate()
    assert _nothing(StoredJobs(database))
    database.close()
