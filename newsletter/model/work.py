"""Work that several machines share: which kinds there are, who waits for each, and who does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Queue(StrEnum):
    """Where jobs wait. A worker takes from those that it was told, from all by default."""

    CLOCK = "clock"
    """What is due is looked for. Every worker takes from here."""
    PEOPLE = "people"
    """Somebody waits for an answer."""
    LETTERS = "letters"
    """What is ready leaves."""
    PLANS = "plans"
    """Letters are decided on."""
    SOURCES = "sources"
    """New entries are pulled and read."""
    UPKEEP = "upkeep"
    """What can wait."""


class Work(StrEnum):
    """One kind of job. It says that there is such work; what is to be done stands in the database."""

    LOOK = "look"
    """Look for what is due, on all machines, and for jobs of workers that are gone."""
    RECEIVE = "receive-message"
    DELIVER = "deliver-batch"
    PUBLISH = "publish-batch"
    ADOPT = "adopt-documents"
    COLLECT = "collect-source"
    EMBED = "embed-entries"
    ARCHIVE = "archive"
    PURGE = "purge"


QUEUE_OF: Final = MappingProxyType(
    {
        Work.LOOK: Queue.CLOCK,
        Work.RECEIVE: Queue.PEOPLE,
        Work.DELIVER: Queue.LETTERS,
        Work.PUBLISH: Queue.PLANS,
        Work.ADOPT: Queue.PLANS,
        Work.COLLECT: Queue.SOURCES,
        Work.EMBED: Queue.SOURCES,
        Work.ARCHIVE: Queue.UPKEEP,
        Work.PURGE: Queue.UPKEEP,
    }
)
"""Where each kind of job waits."""

PRIORITY_OF: Final = MappingProxyType(
    {
        Work.LOOK: 90,
        Work.RECEIVE: 80,
        Work.DELIVER: 70,
        Work.ADOPT: 60,
        Work.PUBLISH: 50,
        Work.COLLECT: 30,
        Work.EMBED: 20,
        Work.ARCHIVE: 10,
        Work.PURGE: 0,
    }
)
"""Of the jobs that wait those with the higher number go first."""


LOST_AFTER: Final = timedelta(seconds=30)
"""A process that was not heard of for so long counts as lost."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One job that is under way. `job` is its number, 0 for work that has none."""

    work: str
    detail: str
    since_at: datetime
    job: int = 0


class WorkerKind(StrEnum):
    """Which command a process was started with."""

    SERVE = "serve"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """What a process did since it started: jobs by kind of work, tries of letters by how they ended."""

    done: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """What one process says of itself, as of `seen_at`. `queues` are those that it takes jobs from."""

    name: str
    host: str
    pid: int
    kind: WorkerKind
    version: str
    queues: frozenset[str]
    started_at: datetime
    seen_at: datetime
    doing: tuple[Doing, ...] = ()
    figures: WorkFigures = field(default_factory=WorkFigures)


class JobState(StrEnum):
    """Where a job stands that has not ended well; those that did are gone."""

    WAITING = "waiting"
    UNDER_WAY = "under-way"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobTally:
    """How many jobs of one kind there are. `oldest_at` is since when the oldest of those waits."""

    work: str
    queue: str
    waiting: int = 0
    under_way: int = 0
    failed: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One job: what it is about as `name=value`, in which state since when, how often it was tried."""

    id: int
    work: str
    queue: str
    state: JobState
    detail: str
    attempts: int
    since_at: datetime


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Letters that are held by processes that are gone; the oldest since then, None where there is none."""

    count: int = 0
    since_at: datetime | None = None
