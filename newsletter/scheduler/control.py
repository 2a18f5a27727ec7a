"""What others may ask of the clock while it runs; safe in any thread."""

from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from newsletter.model import SourceName

PULL: Final = "collect {}"
"""What the job is called that pulls a source."""
PUBLISH: Final = "publish"
_LATE: Final = timedelta(minutes=5)


class Control:
    """The jobs of a scheduler, seen from outside."""

    def __init__(self, jobs: BackgroundScheduler) -> None:
        self._jobs = jobs

    def pull_soon(self, source: SourceName) -> bool:
        """Pull a source at once, and after that at its usual times; return whether it is known."""
        try:
            self._jobs.modify_job(PULL.format(source), next_run_time=datetime.now(UTC))
        except JobLookupError:
            return False
        return True

    def is_alive(self) -> bool:
        """Whether the clock goes: what is to be done each minute is never late by five."""
        job = self._jobs.get_job(PUBLISH) if self._jobs.running else None
        if job is None or job.next_run_time is None:
            return False
        return bool(datetime.now(UTC) - job.next_run_time < _LATE)
