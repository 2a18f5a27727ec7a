"""The daily list of papers of a large model hub, from its JSON."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    Page,
    Pull,
    PullOrder,
    SourceName,
)
from newsletter.ports import Visit, Web
from newsletter.rules.fetching import brief
from newsletter.rules.identity import canonical_arxiv_id
from newsletter.sources.gathering import Gathering, links_of
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
    base: str | None = None
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`daily-papers`."""
        return "daily-papers"

    @property
    def service(self) -> str:
        """What is asked: the service, or `base` in its place."""
        return self.base or SERVICE

    def pull(self, order: PullOrder) -> Pull:
        """Return the papers of the lists, those of the latest day first.

        A list that cannot be read is a problem; raises SourceError when none can be.
        """
        manners = Manners(pace=self.kind, deadline=self.deadline)
        reading = _Reading(self)
        with self.web.visit(manners, order) as visit:
            for number, query in enumerate(self._lists(order.now)):
                reading.read(visit, query, may_be_closed=number == 0)
        is_weekend = _open_day(order.now).weekday() >= _WEEKEND
        return reading.found.pull("no lists on a weekend" if is_weekend else "the lists are empty")

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


@dataclass(slots=True)
class _Reading:
    """One pull: what the lists gave so far."""

    source: DailyPapersSource
    found: Gathering = field(default_factory=Gathering)

    def read(self, visit: Visit, query: dict[str, str], *, may_be_closed: bool) -> None:
        """Read one list, page by page."""
        with self.found.enduring():
            try:
                for page in _pages(visit, self.source, query):
                    self._take_in(page)
            except FetchError as error:
                # Its clock may be a little behind ours: then the latest list opens in a moment.
                if error.status != _NOT_YET or not may_be_closed:
                    raise

    def _take_in(self, page: Page) -> None:
        wrappers = read_json(page)
        if not isinstance(wrappers, list):
            message = f"{brief(page.url)}: the answer is no list of papers; the hub's interface has changed"
            raise FetchError(message, status=page.status)
        for number, wrapper in enumerate(wrappers, 1):
            entry = _announce(JsonFields.of(wrapper), self.source)
            problem = f"{brief(page.url)}: paper {number} has no id or no title: left out"
            self.found.take(entry, problem)


def _pages(visit: Visit, source: DailyPapersSource, query: dict[str, str]) -> Iterator[Page]:
    """Yield the pages of a list, each where the one before says that it follows."""
    url = f"{source.service}/api/daily_papers?{urlencode(query | {'limit': str(_AT_ONCE)})}"
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
        if urlsplit(url).netloc != urlsplit(source.service).netloc:
            message = (
                f"{brief(page.url)}: the next page is said to stand at another host; not followed"
            )
            raise FetchError(message)


def _announce(wrapper: JsonFields, source: DailyPapersSource) -> FetchedEntry | None:
    paper = (
        wrapper.part("paper") if "paper" in wrapper.values else wrapper
    )  # a search gives it bare
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
        links=_links(paper, wrapper, identifier, source.service),
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
    found_links = [
        (LinkKind.PAGE, page),
        (LinkKind.PDF, f"https://arxiv.org/pdf/{found[0]}" if found else None),
        (LinkKind.CODE, paper.url("githubRepo")),
        (LinkKind.PROJECT, paper.url("projectPage")),
        (LinkKind.DISCUSSION, listed),
        *((LinkKind.MEDIA, _media_url(one)) for one in media),
    ]
    return links_of((kind, url) for kind, url in found_links if url and read_url(url))


def _media_url(value: object) -> str | None:
    return read_url(as_line(value, 2_000) or "") if isinstance(value, str) else None
