"""One content out of two announcements of the same paper."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from newsletter.model import EntryContent

_Listed = TypeVar("_Listed")

MOST_LISTED: Final = 64
"""Links, or categories, of one entry: sources must not grow a row forever."""


def merge(a: EntryContent, b: EntryContent) -> EntryContent:
    """Return what both say together.

    Of texts and of author lists the longer one wins (of equally long ones the first by
    alphabet, so that the order of announcements makes no difference), of counts the larger, of
    dates the earlier. Links and categories of both are kept, those of `a` first. Merging one
    of the two again changes nothing: `merge(merge(a, b), b) == merge(a, b)`.
    """
    authors = max(a.authors, b.authors, key=_richness)
    return EntryContent(
        title=max(a.title, b.title, key=_wealth),
        abstract=_longer(a.abstract, b.abstract),
        tldr=_longer(a.tldr, b.tldr),
        authors=authors,
        author_count=_larger(a.author_count, b.author_count, len(authors)),
        organization=_longer(a.organization, b.organization),
        published_on=_earlier(a.published_on, b.published_on),
        comments=_larger(a.comments, b.comments),
        upvotes=_larger(a.upvotes, b.upvotes),
        links=_joined(a.links, b.links),
        categories=_joined(a.categories, b.categories),
        language=_longer(a.language, b.language),
        keywords=_joined(a.keywords, b.keywords),
        affiliations=_joined(a.affiliations, b.affiliations),
        remark=_longer(a.remark, b.remark),
        venue=_longer(a.venue, b.venue),
        license=_longer(a.license, b.license),
        code_stars=_larger(a.code_stars, b.code_stars),
    )


def _wealth(text: str) -> tuple[int, list[int]]:
    """Order by length; the first by alphabet counts as the larger."""
    return len(text), [-ord(sign) for sign in text]


def _richness(names: Sequence[str]) -> tuple[int, tuple[int, list[int]]]:
    return len(names), _wealth("\n".join(names))


def _longer(a: str | None, b: str | None) -> str | None:
    if a == b:
        return a
    return max((text for text in (a, b) if text), key=_wealth, default=None)


def _larger(a: int | None, b: int | None, at_least: int = 0) -> int | None:
    counts = [count for count in (a, b) if count is not None]
    return max(*counts, at_least) if counts else None


def _earlier(a: date | None, b: date | None) -> date | None:
    return min((day for day in (a, b) if day), default=None)


def _joined(a: tuple[_Listed, ...], b: tuple[_Listed, ...]) -> tuple[_Listed, ...]:
    return tuple(dict.fromkeys((*a, *b)))[:MOST_LISTED]
