"""The daily list of papers of a large model hub, from its JSON."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from newsletter.errors import FetchError
from newsletter.model import (
    Ask,
    EntryContent,
    FetchedEntry,
    Link,
    LinkKind,
    Manners,
    Memory,
    Page,
    Pull,
    PullOrder,
    SourceName,
    SourceState,
)
from newsletter.ports import Visit, Web
from newsletter.rules.identity import canonical_arxiv_id
from newsletter.sources.json_fields import LONGEST_TITLE, JsonFields, as_line, read_json
from newsletter.sources.urls import read_url

SERVICE: Final = "https://huggingface.co"
_ZONE: Final = ZoneInfo("America/New_York")
_OPENS_AT: Final = time(21, 30)
"""Of the evening before, in `_ZONE`: from then on the list of a day can be asked for."""
_AT_ONCE: Final = 100
_MOST_PAGES: Final = 20
_MOST_KEYWORDS: Final = 50
_WEEKEND: Final = 5
_NOT_YET: Final = 400
"""The answer for a day whose list is not open yet, and for one that is no day."""
_NEXT: Final = re.compile(r"<([^<>]{1,2000})>\s*;[^,]{0,200}\brel=\"?next\"?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DailyPapersSource:
    """Papers that people of the hub put on the list of a day, with up-votes and comments.

    Lists grow for days, so that those of the last `look_back` days are read again with each pull:
    up-votes of entries that wait are fresh. `trending` asks for the hub's own order instead, which
    may hold old papers. `token` doubles the hub's quota.
    """

    name: SourceName
    web: Web
    look_back: int = 3
    is_trending: bool = False
    token: str | None = None
    base: str = SERVICE
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`daily-papers`."""
        return "daily-papers"

    def pull(self, order: PullOrder) -> Pull:
        """Return the papers of the lists, those of the latest day first.

        A list that cannot be read is a problem; raises SourceError when none can be.
        """
        manners = Manners(pace=urlsplit(self.base).hostname or "", deadline=self.deadline)
        reading = _Reading(self)
        with self.web.visit(manners, order) as visit:
            for query in self._lists(order.now):
                reading.read(visit, query)
        return reading.pull(order)

    def _lists(self, now: datetime) -> list[dict[str, str]]:
        if self.is_trending:
            return [{"sort": "trending"}]
        return [{"date": day.isoformat()} for day in _days(_open_day(now), self.look_back)]


def _days(latest: date, working_days: int) -> Iterator[date]:
    """Yield days backwards from `latest` until so many of them were no weekend."""
    day = latest
    while working_days > 0:
        yield day
        working_days -= day.weekday() < _WEEKEND
        day -= timedelta(days=1)


def _open_day(now: datetime) -> date:
    """Return the latest day whose list is open."""
    there = now.astimezone(_ZONE)
    return there.date() + timedelta(days=int(there.time() >= _OPENS_AT))


class _Reading:
    """One pull: what the lists gave so far."""

    def __init__(self, source: DailyPapersSource) -> None:
        self.source = source
        self.entries: dict[str, FetchedEntry] = {}
        self.problems: list[str] = []
        self.failures: list[FetchError] = []
        self.lists = 0

    def read(self, visit: Visit, query: dict[str, str]) -> None:
        """Read one list, page by page."""
        try:
            for page in _pages(visit, self.source, query):
                self.take_in(page)
        except FetchError as error:
            if error.status == _NOT_YET and not self.lists and not self.failures:
                return  # its clock is a little behind ours: the list opens in a moment
            self.failures.append(error)
            self.problems.append(str(error))
        else:
            self.lists += 1

    def take_in(self, page: Page) -> None:
        """Keep the papers of one page."""
        wrappers = read_json(page)
        if not isinstance(wrappers, list):
            message = (
                f"{page.url}: the answer is no list of papers; the hub's interface has changed"
            )
            raise FetchError(message, status=page.status)
        for number, wrapper in enumerate(wrappers, 1):
            entry = _announce(JsonFields.of(wrapper), self.source)
            if entry is None:
                self.problems.append(f"{page.url}: paper {number} has no id or no title: left out")
            else:
                self.entries.setdefault(entry.source_id, entry)

    def pull(self, order: PullOrder) -> Pull:
        """Return what was read; raises FetchError when no list could be."""
        if self.failures and not self.lists and not self.entries:
            raise self.failures[0]
        memory: Memory = {"pulled_at": order.now.isoformat()}
        if self.entries or self.problems:
            return Pull(tuple(self.entries.values()), tuple(self.problems), memory=memory)
        is_weekend = _open_day(order.now).weekday() >= _WEEKEND
        note = "no lists on a weekend" if is_weekend else "the lists are empty"
        return Pull((), verdict=SourceState.EMPTY, note=note, memory=memory)


