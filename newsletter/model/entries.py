"""Entries: one paper or post, as sources announced it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

SourceName = NewType("SourceName", str)
"""The key of a source in config.yaml."""

LIBRARY: Final = SourceName("(library)")
"""Stands for what readers brought along from their reference managers. No source announced it, no letter
names it, and it only fills gaps in what sources say. None in config.yaml can be called so."""

EntryId = NewType("EntryId", str)
"""One real paper, whatever the number of its versions and sources, e.g. `arxiv:2605.01234`."""

IdentityKey = NewType("IdentityKey", str)
"""A text that two announcements of one paper share, e.g. `doi:10.1000/182`, `title:3f2a…`."""

RevisionId = NewType("RevisionId", str)
"""SHA-256 (hex) of a content that is never changed once stored."""

ReleaseNo = NewType("ReleaseNo", int)
"""The place of an entry in the order in which entries became available; 0 is before the first."""

NO_RELEASE: Final = ReleaseNo(0)


class LinkKind(StrEnum):
    """What stands at the other end of a link."""

    PAGE = "page"
    """The entry's own page: what its title links to."""
    PDF = "pdf"
    CODE = "code"
    PROJECT = "project"
    DISCUSSION = "discussion"
    MEDIA = "media"
    """A picture or film; linked at most, never loaded by a letter."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where to read on. `url` is absolute, http or https."""

    kind: LinkKind
    url: str


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What a reader can be shown of an entry. Immutable: a change is a new revision.

    Texts are plain (no markup, TeX as the source wrote it). None means that no source said so;
    an empty tuple the same for lists.
    """

    title: str
    abstract: str | None = None
    tldr: str | None = None
    """A summary by the source itself, one or two sentences."""
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    """How many authors there are: at least `len(authors)`, more when a source names only the number."""
    organization: str | None = None
    published_on: date | None = None
    comments: int | None = None
    upvotes: int | None = None
    links: tuple[Link, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47 tag, when known."""
    keywords: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    """Of the authors, each once."""
    remark: str | None = None
    """What its authors say beside it: pages, figures, where it was accepted."""
    venue: str | None = None
    """The journal or conference, as the source writes it."""
    license: str | None = None
    """An address or a short name."""
    code_stars: int | None = None
    """How many people starred its code."""


@dataclass(frozen=True, slots=True)
class FetchedEntry:
    """One announcement, as one source made it: not yet known to be new."""

    source: SourceName
    source_id: str
    """How the source itself tells its entries apart; unique within the source."""
    content: EntryContent
    arxiv_id: str | None = None
    """Canonical, without version, e.g. `2605.01234` or `math.GT/0309136`."""
    doi: str | None = None
    """Canonical: lower case, no resolver, e.g. `10.1000/182`."""
    version: int | None = None
    topics: tuple[str, ...] = ()
    """Catalogue topics that the operator gave to the source."""
    announced_at: datetime | None = None
    """When the source announced it, where the source says so; aware."""
    is_revision: bool = False
    """The announcement of a changed version: of an entry not known before it makes no news."""


class Admission(StrEnum):
    """Whether letters may show an entry."""

    RELEASED = "released"
    HELD = "held"
    """It came in a flood: it waits until the operator lets it go."""
    PASSED = "passed"
    """It was old when its source was first pulled: it is known, and no news."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One real paper, merged over its announcements."""

    id: EntryId
    revision: RevisionId
    content: EntryContent
    sources: tuple[SourceName, ...]
    first_seen_at: datetime
    release_no: ReleaseNo
    """0 while it is not released."""
    keys: frozenset[IdentityKey] = frozenset()
    topics: tuple[str, ...] = ()
    admission: Admission = Admission.RELEASED


@dataclass(frozen=True, slots=True)
class NewEntry:
    """The decision that an announcement is a paper not stored so far."""

    id: EntryId
    content: EntryContent
    source: SourceName
    keys: frozenset[IdentityKey]
    topics: tuple[str, ...] = ()
    admission: Admission = Admission.RELEASED


@dataclass(frozen=True, slots=True)
class RevisedEntry:
    """The decision that an announcement is of a stored paper and tells more of it.

    `content` is the merged content; `keys`, `sources` and `topics` are complete, not additions.
    `is_released` gives a release number to an entry that was held or passed so far.
    """

    id: EntryId
    content: EntryContent
    sources: tuple[SourceName, ...]
    keys: frozenset[IdentityKey]
    topics: tuple[str, ...]
    is_released: bool = False


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The decision that an announcement tells nothing that is not stored already."""

    id: EntryId


EntryChange = NewEntry | RevisedEntry | KnownEntry


class Sureness(StrEnum):
    """How sure it is that an entry has to do with a topic, by how many that have not would pass for it."""

    STRONG = "strong"
    """At most one in a hundred letters."""
    GOOD = "good"
    """At most one in ten."""
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class TopicHit:
    """One entry answering one topic.

    `score` is ≥ 0 and comparable within one index; `words` are the words of the entry that
    matched, as the reader would recognise them; `terms` explain `score` and sum to it.
    """

    score: float
    words: tuple[str, ...]
    by_meaning: bool = False
    terms: Mapping[str, float] = field(default_factory=dict)
    chance: float | None = None
    """How probable it is that an entry which has nothing to do with the topic answers it as well, told
    by the entries of the last weeks. None: the query alone decides, or too few entries are known. 0: the
    operator says that it has to do with the topic."""
    sureness: Sureness | None = None
    """Of an entry of one letter; told by its chance among all that are new there."""
