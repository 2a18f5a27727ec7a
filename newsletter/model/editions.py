"""Editions: one subscriber's personal letter for one slot, stored as a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from newsletter.model.entries import (
    EntryId,
    ReleaseNo,
    RevisionId,
    SourceName,
    Sureness,
)
from newsletter.model.preferences import EmailAddress, LetterFormat
from newsletter.model.records import record
from newsletter.model.subscriptions import SubscriberId

EditionId = NewType("EditionId", str)
"""A function of (subscriber, slot): see rules.addresses."""


class SlotKind(StrEnum):
    """A scheduled slot is unique by (subscriber, local date), a manual one by (subscriber, moment)."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Slot:
    """The local day an edition belongs to, with the moment (UTC) it begins."""

    local_date: date
    begins_at: datetime
    timezone: str
    kind: SlotKind = SlotKind.SCHEDULED

    def __str__(self) -> str:
        """Write `2026-11-23` or, for a manual slot, `2026-11-23 (by hand 10:02:11 UTC)`."""
        if self.kind is SlotKind.SCHEDULED:
            return self.local_date.isoformat()
        return f"{self.local_date.isoformat()} (by hand {self.begins_at:%H:%M:%S} UTC)"


class ReasonKind(StrEnum):
    """Why an entry is in a letter."""

    TOPIC = "topic"
    AUTHOR = "author"
    ORGANIZATION = "organization"
    TRENDING = "trending"
    LIKED = "liked"
    """It is like an entry that the subscriber liked: `subject` is the title of that one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, in the subscriber's own words.

    `subject` is the topic's title, the author or the organization; `words` are the words of the
    entry that matched.
    """

    kind: ReasonKind
    subject: str
    words: tuple[str, ...] = ()
    by_meaning: bool = False
    """Whether the meaning says more than the words do."""
    sureness: Sureness | None = None

    def __str__(self) -> str:
        """Write the reason as one phrase, e.g. `Guardrails (strong): “jailbreak”, “policy”`."""
        match self.kind:
            case ReasonKind.TRENDING:
                return f"trending: {self.subject}"
            case ReasonKind.AUTHOR | ReasonKind.ORGANIZATION:
                return f"you follow {self.subject}"
            case ReasonKind.LIKED:
                return f"like “{self.subject}”, which you liked"
            case ReasonKind.TOPIC:
                words = ", ".join(f"“{word}”" for word in self.words)
                how = words or ("by meaning" if self.by_meaning else "")
                topic = f"{self.subject} ({self.sureness})" if self.sureness else self.subject
                return f"{topic}: {how}" if how else topic


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One summand of a score, named for `newsletter explain`."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Match:
    """An entry chosen for one subscriber, with score (the sum of `terms`) and reasons."""

    entry: EntryId
    revision: RevisionId
    score: float
    reasons: tuple[Reason, ...]
    terms: tuple[ScoreTerm, ...] = ()
    topics: tuple[str, ...] = ()
    """Names of the topics that matched, best first; empty for a followed or trending entry."""
    sources: tuple[SourceName, ...] = ()
    """Where the entry had been announced when the letter was decided."""


class SilenceReason(StrEnum):
    """Why somebody got no letter: a closed list."""

    NOTHING_NEW = "nothing-new"
    NOTHING_MATCHED = "nothing-matched"
    ALL_MUTED = "all-muted"
    ALREADY_SENT = "already-sent"
    PAUSED = "paused"
    NOT_DUE = "not-due"
    SUPPRESSED = "suppressed"
    UNCONFIRMED = "unconfirmed"
    UNSUBSCRIBED = "unsubscribed"
    NO_DOCUMENT = "no-document"
    SOURCE_STALE = "source-stale"
    SOURCE_FAILED = "source-failed"
    TROUBLE = "trouble"
    """Disk, database or relay: the letter waits, or could not be made."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A reason and the one sentence that says it for this subscriber and slot."""

    reason: SilenceReason
    detail: str


@record
class Reader:
    """What a letter shows of the person it is written to."""

    subscriber: SubscriberId
    address: EmailAddress
    name: str | None
    format: LetterFormat
    topics: tuple[str, ...]
    """Titles, in the subscriber's order."""


@record
class Edition:
    """The decision what one letter holds. The letter is rendered from it, the same bytes each time.

    `dressing` names the immutable set of templates and letterhead it is rendered with.
    """

    id: EditionId
    reader: Reader
    slot: Slot
    planned_at: datetime
    """Becomes the Date of the message; whole seconds."""
    matches: Sequence[Match]
    also_matched: Sequence[Match]
    """Found, but over `at_most`: named by title, never offered again."""
    new_count: int
    """How many entries were new to this subscriber, matched or not."""
    since: date | None
    """Local date of the edition before, None for the first."""
    dressing: RevisionId
    note: Silence | None = None
    """For `when_empty: note`: the letter is this sentence and has no matches."""


@record
class Standing:
    """What the ledger knows of one subscriber when the next slot is planned.

    `given_back` are entries of editions that failed or were cancelled, shown or named there, and
    neither shown nor named in another; `appeared` those that were sent or are on their way.
    """

    subscriber: SubscriberId
    watermark: ReleaseNo | None = None
    """None: no slot was ever planned."""
    last_slot: Slot | None = None
    """The last scheduled slot."""
    last_edition_on: date | None = None
    appeared: frozenset[EntryId] = frozenset()
    given_back: frozenset[EntryId] = frozenset()
    named: frozenset[EntryId] = frozenset()
    """Named by title in a letter that was sent or is on its way, and never shown."""


@record
class SlotPlan:
    """What was decided for one slot: an edition, or a silence. Exactly one of them is there.

    `begin_by` is the moment by which delivery must have begun, else the edition is merged into
    the next; `retry_until` the moment at which tries end.
    """

    subscriber: SubscriberId
    slot: Slot
    watermark: ReleaseNo
    new_count: int
    planned_at: datetime
    begin_by: datetime
    retry_until: datetime
    edition: Edition | None = None
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """One line of the ledger, read back for `why`, `status` and `deliveries`."""

    subscriber: SubscriberId
    slot: Slot
    planned_at: datetime
    new_count: int
    edition: EditionId | None
    silence: Silence | None


@dataclass(frozen=True, slots=True)
class UnplannedDay:
    """A local day of a subscriber for which there is no slot, and why nothing came on it."""

    subscriber: SubscriberId
    local_date: date
    silence: Silence
