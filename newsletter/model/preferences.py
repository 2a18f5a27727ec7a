"""Preferences: what one subscriber asked for."""

from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum, StrEnum
from typing import Final, NewType

from newsletter.model.records import record

EmailAddress = NewType("EmailAddress", str)
"""An addr-spec as its owner writes it; compared with `address_key`."""

AddressKey = NewType("AddressKey", str)
"""An address folded for comparison: domain and local part case-folded, nothing else merged."""


class Weekday(IntEnum):
    """Days as `datetime.date.weekday()` numbers them."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


class Every(StrEnum):
    """How often letters come."""

    DAY = "day"
    WEEKDAY = "weekday"
    WEEK = "week"
    MONTH = "month"
    DAYS = "days"
    """On listed days of the week."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """When letters come: a rhythm, a local time and an IANA time zone."""

    every: Every = Every.WEEKDAY
    at: time = time(8, 0)
    """Local, to the minute, without tzinfo."""
    timezone: str = "UTC"
    days: frozenset[Weekday] = frozenset()
    """For WEEK exactly one, for DAYS one or more, else none."""
    month_day: int | None = None
    """For MONTH 1 to 31; where the month is shorter its last day. Else None."""


@record
class Topic:
    """What a subscriber follows: a name and a query, a free text, or both.

    `query` must hold (topic language of rules.query); `about` ranks and gates.
    At least one of them is there.
    """

    name: str
    title: str
    query: str | None = None
    about: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CatalogueTopic:
    """A topic that the operator offers; `is_default` is for people who name no topic."""

    topic: Topic
    is_default: bool = False


class Order(StrEnum):
    """How the entries of a letter are sorted."""

    RELEVANCE = "relevance"
    TRENDING = "trending"
    NEWEST = "newest"


class Strictness(StrEnum):
    """How sure a topic matched by meaning must be."""

    RELAXED = "relaxed"
    NORMAL = "normal"
    STRICT = "strict"


class WhenEmpty(StrEnum):
    """What happens in a slot for which nothing was found."""

    SKIP = "skip"
    NOTE = "note"
    CARRY = "carry"


class LetterFormat(StrEnum):
    """HTML with a text part, or text alone."""

    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Follow:
    """Authors and organizations whose entries are always shown; compared folded."""

    authors: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()


DEFAULT_AT_MOST: Final = 10


@record
class Preferences:
    """One subscriber's document, typed, with every default filled in.

    `topics` are resolved: a name from the catalogue has become its topic. Empty means that the
    subscriber named none (the catalogue's default topics hold, else the most up-voted entries).
    """

    email: EmailAddress
    name: str | None = None
    cadence: Cadence = Cadence()
    topics: tuple[Topic, ...] = ()
    follow: Follow = Follow()
    mute: tuple[str, ...] = ()
    at_most: int = DEFAULT_AT_MOST
    order: Order = Order.RELEVANCE
    minimum_upvotes: int = 0
    wants_revisions: bool = False
    learns: bool = True
    """Whether what the person liked changes which entries come."""
    strictness: Strictness = Strictness.NORMAL
    when_empty: WhenEmpty = WhenEmpty.SKIP
    format: LetterFormat = LetterFormat.HTML
    pause_until: date | None = None
    """The first local day on which letters come again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file that a person wrote, with its place and what to write instead.

    `line` and `column` count from 1; 0 means that the problem is of the whole file.
    """

    file: str
    line: int
    column: int
    key: str
    """Dotted path of the key, e.g. `send.timezone`; empty for the whole document."""
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        """Write `config.yaml:12: smtp.prot: unknown key; did you mean "port"?`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        middle = f"{self.key}: " if self.key else ""
        end = f"; {self.suggestion}" if self.suggestion else ""
        return f"{place}: {middle}{self.message}{end}"


@dataclass(frozen=True, slots=True)
class Document:
    """A valid preferences document and where it stands."""

    preferences: Preferences
    text: str
    """The document as written, without its neighbours in the same file."""
    place: str
    """`subscribers/ada@example.org.yaml:1`."""


@dataclass(frozen=True, slots=True)
class PreferencesReading:
    """All documents of a store at one moment, and all problems."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()
    broken: frozenset[AddressKey] = frozenset()
    """Addresses that could be read from broken documents: their last good one stays in force."""
    unread: frozenset[str] = frozenset()
    """Files and folders that may hold documents of people nobody can name: what could not be read
    as a whole, and what holds a broken document without a readable address. While there is one,
    a document that is missing here may still be there. Each has its problem."""
