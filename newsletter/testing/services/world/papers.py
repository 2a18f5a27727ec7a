"""What is known of a paper, before any service puts it into its own words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp
from typing import Final

from newsletter.testing.services.world.dice import fraction

_HALF_GROWN_H: Final = 20.0


@dataclass(frozen=True, slots=True)
class Person:
    """An author. `affiliation` is written by few."""

    given: str
    family: str
    affiliation: str | None = None

    @property
    def name(self) -> str:
        """The name as most services write it."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper; `day` is that of the feed that lists it."""

    number: int
    day: date
    submitted_at: datetime
    title: str
    abstract: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Hub:
    """What Hugging Face adds to a paper. `day` is that of its list, which it joins at `joins_at`."""

    day: date
    joins_at: datetime
    upvotes: int
    """How many there are in the end."""
    comments: int
    project: str | None
    code: str | None
    stars: int
    summary: str | None
    keywords: tuple[str, ...]
    media: tuple[str, ...]

    def upvotes_at(self, moment: datetime) -> int:
        """Return the up-votes so far: they come quickly at first."""
        hours = max(0.0, (moment - self.joins_at).total_seconds() / 3600)
        return int(self.upvotes * (1 - exp(-hours / _HALF_GROWN_H)))


@dataclass(frozen=True, slots=True)
class Preprint:
    """Where a paper stands that went to bioRxiv or medRxiv instead of arXiv."""

    server: str
    """`biorxiv` or `medrxiv`."""
    doi: str
    category: str
    is_padded: bool
    """Whether its dates have two digits for each month and day."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, with all it will ever be."""

    number: int
    field: str
    versions: tuple[Version, ...]
    authors: tuple[Person, ...]
    organization: str
    categories: tuple[str, ...]
    """Of arXiv, the primary one first."""
    licence: str
    arxiv_id: str | None = None
    doi: str | None = None
    journal: str | None = None
    hub: Hub | None = None
    preprint: Preprint | None = None
    is_reviewed: bool = False
    """Whether it stands at OpenReview."""
    is_withdrawn: bool = False
    """Whether arXiv's OAI-PMH calls it deleted."""

    @property
    def first(self) -> Version:
        """The first version."""
        return self.versions[0]

    @property
    def key(self) -> str:
        """What dice are thrown with."""
        return f"paper {self.number}"

    def known(self, day: date) -> Version | None:
        """Return the latest version that the feeds up to `day` have listed; None: not yet."""
        listed = [version for version in self.versions if version.day <= day]
        return listed[-1] if listed else None

    def chance(self, what: str) -> float:
        """Return a number from 0 up to 1 that belongs to this paper and `what`."""
        return fraction(f"{self.key} {what}")


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of an announcement: which version of a paper, and as what."""

    paper: Paper
    version: Version
    kind: str
    """`new`, `cross`, `replace` or `replace-cross`."""


def listings(papers: Sequence[Paper], day: date, wanted: Sequence[str]) -> tuple[Listing, ...]:
    """Return what the feed of `day` lists for categories or archives, each paper once, new first."""
    found = [
        Listing(paper, version, kind)
        for paper in papers
        if paper.arxiv_id
        for version in paper.versions
        if version.day == day and (kind := _kind(paper, version, wanted))
    ]
    order = ("new", "cross", "replace", "replace-cross")
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def _kind(paper: Paper, version: Version, wanted: Sequence[str]) -> str | None:
    is_primary = within(paper.categories[0], wanted)
    if not is_primary and not any(within(category, wanted) for category in paper.categories):
        return None
    if version.number == 1:
        return "new" if is_primary else "cross"
    return "replace" if is_primary else "replace-cross"


def within(category: str, wanted: Sequence[str]) -> bool:
    """Whether a category is one of `wanted`, or of an archive there; case does not matter."""
    low = category.lower()
    return any(low in (name := one.lower(), "") or low.startswith(name + ".") for one in wanted)


def with_version(paper: Paper, version: Version) -> Paper:
    """Return the paper with one version more."""
    return replace(paper, versions=(*paper.versions, version))
