"""What a web address is, by asking politely: a feed, or a page that leads to one."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from newsletter.errors import BusyError, FetchError, OutOfTimeError
from newsletter.model import Ask, Manners, Page, PullOrder
from newsletter.ports import Visit, Web
from newsletter.sources.discovery.findings import Candidate, Discovery
from newsletter.sources.discovery.known_addresses import recognise
from newsletter.sources.discovery.page_links import links_of_page
from newsletter.sources.feeds import MOST_FEED_BYTES, ReadFeed, looks_like_json, read_feed
from newsletter.sources.urls import pace_of

DEADLINE: Final = timedelta(seconds=60)
"""For everything that is asked about one address."""

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, "
    "application/xhtml+xml;q=0.9, application/rdf+xml;q=0.9, application/xml;q=0.8, "
    "application/json;q=0.7, text/xml;q=0.7, */*;q=0.1"
)
_USUAL: Final = ("feed", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json")
"""Where feeds stand on most sites; no more than these are tried."""
_USUAL_BELOW: Final = ("feed", "index.xml", "atom.xml")
_LOOKED_AT: Final = 16_384
_FEED: Final = re.compile(rb"<(?:[a-z][\w.-]{0,20}:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"\bcomments?\b", re.IGNORECASE)
_FAILING: Final = 500
_PASSING: Final = frozenset({408, 425, 429})
_LATEST: Final = 20
"""Posts by which it is judged how often there are new ones."""
_AHEAD: Final = timedelta(days=1)

_NOTHING: Final = (
    "No feed was found there. If the site has one elsewhere, name its address. Letters that the site "
    "sends can be a source with `kind: mail`, and a list that you keep yourself one with `kind: file`."
)
_NOT_NOW: Final = "It could not be asked now; try again later, or correct the address."
_WRONG: Final = "Correct the address: open it in a browser and copy it from there."


def ask_about(url: str, web: Web, order: PullOrder) -> Discovery:
    """Return the sources that the page at `url` is or names, each of them read.

    One visit, one deadline, at most 19 requests; the steps are told to `order`.
    """
    manners = Manners(pace_of(url), deadline=DEADLINE, most_bytes=MOST_FEED_BYTES)
    with web.visit(manners, order) as visit:
        return _Search(visit, order.now).search(url)


@dataclass(slots=True)
class _Search:
    """One visit, and what it has found so far."""

    visit: Visit
    now: datetime
    found: list[Candidate] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    is_over: bool = False

    def search(self, url: str) -> Discovery:
        """Look at the page, then at what it names, then at the usual places."""
        try:
            page = self.visit.fetch(Ask(url, accept=ACCEPT))
        except FetchError as error:
            is_passing = _is_passing(error)
            hint = _NOT_NOW if is_passing else _WRONG
            return Discovery((), (error.fact,), hint, is_passing)
        self.seen.add(url)
        if may_be_feed(page):
            self._take(url, page, "the address itself")
        if not self.found:
            self._follow(page)
        return Discovery(
            tuple(sorted(self.found, key=_standing)),
            tuple(self.tried),
            "" if self.found else _NOTHING,
            is_passing=self.is_over and not self.found,
        )

    def _follow(self, page: Page) -> None:
        links = links_of_page(_text(page), page.url)
        self._try(links.announced, "announced by the page")
        if not self.found:
            self._try(links.linked, "linked on the page")
        if not self.found:
            self._try(usual_places(page.url), "a usual place", most=1)

    def _try(self, urls: Iterable[str], how: str, most: int = 100) -> None:
        """Read each of `urls`, until `most` are found or there is no time or patience left."""
        for url in urls:
            if self.is_over or len(self.found) >= most:
                return
            if url in self.seen:
                continue
            self.seen.add(url)
            known = recognise(url)
            if isinstance(known, Candidate):
                self.found.append(replace(known, found=how))
            if known is not None:
                continue
            try:
                page = self.visit.fetch(Ask(url, accept=ACCEPT))
            except FetchError as error:
                self.tried.append(f"{how}: {error.fact}")
                self.is_over = isinstance(error, BusyError | OutOfTimeError)
            else:
                self._take(url, page, how)

    def _take(self, url: str, page: Page, how: str) -> None:
        """Keep the feed that a page is."""
        if not may_be_feed(page):
            self.tried.append(f"{how}: {page.url}: this is no feed")
            return
        try:
            feed = read_feed(page)
        except FetchError as error:
            self.tried.append(f"{how}: {error.fact}")
            return
        candidate = _candidate(page.moved_to or url, feed, self.now, how)
        note = f"moved for good from {url}" if page.moved_to else ""
        candidate = replace(
            candidate, note="; ".join([one for one in (note, candidate.note) if one])
        )
        if all(one.settings != candidate.settings for one in self.found):
            self.found.append(candidate)


def may_be_feed(page: Page) -> bool:
    """Whether a page begins as feeds do: others are not given to their reader."""
    start = page.body[:_LOOKED_AT].replace(b"\0", b"")  # UTF-16 as well
    return looks_like_json(page) or bool(_FEED.search(start))


def usual_places(url: str) -> Sequence[str]:
    """Return where a feed of the page at `url` may stand: in its folder first, at most six."""
    folder = urljoin(url, ".").partition("?")[0]
    root = urljoin(url, "/")
    if folder == root:
        return [f"{root}{name}" for name in _USUAL]
    below = [f"{folder}{name}" for name in _USUAL_BELOW]
    return [*below, *(f"{root}{name}" for name in _USUAL)][: len(_USUAL)]


def _candidate(url: str, feed: ReadFeed, now: datetime, how: str) -> Candidate:
    dates = [at for post in feed.posts if (at := post.published_at) and at <= now + _AHEAD]
    return Candidate(
        "feed",
        {"url": url},
        feed.title,
        urlsplit(url).hostname or "feed",
        feed.form,
        every=interval_of(dates, now),
        posts=len(feed.posts),
        latest_at=max(dates, default=None),
        found=how,
        note=feed.problems[0] if feed.problems else "",
    )


def interval_of(dates: Iterable[datetime], now: datetime) -> str:
    """Return how often to look for posts that came at `dates`.

    Every hour; every three where fewer than one a day came, every six where fewer than one a week.
    """
    latest = sorted(dates, reverse=True)[:_LATEST]
    if not latest:
        return "3h"
    gap = (now - latest[-1]) / len(latest)
    if gap <= timedelta(days=1):
        return "1h"
    return "3h" if gap <= timedelta(days=7) else "6h"


def _standing(candidate: Candidate) -> tuple[bool, bool]:
    """Return what puts feeds of comments and empty ones last; else the page's order counts."""
    url = candidate.settings.get("url", "")
    told = f"{candidate.title} {url if isinstance(url, str) else ''}"
    return bool(_COMMENTS.search(told)), candidate.posts == 0


def _is_passing(error: FetchError) -> bool:
    """Whether the same may come another time: no answer, a failure of theirs, too many requests."""
    status = error.status
    return status is None or status >= _FAILING or status in _PASSING


def _text(page: Page) -> str:
    """Return a page as text: addresses are ASCII, and read in any of the usual encodings."""
    with suppress(UnicodeDecodeError):
        return page.body.decode()
    return page.body.decode("latin-1")
