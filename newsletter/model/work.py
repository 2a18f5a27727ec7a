"""Work that several machines share: which kinds there are, and who waits for each."""

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
