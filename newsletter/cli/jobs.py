"""The work of `newsletter jobs`."""

from collections.abc import Callable, Sequence
from typing import Final

import typer

from newsletter.bootstrap import open_newsroom
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.errors import ConfigError, ExitCode
from newsletter.model import Job, JobState
from newsletter.ports import JobBook
from newsletter.storage import Database, StoredJobs

_SHOWN: Final = 200
_HEADINGS: Final = ("Id", "Job", "About", "Queue", "State", "Since", "Tries")


def run_jobs_shown(
    session: Session, retry: Sequence[int], drop: Sequence[int], *, only_failed: bool
) -> None:
    """Try jobs again and drop others, then say which; without any to change, show them."""
    with open_newsroom(session.config_path) as room:
        book = _book(room.database)
        if retry or drop:
            _change(session, book, retry, drop)
            return
        states = [JobState.FAILED] if only_failed else list(JobState)
        found = [job for state in states for job in book.find(state, limit=_SHOWN)]
    if session.wants_json:
        session.write_json({"jobs": [_record(job) for job in found]})
        return
    rows = [
        (
            str(job.id),
            job.work,
            job.detail,
            job.queue,
            str(job.state),
            f"{job.since_at:%Y-%m-%d %H:%M:%S}",
            str(job.attempts),
        )
        for job in found
    ]
    session.say(plain_table("Jobs", _HEADINGS, rows) if rows else "No jobs.")


def _book(database: Database) -> JobBook:
    book = StoredJobs(database)
    if database.path is not None:
        message = f"{database.name}: jobs are shared on PostgreSQL alone; see docs/scaling.md"
        raise ConfigError(message)
    if not book.is_kept():
        message = f"{database.name}: has no tables of jobs yet; `newsletter migrate` makes them"
        raise ConfigError(message)
    return book


def _change(session: Session, book: JobBook, retry: Sequence[int], drop: Sequence[int]) -> None:
    changed: dict[str, list[int]] = {"retried": [], "dropped": [], "unknown": []}
    orders: tuple[tuple[str, Callable[[int], bool], Sequence[int]], ...] = (
        ("retried", book.retry, retry),
        ("dropped", book.drop, drop),
    )
    for word, do, numbers in orders:
        for number in numbers:
            changed[word if do(number) else "unknown"].append(number)
    if session.wants_json:
        session.write_json({word: [*numbers] for word, numbers in changed.items()})
    for word in ("retried", "dropped"):
        for number in changed[word]:
            session.say(f"{number}: {word}")
    for number in changed["unknown"]:
        session.notice(f"{number}: there is no such job that failed; `newsletter jobs` shows all")
    if changed["unknown"]:
        raise typer.Exit(ExitCode.DATA)


def _record(job: Job) -> JsonValue:
    return {
        "id": job.id,
        "work": job.work,
        "about": job.detail,
        "queue": job.queue,
        "state": job.state,
        "since_at": moment(job.since_at),
        "tries": job.attempts,
    }