def _pages(visit: Visit, source: DailyPapersSource, query: dict[str, str]) -> Iterator[Page]:
    """Yield the pages of a list, each where the one before says that it follows."""
    url = f"{source.base}/api/daily_papers?{urlencode(query | {'limit': str(_AT_ONCE)})}"
    headers = (("Authorization", f"Bearer {source.token}"),) if source.token else ()
    seen: set[str] = set()
    while url not in seen and len(seen) < _MOST_PAGES:
        seen.add(url)
        page = visit.fetch(Ask(url, accept="application/json", headers=headers))
        yield page
        following = _NEXT.search(page.header("link") or "")
        if not following:
            return
        url = urljoin(url, following[1])
        if urlsplit(url).netloc != urlsplit(source.base).netloc:
            message = f"{page.url}: the next page is said to stand at another host; not followed"
            raise FetchError(message)


def _announce(wrapper: JsonFields, source: DailyPapersSource) -> FetchedEntry | None:
    paper = wrapper.part("paper")
    written = paper.text("id") or ""
    title = paper.text("title", LONGEST_TITLE) or wrapper.text("title", LONGEST_TITLE)
    if not written or title is None:
        return None
    found = canonical_arxiv_id(written)
    identifier = found[0] if found else written
    authors = tuple(one for one in (_author(author) for author in paper.parts("authors")) if one)
    organization = paper.part("organization").values or wrapper.part("organization").values
    content = EntryContent(
        title=title,
        abstract=paper.prose("summary") or wrapper.prose("summary"),
        tldr=paper.prose("ai_summary"),
        authors=authors,
        author_count=len(authors) or None,
        organization=_organization(JsonFields(organization)),
        published_on=paper.day("publishedAt"),
        comments=wrapper.count("numComments"),
        upvotes=paper.count("upvotes"),
        links=_links(paper, wrapper, identifier, source.base),
        keywords=paper.texts("ai_keywords", _MOST_KEYWORDS),
        code_stars=paper.count("githubStars"),
    )
    return FetchedEntry(
        source=source.name,
        source_id=identifier,
        content=content,
        arxiv_id=found[0] if found else None,
        topics=source.topics,
        # The list's day. The wrapper's own date lies hours before it and names another day.
        announced_at=paper.moment("submittedOnDailyAt"),
    )


def _author(author: JsonFields) -> str | None:
    return None if author.values.get("hidden") is True else author.text("name")


def _organization(fields: JsonFields) -> str | None:
    return fields.text("fullname") or fields.text("name")


def _links(paper: JsonFields, wrapper: JsonFields, identifier: str, base: str) -> tuple[Link, ...]:
    listed = f"{base}/papers/{identifier}"
    found = canonical_arxiv_id(identifier)
    page = f"https://arxiv.org/abs/{found[0]}" if found else listed
    media = [*paper.list("mediaUrls"), *wrapper.list("mediaUrls"), wrapper.values.get("thumbnail")]
    links = [
        Link(LinkKind.PAGE, page),
        *([Link(LinkKind.PDF, f"https://arxiv.org/pdf/{found[0]}")] if found else []),
        *(Link(LinkKind.CODE, url) for url in [paper.url("githubRepo")] if url),
        *(Link(LinkKind.PROJECT, url) for url in [paper.url("projectPage")] if url),
        Link(LinkKind.DISCUSSION, listed),
        *(Link(LinkKind.MEDIA, url) for url in map(_media_url, media) if url),
    ]
    return tuple(dict.fromkeys(link for link in links if read_url(link.url)))


def _media_url(value: object) -> str | None:
    return read_url(as_line(value, 2_000) or "") if isinstance(value, str) else None
