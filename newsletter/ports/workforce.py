"""Who works for the newsletter on whatever machine, and which jobs they share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model import Job, JobState, JobTally, LeftBehind, WorkerReport


class Workforce(Protocol):
    """The processes that work on one database.

    Moments go by the time of the database: machines differ, and what they say is put into its time.
    """

    def now(self) -> datetime:
        """Return the time of the database."""
        ...

    def report(self, worker: WorkerReport) -> None:
        """Write down how a process stands, and forget those that were silent for a day.

        `seen_at` is when that was by its own clock. Raises StorageError.
        """
        ...

    def leave(self, name: str) -> None:
        """Forget a process that ends. Raises StorageError."""
        ...

    def workers(self) -> Sequence[WorkerReport]:
        """Return what each said last, by machine and number of the process."""
        ...

    def left_behind(self) -> LeftBehind:
        """Count the letters that processes hold that are gone; the next one that delivers frees them."""
        ...


class JobBook(Protocol):
    """The jobs that workers of several machines share."""

    def is_kept(self) -> bool:
        """Return whether there are jobs: on PostgreSQL, once a worker or `migrate` made their tables."""
        ...

    def tallies(self) -> Sequence[JobTally]:
        """Count the jobs by kind of work, by its name; nothing where no jobs are kept."""
        ...

    def find(
        self, state: JobState, *, before: datetime | None = None, limit: int = 100
    ) -> Sequence[Job]:
        """Return jobs that are in a state since before that moment, the oldest first.

        One that waits until another like it has ended is not late, and is left out where `before` is given.
        """
        ...

    def retry(self, number: int) -> bool:
        """Let a job that failed wait again; False where none of that number failed.

        Where one like it waits already that one does the work, and this one is dropped.
        """
        ...

    def drop(self, number: int) -> bool:
        """Forget a job that failed or waits; False where there is none of that number."""
        ...
