"""Who works and what waits, as `status` shows it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from rich.table import Table

from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue
from newsletter.cli.tables import plain_table
from newsletter.model import Doing, JobTally, WorkerReport
from newsletter.workflows import WorkView

_OF_WORKERS: Final = (
    "Machine", "Process", "What", "Version", "Seen", "Doing", "Done", "Failed",
)  # fmt: skip
_OF_JOBS: Final = ("Job", "Queue", "Waiting", "Under way", "Failed", "Oldest waits")


def work_record(view: WorkView) -> dict[str, JsonValue]:
    """Return workers, jobs (None: none are shared) and what is stuck."""
    jobs = None if view.jobs is None else [_job_record(one) for one in view.jobs]
    return {
        "workers": [_worker_record(one, view) for one in view.workers],
        "versions": dict(view.versions),
        "jobs": jobs,
        "stuck": [{"fact": one.fact, "remedy": one.remedy} for one in view.stuck],
    }


def work_tables(view: WorkView) -> Iterator[Table | str]:
    """Yield what there is to show to a person."""
    if view.workers:
        yield plain_table("Workers", _OF_WORKERS, [_worker_row(one, view) for one in view.workers])
    if len(view.versions) > 1:
        told = ", ".join(f"{version} ({count})" for version, count in sorted(view.versions.items()))
        yield f"Several versions run: {told}. That is fine while you upgrade, and not for long."
    if view.jobs:
        yield plain_table("Jobs", _OF_JOBS, [_job_row(one, view.now) for one in view.jobs])
    if view.stuck:
        facts = [(one.fact, one.remedy) for one in view.stuck]
        yield plain_table("Stuck", ("What", "What to do"), facts)


def _worker_row(worker: WorkerReport, view: WorkView) -> tuple[str, ...]:
    seen = f"{_ago(worker.seen_at, view.now)} ago"
    doing = [f"{_name(one)} for {_ago(one.since_at, view.now)}" for one in worker.doing]
    figures = worker.figures
    return (
        worker.host,
        str(worker.pid),
        str(worker.kind),
        worker.version,
        f"lost, {seen}" if view.is_lost(worker) else seen,
        "; ".join(doing),
        _counts({**figures.done, **_letters(figures.letters)}),
        _counts(figures.failed),
    )


def _job_row(tally: JobTally, now: datetime) -> tuple[str, ...]:
    oldest = _ago(tally.oldest_at, now) if tally.oldest_at else ""
    counts = (tally.waiting, tally.under_way, tally.failed)
    return (tally.work, tally.queue, *map(str, counts), oldest)


def _name(one: Doing) -> str:
    return f"{one.work} {one.detail}".rstrip()


def _letters(letters: Mapping[str, int]) -> Mapping[str, int]:
    count = sum(letters.values())
    return {"tries of letters": count} if count else {}


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


def _ago(since: datetime, now: datetime) -> str:
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 2 * 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 2 * 60 else f"{minutes // 60} h"


def _worker_record(worker: WorkerReport, view: WorkView) -> JsonValue:
    figures = worker.figures
    return {
        "name": worker.name,
        "host": worker.host,
        "pid": worker.pid,
        "kind": worker.kind,
        "version": worker.version,
        "queues": [*sorted(worker.queues)],
        "started_at": moment(worker.started_at),
        "seen_at": moment(worker.seen_at),
        "is_lost": view.is_lost(worker),
        "doing": [
            {
                "job": one.job,
                "work": one.work,
                "detail": one.detail,
                "since_at": moment(one.since_at),
            }
            for one in worker.doing
        ],
        "done": dict(figures.done),
        "failed": dict(figures.failed),
        "letters": dict(figures.letters),
    }


def _job_record(tally: JobTally) -> JsonValue:
    return {
        "work": tally.work,
        "queue": tally.queue,
        "waiting": tally.waiting,
        "under_way": tally.under_way,
        "failed": tally.failed,
        "oldest_at": moment(tally.oldest_at),
    }
