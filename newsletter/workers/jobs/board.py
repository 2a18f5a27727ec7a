"""What one worker is doing and did: for its heartbeat, `status` and the figures of Prometheus."""

import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Final

from newsletter.model import Doing, WorkFigures

BOUNDS_S: Final = (0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 30.0, 60.0, 300.0)
"""The upper ends of the classes that jobs are counted in by how long they took; a last one has no end."""


@dataclass(slots=True)
class Times:
    """How long jobs of one kind took: how many in each class, and the sum."""

    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Count one."""
        self.classes[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds += seconds

    def copy(self) -> "Times":
        """Return what was counted until now."""
        return Times(list(self.classes), self.seconds)


@dataclass(slots=True)
class Board:
    """Counts jobs; any thread may write and read."""

    _guard: threading.Lock = field(default_factory=threading.Lock)
    _doing: dict[int, Doing] = field(default_factory=dict)
    _done: Counter[str] = field(default_factory=Counter)
    _failed: Counter[str] = field(default_factory=Counter)
    _letters: Counter[str] = field(default_factory=Counter)
    _times: defaultdict[str, Times] = field(default_factory=lambda: defaultdict(Times))
    _starts: int = 0
    _is_open: bool = False

    @contextmanager
    def at_work(self, job: int, work: str, detail: str) -> Iterator[None]:
        """Note that a job is under way, and how it ended: an exception is a failure."""
        began_s = perf_counter()
        with self._guard:
            self._doing[job] = Doing(work, detail, datetime.now(UTC), job)
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
                self._times[work].note(perf_counter() - began_s)

    @contextmanager
    def lanes_open(self) -> Iterator[None]:
        """Note that jobs are taken, until they are not any more."""
        with self._guard:
            self._starts += 1
            self._is_open = True
        try:
            yield
        finally:
            with self._guard:
                self._is_open = False

    def count_letter(self, event: str) -> None:
        """Note the end of one try."""
        with self._guard:
            self._letters[event] += 1

    def is_open(self) -> bool:
        """Return whether jobs are taken now."""
        return self._is_open

    def restarts(self) -> int:
        """Return how often jobs were taken again after the database was away."""
        return max(0, self._starts - 1)

    def doing(self) -> tuple[Doing, ...]:
        """Return what is under way, oldest first."""
        with self._guard:
            return tuple(sorted(self._doing.values(), key=lambda one: one.since_at))

    def figures(self) -> WorkFigures:
        """Return how many jobs of each kind ended well or broke off, and tries of letters by their end."""
        with self._guard:
            return WorkFigures(dict(self._done), dict(self._failed), dict(self._letters))

    def times(self) -> Mapping[str, Times]:
        """Return how long the jobs of each kind took."""
        with self._guard:
            return {work: times.copy() for work, times in self._times.items()}


def classes_of(times: Times) -> Sequence[tuple[str, int]]:
    """Return for each upper end, as Prometheus writes it, how many took no longer."""
    bounds = [*(f"{bound:g}" for bound in BOUNDS_S), "+Inf"]
    below = 0
    found = []
    for bound, count in zip(bounds, times.classes, strict=True):
        below += count
        found.append((bound, below))
    return found
