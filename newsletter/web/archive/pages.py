"""The pages and feeds of the archive."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.rules.composing import write_date
from newsletter.rules.public import feed_tag
from newsletter.web.archive.answers import Page, answer
from newsletter.web.archive.desk import ArchiveDesk
from newsletter.web.archive.feeds import (
    ATOM,
    JSON_FEED,
    Feed,
    items_of,
    write_atom,
    write_json_feed,
)
from newsletter.web.archive.shown import (
    ROOT,
    describe,
    edition_path,
    show_days,
    show_edition,
    show_entries,
    show_topic,
    title,
    topic_path,
)
from newsletter.web.views import Pages

if TYPE_CHECKING:
    from newsletter.workflows import PublicTopic

_LISTED: Final = 7
"""Editions that stand on the page of a topic with their first titles."""
_YEAR: Final = re.compile(r"[1-9]\d{3}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FEEDS: Final = {"feed.atom": (ATOM, write_atom), "feed.json": (JSON_FEED, write_json_feed)}

log = logging.getLogger(__name__)


def archive_routes(pages: Pages, desk: ArchiveDesk | None, domain: str) -> Sequence[BaseRoute]:
    """Return the routes of the archive; `domain` is the one that names feeds and entries."""
    if desk is None:
        return ()
    archive = _Archive(pages, desk, domain)
    return (
        Route(ROOT, archive.front),
        Route(f"{ROOT}/{{name}}", archive.one),
        Route(f"{ROOT}/{{name}}/{{part}}", archive.part),
    )


@dataclass(frozen=True, slots=True)
class _Archive:
    """Public pages: the same for everybody, so that everybody may keep them for some minutes.

    Where the newsletter as a whole has a page, a topic has the same one below its name.
    """

    pages: Pages
    desk: ArchiveDesk
    domain: str

    async def front(self, request: Request) -> Response:
        """Show the topics, the last editions and the days."""
        return await self._answer(request, lambda: self._shelf("", None))

    async def one(self, request: Request) -> Response:
        """Show a part of the newsletter as a whole, or the shelf of a topic."""
        name = request.path_params["name"]
        if _is_part(name):
            return await self._answer(request, lambda: self._part("", name))
        return await self._answer(request, lambda: self._shelf(name, None))

    async def part(self, request: Request) -> Response:
        """Show a part of a topic: the edition of a day, the days of a year, or a feed."""
        name, part = request.path_params["name"], request.path_params["part"]
        return await self._answer(request, lambda: self._part(name, part))

    async def _answer(self, request: Request, make: Callable[[], Page | None]) -> Response:
        try:
            page = await run_in_threadpool(make)
        except NewsletterError as error:
            log.error("archive: %s", error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()
        return answer(request, page) if page else self.pages.show("missing", status=404)

    def _part(self, slug: str, part: str) -> Page | None:
        if part in _FEEDS:
            return self._feed(slug, part)
        if _YEAR.fullmatch(part):
            return self._shelf(slug, int(part))
        day = _read_day(part)
        return self._edition(slug, day) if day else None

    def _shelf(self, slug: str, year: int | None) -> Page | None:
        """Return what there is of a topic, of all its time or of one year."""
        topic = self.desk.topic(slug)
        if topic is None or (year is not None and not _YEAR.fullmatch(str(year))):
            return None
        days = self.desk.days(topic)
        shelves = show_days(days, year)
        if year is not None and not shelves.months:
            return None
        latest = self.desk.latest(topic, _LISTED) if year is None else ()
        whole = slug == ""
        topics = self.desk.shelves()[1:] if whole and year is None else ()
        return self._page(
            "archive/shelf",
            topic,
            path=topic_path(topic) if year is None else f"{topic_path(topic)}/{year}",
            year=year,
            editions=[show_edition(one) for one in latest],
            topics=[show_topic(one) for one in topics],
            shelves=shelves,
            count=len(days),
            changed_at=None,  # topics and titles come and go with the config
        )

    def _edition(self, slug: str, day: date) -> Page | None:
        topic = self.desk.topic(slug)
        page = self.desk.page(topic, day) if topic else None
        if topic is None or page is None:
            return None
        changes = [page.planned_at, *([page.after.planned_at] if page.after else [])]
        return self._page(
            "archive/edition",
            topic,
            path=edition_path(topic, day),
            day=write_date(day),
            entries=show_entries(page.entries, day),
            also=show_entries(page.also_matched, day),
            new_count=page.new_count,
            before=page.before,
            after=page.after,
            description=describe(page.entries),
            first=title(page.entries[0]) if page.entries else "",
            changed_at=max(changes),
        )

    def _feed(self, slug: str, kind: str) -> Page | None:
        topic = self.desk.topic(slug)
        if topic is None:
            return None
        media_type, write = _FEEDS[kind]
        path = topic_path(topic)
        feed = Feed(
            id=feed_tag(f"archive/{topic.name}", self.domain),
            title=f"{topic.title} · {self.pages.name}" if topic.title else self.pages.name,
            path=path,
            page_path=path,
            author=self.pages.name,
            site=self.pages.url,
            items=tuple(items_of(self.desk.feed(topic), self.domain)),
        )
        return Page(write(feed), media_type, feed.updated_at if feed.items else None)

    def _page(
        self,
        template: str,
        topic: "PublicTopic",
        *,
        changed_at: datetime | None,
        **values: object,
    ) -> Page:
        about = {"topic": show_topic(topic), "feeds": topic_path(topic), "root": ROOT}
        shown = self.pages.show(template, status=200, **about, **values)
        return Page(bytes(shown.body).decode(), changed_at=changed_at)


def _is_part(name: str) -> bool:
    return name in _FEEDS or bool(_YEAR.fullmatch(name) or _DAY.fullmatch(name))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
