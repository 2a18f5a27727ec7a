"""Workers and their jobs, in memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Job, JobState, JobTally, LeftBehind, WorkerReport

_FORGOTTEN_AFTER: Final = timedelta(days=1)


class MemoryWorkforce:
    """The Workforce port. `left` is what processes that are gone hold."""

    def __init__(self, now: Callable[[], datetime], left: LeftBehind | None = None) -> None:
        self.now = now
        self._left = left or LeftBehind()
        self._workers: dict[str, WorkerReport] = {}

    def report(self, worker: WorkerReport) -> None:
        """Write down how a process stands, in the time of this store."""
        now = self.now()
        ahead = now - worker.seen_at
        self._workers[worker.name] = replace(
            worker,
            seen_at=now,
            started_at=worker.started_at + ahead,
            doing=tuple(replace(one, since_at=one.since_at + ahead) for one in worker.doing),
        )
        self._workers = {
            name: one
            for name, one in self._workers.items()
            if abs(now - one.seen_at) <= _FORGOTTEN_AFTER
        }

    def leave(self, name: str) -> None:
        """Forget a process."""
        self._workers.pop(name, None)

    def workers(self) -> Sequence[WorkerReport]:
        """Return what each said last."""
        return sorted(self._workers.values(), key=lambda one: (one.host, one.pid, one.name))

    def left_behind(self) -> LeftBehind:
        """Return what was said at the beginning."""
        return self._left


class MemoryJobs:
    """The JobBook port. `jobs` are those there are; None: no jobs are kept here."""

    def __init__(self, jobs: Iterable[Job] | None = ()) -> None:
        self._is_kept = jobs is not None
        self._jobs = {job.id: job for job in jobs or ()}

    def is_kept(self) -> bool:
        """Return whether there are jobs."""
        return self._is_kept

    def tallies(self) -> Sequence[JobTally]:
        """Count the jobs by kind of work."""
        kinds = sorted({(job.work, job.queue) for job in self._jobs.values()})
        return [self._tally(*kind) for kind in kinds]

    def find(
        self, state: JobState, *, before: datetime | None = None, limit: int = 100
    ) -> Sequence[Job]:
        """Return jobs in a state, the oldest first."""
        found = [
            job
            for job in self._jobs.values()
            if job.state is state and (before is None or job.since_at < before)
        ]
        return sorted(found, key=lambda job: (job.since_at, job.id))[:limit]

    def retry(self, number: int) -> bool:
        """Let a job that failed wait again."""
        job = self._jobs.get(number)
        if job is None or job.state is not JobState.FAILED:
            return False
        self._jobs[number] = replace(job, state=JobState.WAITING)
        return True

    def drop(self, number: int) -> bool:
        """Forget a job that failed or waits."""
        job = self._jobs.get(number)
        if job is None or job.state is JobState.UNDER_WAY:
            return False
        del self._jobs[number]
        return True

    def _tally(self, work: str, queue: str) -> JobTally:
        jobs = [job for job in self._jobs.values() if (job.work, job.queue) == (work, queue)]
        waiting = [job.since_at for job in jobs if job.state is JobState.WAITING]
        return JobTally(
            work,
            queue,
            len(waiting),
            sum(job.state is JobState.UNDER_WAY for job in jobs),
            sum(job.state is JobState.FAILED for job in jobs),
            min(waiting, default=None),
        )
