"""Everything that an operator looks at first, as numbers of one moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from newsletter.model import (
    WAITING,
    Accounting,
    Limits,
    OutboxState,
    SilenceReason,
    SourceName,
    SourceReport,
    SubscriptionState,
    SuppressionCause,
)
from newsletter.ports import (
    Correspondence,
    Figures,
    HeldEntries,
    MessageTally,
    PaceClock,
    Throttles,
)
from newsletter.workflows.lane_report import LaneLine
from newsletter.workflows.report import ReportPorts
from newsletter.workflows.status import Alarm


class Concern(StrEnum):
    """What an alarm is about, so that a page can lead to where something is done about it."""

    CLOCK = "clock"
    SOURCE = "source"
    LETTERS = "letters"
    PLANNING = "planning"
    HELD = "held"
    LANE = "lane"
    FLOOD = "flood"
    ASIDE = "aside"
    DISK = "disk"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Worry:
    """One thing that needs a person."""

    concern: Concern
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source: its last pull (None: never), when the next is due (None: at once), what is held.

    `stored_at` is its last pull that did not fail, None before the first.
    """

    name: SourceName
    kind: str
    report: SourceReport | None
    next_at: datetime | None
    held: int
    stored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayLine:
    """The counts of one local day, by kind; kinds without any are left out."""

    day: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Today:
    """The slots that began since midnight: letters by state, and those that passed in silence."""

    day: date
    letters: Mapping[str, int]
    silences: Mapping[SilenceReason, int]


@dataclass(frozen=True, slots=True)
class Returns:
    """Addresses that mail came back from, and those that get none any more, by cause."""

    bounced: int
    bounced_lately: int
    suppressed: Mapping[SuppressionCause, int]
    suppressed_lately: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How everything stood at `taken_at`. Days are those of `timezone`."""

    taken_at: datetime
    timezone: str
    worries: tuple[Worry, ...]
    tally: MessageTally
    today: Today
    oldest_waiting: datetime | None
    lanes: tuple[LaneLine, ...]
    sources: tuple[SourceLine, ...]
    people: Mapping[SubscriptionState, int]
    returns: Returns
    letters_by_day: tuple[DayLine, ...]
    people_by_day: tuple[DayLine, ...]
    entries_by_day: tuple[DayLine, ...]
    aside: int

    @property
    def accounting(self) -> Accounting:
        """The messages by what became of them."""
        states = self.tally.states
        return Accounting(
            sent=states.get(OutboxState.SENT, 0),
            failed=states.get(OutboxState.FAILED, 0),
            cancelled=states.get(OutboxState.CANCELLED, 0),
            uncertain=states.get(OutboxState.UNCERTAIN, 0),
            waiting=sum(states.get(state, 0) for state in WAITING),
        )

    @property
    def adds_up(self) -> bool:
        """Whether every message that was planned is in one of the states."""
        return self.accounting.planned == self.tally.planned <= self.tally.given


@dataclass(frozen=True, slots=True)
class OverviewPorts:
    """What an overview needs of the world. `intervals` has the sources of the config.

    `kinds` are theirs; `paces` is the machine's time, by which lanes go; `more` are alarms of the
    machine itself, as of a disk that is full, `work` those of work that does not go on.
    """

    report: ReportPorts
    figures: Figures
    throttles: Throttles
    paces: PaceClock
    held: HeldEntries
    correspondence: Correspondence
    limits: Callable[[], Limits]
    intervals: Mapping[SourceName, timedelta]
    kinds: Mapping[SourceName, str]
    timezone: str
    more: Callable[[], Iterable[Alarm]] = tuple
    work: Callable[[], Iterable[Alarm]] = tuple
