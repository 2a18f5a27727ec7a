"""The announcements of one category, from arXiv's feed: RSS, or Atom where a mirror has that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from xml.etree.ElementTree import Element

from newsletter.errors import FetchError
from newsletter.model import EntryContent, Page
from newsletter.rules.fetching import brief
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.arxiv.calendar import ZONE
from newsletter.sources.arxiv.papers import (
    AnnounceType,
    Paper,
    abstract_of,
    links_for,
    split_names,
    title_of,
)
from newsletter.sources.plaintext import cut, one_line
from newsletter.sources.xml_tree import read_xml, text_of

FULL: Final = 2_000
"""Items of a feed; where there were more, new papers are the first to be left out."""

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_ERROR: Final = re.compile(r"Feed error", re.IGNORECASE)
_INTRODUCTION: Final = re.compile(r"\s*arXiv:\S+\s+Announce Type:[^\n]*\n\s*Abstract:\s*")
_TYPES: Final = {
    "new": AnnounceType.NEW,
    "cross": AnnounceType.CROSS,
    "replace": AnnounceType.REPLACE,
    "replace-cross": AnnounceType.REPLACE_CROSS,
}


@dataclass(frozen=True, slots=True)
class _Form:
    """Where each of the two formats has what."""

    item: str
    identifier: str
    title: str
    about: str
    summary: str
    dated: str
    announced: str
    category: str


_RSS_FORM: Final = _Form(
    "item", "guid", "title", "description", "description", "pubDate", "pubDate", "category"
)
_ATOM_FORM: Final = _Form(
    *(f"{_ATOM}{name}" for name in ("entry", "id", "title", "subtitle", "summary")),
    *(f"{_ATOM}{name}" for name in ("updated", "published", "category")),
)


@dataclass(frozen=True, slots=True)
class Feed:
    """One list. `dated` is the day it stands for, midnight in New York; None: it does not say."""

    dated: datetime | None
    papers: tuple[Paper, ...]
    problems: tuple[str, ...]

    @property
    def is_full(self) -> bool:
        """Whether there may have been more than the feed can show."""
        return len(self.papers) >= FULL


def read_feed(page: Page) -> Feed:
    """Return the list of a page; raises FetchError for one that is none, or that tells an error."""
    root = read_xml(page)
    form = _ATOM_FORM if root.tag == f"{_ATOM}feed" else _RSS_FORM
    channel = root if form is _ATOM_FORM else root.find("channel")
    if channel is None:
        message = f"{brief(page.url)}: the answer is no feed of arXiv; its interface has changed"
        raise FetchError(message, status=page.status)
    title = text_of(channel, form.title) or ""
    if _ERROR.search(title):
        reason = cut(one_line(text_of(channel, form.about) or title), 300)
        fact = f"{brief(page.url)}: arXiv says: {reason.rstrip('.')}"
        remedy = "correct `categories` of this source if it means them"
        raise FetchError(fact, status=page.status, remedy=remedy)
    papers: list[Paper] = []
    problems: list[str] = []
    for number, item in enumerate(channel.iterfind(form.item), 1):
        paper = _paper(item, form)
        if paper is None:
            problems.append(
                f"{brief(page.url)}: item {number} has no arXiv id or no title: left out"
            )
        else:
            papers.append(paper)
    return Feed(_moment(text_of(channel, form.dated)), tuple(papers), tuple(problems))


def _paper(item: Element, form: _Form) -> Paper | None:
    told = (text_of(item, form.identifier) or "", text_of(item, "link") or "")
    found = next(filter(None, map(canonical_arxiv_id, told)), None)
    title = title_of(text_of(item, form.title))
    if found is None or not title:
        return None
    arxiv_id, version = found
    doi = canonical_doi(text_of(item, f"{_ARXIV}DOI") or "")
    announced_at = _moment(text_of(item, form.announced))
    announced_as = _TYPES.get(text_of(item, f"{_ARXIV}announce_type") or "", AnnounceType.NEW)
    authors, affiliations = split_names(text_of(item, f"{_DC}creator") or "")
    content = EntryContent(
        title=title,
        abstract=abstract_of(_INTRODUCTION.sub("", text_of(item, form.summary) or "", count=1)),
        authors=authors,
        author_count=len(authors) or None,
        published_on=_first_day(announced_at, announced_as),
        links=links_for(arxiv_id, doi),
        categories=tuple(_categories(item, form)),
        affiliations=affiliations,
        venue=text_of(item, f"{_ARXIV}journal_reference"),
        license=text_of(item, f"{_DC}rights"),
    )
    return Paper(arxiv_id, version, content, announced_at, announced_as, doi)


def _first_day(announced_at: datetime | None, announced_as: AnnounceType) -> date | None:
    """A new paper is as old as its announcement; how old others are the feed does not say."""
    if announced_at is None or announced_as is not AnnounceType.NEW:
        return None
    return announced_at.date()


def _categories(item: Element, form: _Form) -> Iterator[str]:
    for category in item.iterfind(form.category):
        if term := one_line(category.text or category.get("term") or ""):
            yield cut(term, 100)


def _moment(text: str | None) -> datetime | None:
    """Return a moment as RSS writes it (RFC 822), or as Atom does (RFC 3339), in New York's time."""
    try:
        is_atom = text is not None and text[:4].isdigit()
        read = datetime.fromisoformat(text or "") if is_atom else parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return read.astimezone(ZONE) if read.tzinfo else None
