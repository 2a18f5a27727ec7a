"""Who works, on whatever machine, and which of the work does not go on: each with what to do."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import (
    LOST_AFTER,
    Job,
    JobState,
    JobTally,
    LeftBehind,
    WorkerKind,
    WorkerReport,
)
from newsletter.ports import JobBook, Workforce
from newsletter.workflows.status import Alarm

LONG: Final = timedelta(minutes=10)
"""No job takes so long but for a first reading of many entries."""
LATE: Final = timedelta(minutes=2)
_MISSED_FOR: Final = timedelta(hours=1)
"""So long it is told that a process is gone without a word; it may have been ended for good."""
_FREED_AFTER: Final = timedelta(minutes=1)
_MOST_TOLD: Final = 5
_LOOK_THERE: Final = (
    "others do its work; if nobody ended it, look at that machine and its way to the database;"
    " after an hour this is told no more"
)
_START: Final = "nobody else works: start it again; letters go on, none is sent twice"


@dataclass(frozen=True, slots=True)
class WorkPorts:
    """What a look at the work needs of the world."""

    workforce: Workforce
    jobs: JobBook


@dataclass(frozen=True, slots=True)
class WorkView:
    """Who works and what waits, as of `now`, by the time of the database.

    `jobs` is None where no jobs are shared; `stuck` is what does not go on.
    """

    now: datetime
    workers: tuple[WorkerReport, ...]
    jobs: tuple[JobTally, ...] | None
    stuck: tuple[Alarm, ...]

    def is_lost(self, worker: WorkerReport) -> bool:
        """Return whether nobody heard of a process lately; also where it spoke in the future."""
        return is_lost(worker, self.now)

    @property
    def versions(self) -> Mapping[str, int]:
        """How many processes of each version of the program live."""
        return Counter(one.version for one in self.workers if not self.is_lost(one))


def look_at_work(ports: WorkPorts) -> WorkView:
    """Return who works and what does not go on; nothing is written."""
    now = ports.workforce.now()
    workers = tuple(ports.workforce.workers())
    jobs = tuple(ports.jobs.tallies()) if ports.jobs.is_kept() else None
    living = [one for one in workers if not is_lost(one, now)]
    stuck = (
        *_nobody_works(jobs or (), living, now),
        *_late(ports.jobs, jobs or (), living, now),
        *_long(
            ports.jobs.find(JobState.UNDER_WAY, before=now - LONG, limit=_MOST_TOLD), living, now
        ),
        *_failed(jobs or (), ports.jobs),
        *_left_behind(ports.workforce.left_behind(), now),
        *_missed(workers, now),
    )
    return WorkView(now, workers, jobs, stuck)


def is_lost(worker: WorkerReport, now: datetime) -> bool:
    """Return whether nobody heard of a process lately."""
    return abs(now - worker.seen_at) > LOST_AFTER


def _takers(queue: str, living: Sequence[WorkerReport]) -> list[WorkerReport]:
    return [one for one in living if one.kind is WorkerKind.WORKER and queue in one.queues]


def _nobody_works(
    jobs: Sequence[JobTally], living: Sequence[WorkerReport], now: datetime
) -> Iterator[Alarm]:
    """Yield an alarm for jobs that nobody takes; `serve` does the same work without them."""
    if any(one.kind is WorkerKind.SERVE for one in living):
        return
    late = [
        one
        for one in jobs
        if one.oldest_at and now - one.oldest_at > LATE and not _takers(one.queue, living)
    ]
    if not late:
        return
    queues = ", ".join(sorted({one.queue for one in late}))
    count = sum(one.waiting for one in late)
    since = min(one.oldest_at for one in late if one.oldest_at)
    fact = f"{_jobs(count)} {'waits' if count == 1 else 'wait'} since {_at(since)}"
    if living:
        yield Alarm(
            f"{fact} in queues that no worker takes: {queues}",
            "start a `newsletter worker` without --queues, or one that names them",
        )
    else:
        yield Alarm(f"{fact}, and no worker runs", "start `newsletter worker` on some machine")


def _late(
    book: JobBook, jobs: Sequence[JobTally], living: Sequence[WorkerReport], now: datetime
) -> Iterator[Alarm]:
    """Yield an alarm for each kind of job that waits though there are workers for it."""
    waiting = {one.work: one for one in jobs if one.waiting}
    busy = sum(one.under_way for one in jobs)
    late: dict[str, Job] = {}
    for job in book.find(JobState.WAITING, before=now - LATE) if waiting else ():
        late.setdefault(job.work, job)
    for work, job in late.items():
        takers = _takers(job.queue, living)
        if not takers or work not in waiting:
            continue
        count = waiting[work].waiting
        who = "1 worker takes" if len(takers) == 1 else f"{len(takers)} workers take"
        yield Alarm(
            f"{_jobs(count)} {work} {'waits' if count == 1 else 'wait'} though {who} them, the first,"
            f" {job.id}, since {_at(job.since_at)}",
            "the workers are busy: start another one, or give --concurrency"
            if busy
            else "the workers take nothing: look at their logs, and start them again",
        )


def _long(jobs: Sequence[Job], living: Sequence[WorkerReport], now: datetime) -> Iterator[Alarm]:
    """Yield an alarm for each job that is under way for very long."""
    for job in jobs:
        minutes = int((now - job.since_at).total_seconds() // 60)
        owner = next((one for one in living for mine in one.doing if mine.job == job.id), None)
        where = f" at {owner.host}, process {owner.pid}" if owner else ""
        yield Alarm(
            f"job {job.id}, {_name(job)}, is under way for {minutes} minutes{where}",
            f"a first reading may take that long; else see job={job.id} in its log, and end that"
            " process: another worker does the job, and nothing is sent twice",
        )


def _failed(jobs: Sequence[JobTally], book: JobBook) -> Iterator[Alarm]:
    """Yield the alarm of jobs that were tried for the last time."""
    count = sum(one.failed for one in jobs)
    if not count:
        return
    found = book.find(JobState.FAILED, limit=_MOST_TOLD)
    some = ", ".join(f"{job.id} ({_name(job)})" for job in found)
    more = "" if count <= len(found) else f" and {count - len(found):,} more"
    yield Alarm(
        f"{_jobs(count)} failed for good: {some}{more}",
        "job=… in the logs of the workers says why; `newsletter jobs --retry ID` tries one again,"
        " `newsletter jobs --drop ID` forgets it; after a week they are forgotten",
    )


def _left_behind(left: LeftBehind, now: datetime) -> Iterator[Alarm]:
    """Yield the alarm of letters that nobody frees."""
    if not left.count or left.since_at is None or now - left.since_at < _FREED_AFTER:
        return
    count = "1 letter is" if left.count == 1 else f"{left.count:,} letters are"
    yield Alarm(
        f"{count} held since {_at(left.since_at)} by a process that is gone",
        "whoever delivers next frees them: run `newsletter serve`, `newsletter worker` or"
        " `newsletter send`; `newsletter deliveries --state in-data` shows them",
    )


def _missed(workers: Sequence[WorkerReport], now: datetime) -> Iterator[Alarm]:
    """Yield an alarm for each process that went without a word and was not replaced on its machine."""
    for one in workers:
        silent = now - one.seen_at
        is_replaced = any(
            other.host == one.host and other.kind is one.kind and other.started_at > one.seen_at
            for other in workers
        )
        if LOST_AFTER < silent < _MISSED_FOR and not is_replaced:
            yield Alarm(
                f"{one.kind} at {one.host}, process {one.pid}, was not heard of since {_at(one.seen_at)}",
                _LOOK_THERE if any(not is_lost(other, now) for other in workers) else _START,
            )


def _jobs(count: int) -> str:
    return "1 job" if count == 1 else f"{count:,} jobs"


def _name(job: Job) -> str:
    return f"{job.work} {job.detail}".rstrip()


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
