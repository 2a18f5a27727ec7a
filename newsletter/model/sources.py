"""Sources: what one gave when it was pulled, and the line about it that the operator reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.model.entries import FetchedEntry, SourceName

Memory = Mapping[str, str]
"""What a source wants to know again at its next pull: texts under keys of its own."""


class SourceState(StrEnum):
    """How a pull ended."""

    FRESH = "fresh"
    """Something new came."""
    UNCHANGED = "unchanged"
    """The source answered and had nothing that was not known."""
    EMPTY = "empty"
    """The source answered with no entry at all: a weekend, a holiday."""
    STALE = "stale"
    """The source repeats an old list where a new one was due."""
    DEGRADED = "degraded"
    """Some entries came, others could not be read."""
    FAILED = "failed"
    """Nothing could be read."""


@dataclass(frozen=True, slots=True)
class PullStep:
    """One step of a pull, told while it happens: a request and its answer, a wait, a page read."""

    text: str
    took: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PullOrder:
    """What a source is asked for. `memory` is what its last stored pull left, empty before the first."""

    now: datetime
    memory: Memory = field(default_factory=dict)
    on_step: Callable[[PullStep], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Pull:
    """What one source gave at one time. `problems` are sentences for the operator.

    `verdict` is what the source itself knows of the pull where the entries do not show it:
    UNCHANGED (not modified), STALE, EMPTY, or DEGRADED; None: it is judged by the entries.
    `note` explains it in a few words ("no list on a Saturday"). `memory` is kept once the entries
    are stored, and comes back with the next order; None: what was kept stays.
    """

    entries: tuple[FetchedEntry, ...]
    problems: tuple[str, ...] = ()
    verdict: SourceState | None = None
    note: str = ""
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One line for the operator about one source's last pull."""

    name: SourceName
    kind: str
    state: SourceState
    fetched: int = 0
    new: int = 0
    merged: int = 0
    """Announcements that were joined to an entry already known, in this pull or before."""
    revised: int = 0
    held: int = 0
    """New entries that wait for the operator, since they came in a flood."""
    passed: int = 0
    """New entries that were old already at the first pull: known now, and no news."""
    problems: tuple[str, ...] = ()
    note: str = ""
    duration: timedelta = timedelta(0)
    pulled_at: datetime | None = None
