"""The source: one feed at one address."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from newsletter.errors import FetchError
from newsletter.model import (
    Ask,
    Manners,
    Memory,
    Page,
    Pull,
    PullOrder,
    PullStep,
    SourceName,
    SourceState,
    Validators,
)
from newsletter.ports import Visit, Web
from newsletter.rules.fetching import brief
from newsletter.rules.http_fields import fresh_for
from newsletter.sources.feeds.json_feed import looks_like_json, read_json_feed
from newsletter.sources.feeds.posts import Post, ReadFeed, announce
from newsletter.sources.feeds.xml_feed import read_xml_feed
from newsletter.sources.urls import pace_of

MOST_FEED_BYTES: Final = 5 * 1024 * 1024
"""Of one feed, decoded: what is larger is no list of news."""

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, application/json;q=0.7, text/xml;q=0.7, */*;q=0.1"
)
_MOST_PAGES: Final = 5
_GONE: Final = 410
_LONGEST_REST: Final = timedelta(hours=12)
"""A server that asks for more patience than that is asked all the same."""


@dataclass(frozen=True, slots=True)
class FeedSource:
    """The posts of an RSS, Atom, RDF or JSON feed."""

    name: SourceName
    web: Web
    url: str
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`feed`."""
        return "feed"

    def pull(self, order: PullOrder) -> Pull:
        """Return the posts, in the order of the feed.

        A feed that is gone for good (410) is not asked for again, one that moved for good is asked
        for where it is now, and one that asks for patience gets it, up to twelve hours. Raises
        SourceError when nothing can be read.
        """
        kept = _Kept.of(order.memory, self.url)
        if kept.is_gone:
            return Pull((), (_gone(self.url),))
        if kept.rests_until and order.now < kept.rests_until:
            note = f"its server asks not to be asked before {kept.rests_until:%Y-%m-%d %H:%M} UTC"
            order.on_step(PullStep(note))
            return Pull((), verdict=SourceState.UNCHANGED, note=note)
        manners = Manners(pace_of(kept.url), deadline=self.deadline, most_bytes=MOST_FEED_BYTES)
        with self.web.visit(manners, order) as visit:
            return self._pull(visit, kept, order)

    def _pull(self, visit: Visit, kept: "_Kept", order: PullOrder) -> Pull:
        try:
            page = visit.fetch(Ask(kept.url, accept=ACCEPT, validators=kept.validators))
        except FetchError as error:
            if error.status != _GONE:
                raise
            return Pull((), (_gone(self.url),), memory={"gone": self.url})
        if page.is_unchanged:
            memory = kept.memory(page, order.now)
            return Pull((), verdict=SourceState.UNCHANGED, note="not modified", memory=memory)
        feed = read_feed(page)
        posts = [*feed.posts, *_further_posts(visit, feed, kept.url)]
        entries = tuple(announce(posts, self.name, self.topics, now=order.now))
        problems = [*feed.problems]
        if silent := sum(entry is None for entry in entries):
            problems.append(
                f"{brief(page.url)}: {silent} posts have neither title nor text: left out"
            )
        # An ill-formed page is asked for whole again: its validators are not kept.
        memory = _Kept(page.moved_to or kept.url, asked=self.url).memory(
            page if not feed.problems else Page(page.url, page.status), order.now
        )
        told = tuple(entry for entry in entries if entry)
        verdict = SourceState.EMPTY if not posts and not problems else None
        return Pull(told, tuple(problems), verdict, _note(page, posts), memory)


def read_feed(page: Page) -> ReadFeed:
    """Return the posts of a feed in any format; raises FetchError when it is no feed."""
    return read_json_feed(page) if looks_like_json(page) else read_xml_feed(page)


def _further_posts(visit: Visit, feed: ReadFeed, first: str) -> list[Post]:
    """Return the posts of the pages that follow, each page once."""
    seen = {first}
    posts: list[Post] = []
    while feed.following and feed.following not in seen and len(seen) < _MOST_PAGES:
        seen.add(feed.following)
        try:
            feed = read_json_feed(visit.fetch(Ask(feed.following, accept=ACCEPT)))
        except FetchError:
            break  # older posts: those that count are on the first page
        posts += feed.posts
    return posts


def _note(page: Page, posts: list[Post]) -> str:
    if page.moved_to:
        return f"the feed moved for good to {page.moved_to}; correct `url`"
    return "" if posts else "the feed has no posts"


def _gone(url: str) -> str:
    return f"{url}: the feed is gone for good (410); remove this source, or correct `url`"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is remembered of a feed, as long as the settings name the same address."""

    url: str
    asked: str
    """The address of the settings."""
    validators: Validators = field(default_factory=Validators)
    rests_until: datetime | None = None
    is_gone: bool = False

    @classmethod
    def of(cls, memory: Memory, url: str) -> "_Kept":
        if memory.get("gone") == url:
            return cls(url, url, is_gone=True)
        if memory.get("asked") != url:
            return cls(url, url)
        validators = Validators(memory.get("etag"), memory.get("last_modified"))
        try:
            rests_until = datetime.fromisoformat(memory.get("rests_until", ""))
        except ValueError:
            rests_until = None
        return cls(memory.get("url", url), url, validators, rests_until)

    def memory(self, page: Page, now: datetime) -> Memory:
        """Return what to remember after `page`; of a 304 its own validators, else the ones kept."""
        etag = page.validators.etag or (self.validators.etag if page.is_unchanged else None)
        modified = page.validators.last_modified
        modified = modified or (self.validators.last_modified if page.is_unchanged else None)
        fresh = fresh_for(page.header("cache-control"), page.header("age"))
        rest = min(fresh or timedelta(0), _LONGEST_REST)
        kept = {
            "asked": self.asked,
            "url": self.url,
            "etag": etag,
            "last_modified": modified,
            "rests_until": (now + rest).isoformat() if rest else None,
        }
        return {key: value for key, value in kept.items() if value is not None}
