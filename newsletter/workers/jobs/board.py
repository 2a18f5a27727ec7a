"""What one worker is doing and did: for its heartbeat, `status` and the figures of Prometheus."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Doing:
    """One job that is under way."""

    work: str
    detail: str
    since_at: datetime


@dataclass(slots=True)
class Board:
    """Counts jobs; any thread may write and read."""

    _guard: threading.Lock = field(default_factory=threading.Lock)
    _doing: dict[int, Doing] = field(default_factory=dict)
    _done: Counter[str] = field(default_factory=Counter)
    _failed: Counter[str] = field(default_factory=Counter)
    _letters: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def at_work(self, job: int, work: str, detail: str) -> Iterator[None]:
        """Note that a job is under way, and how it ended: an exception is a failure."""
        with self._guard:
            self._doing[job] = Doing(work, detail, datetime.now(UTC))
        try:
            yield
        except BaseException:
            with self._guard:
                self._failed[work] += 1
            raise
        else:
            with self._guard:
                self._done[work] += 1
        finally:
            with self._guard:
                self._doing.pop(job, None)

    def count_letter(self, event: str) -> None:
        """Note the end of one try."""
        with self._guard:
            self._letters[event] += 1

    def doing(self) -> tuple[Doing, ...]:
        """Return what is under way, oldest first."""
        with self._guard:
            return tuple(sorted(self._doing.values(), key=lambda one: one.since_at))

    def done(self) -> Mapping[str, int]:
        """Return how many jobs of each kind ended well."""
        with self._guard:
            return dict(self._done)

    def failed(self) -> Mapping[str, int]:
        """Return how many jobs of each kind broke off."""
        with self._guard:
            return dict(self._failed)

    def letters(self) -> Mapping[str, int]:
        """Return how many tries ended in each way."""
        with self._guard:
            return dict(self._letters)
