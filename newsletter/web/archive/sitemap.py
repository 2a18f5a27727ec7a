"""What search engines are told: which pages there are, and which are nobody's business."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.rules.recent import Recent
from newsletter.web.archive.answers import Page, answer
from newsletter.web.archive.desk import ArchiveDesk
from newsletter.web.archive.shown import ROOT, topic_path
from newsletter.web.views import Pages
from newsletter.workflows import PublicTopic

MOST_ADDRESSES: Final = 50_000
"""In one file: what sitemaps.org allows."""
_XML: Final = "application/xml; charset=utf-8"
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NUMBER: Final = re.compile(r"[1-9]\d{0,5}")
_BEGIN: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PRIVATE: Final = (
    *("/api", "/confirm/", "/feeds/", "/letters/", "/likes/", "/operator", "/preferences/"),
    *("/received", "/undo/", "/unsubscribe/"),
)
"""Where tokens stand in addresses, or what is for one person alone."""


def robots_routes(
    pages: Pages, desk: ArchiveDesk | None, most: int = MOST_ADDRESSES
) -> Sequence[BaseRoute]:
    """Return the routes of robots.txt and, where there is an archive with a public address, sitemap.xml."""
    robots = Page(_robots(pages.url, has_sitemap=desk is not None), "text/plain; charset=utf-8")

    async def show_robots(request: Request) -> Response:
        return answer(request, robots)

    routes = [Route("/robots.txt", show_robots)]
    if desk and pages.url:
        sitemap = _Sitemap(pages, desk, most)
        routes.append(Route("/sitemap.xml", sitemap.first))
        routes.append(Route("/sitemap-{part}.xml", sitemap.part))
    return routes


def _robots(url: str, *, has_sitemap: bool) -> str:
    base = urlsplit(url).path
    lines = ["User-agent: *", *(f"Disallow: {base}{name}" for name in _PRIVATE)]
    if url and has_sitemap:
        lines += ["", f"Sitemap: {url}/sitemap.xml"]
    return "\n".join(lines) + "\n"


class _Sitemap:
    """The addresses of all public pages; in parts, with a list of these, where they are too many for one.

    They are listed anew when the number of editions of any topic is another.
    """

    def __init__(self, pages: Pages, desk: ArchiveDesk, most: int) -> None:
        self.pages = pages
        self.desk = desk
        self.most = most
        self._listed: Recent[tuple[PublicTopic, ...], tuple[str, ...]] = Recent(1)

    async def first(self, request: Request) -> Response:
        """Show the addresses, or the list of the parts."""
        return await self._answer(request, None)

    async def part(self, request: Request) -> Response:
        """Show one of the parts."""
        part = request.path_params["part"]
        if not _NUMBER.fullmatch(part):
            return self.pages.show("missing", status=404)
        return await self._answer(request, int(part))

    async def _answer(self, request: Request, part: int | None) -> Response:
        try:
            text = await run_in_threadpool(self._write, part)
        except NewsletterError:
            return self.pages.trouble()
        if text is None:
            return self.pages.show("missing", status=404)
        return answer(request, Page(text, _XML))

    def _write(self, part: int | None) -> str | None:
        shelves = tuple(self.desk.shelves())
        paths = self._listed.get(shelves) or self._listed.keep(shelves, tuple(self._paths()))
        if part is not None:
            begin = (part - 1) * self.most
            return self._urls(paths[begin : begin + self.most]) if begin < len(paths) else None
        return self._urls(paths) if len(paths) <= self.most else self._index(len(paths))

    def _paths(self) -> Iterator[str]:
        yield from ("/", ROOT)
        for topic, days in self.desk.all_days():
            path = topic_path(topic)
            if topic.slug and days:
                yield path
            yield from [f"{path}/{day.isoformat()}" for day in days]

    def _urls(self, paths: Sequence[str]) -> str:
        before = f"<url><loc>{escape(self.pages.url)}"
        urls = "</loc></url>\n".join([before + path for path in paths])
        return f'{_BEGIN}<urlset xmlns="{_NAMESPACE}">\n{urls}</loc></url>\n</urlset>\n'

    def _index(self, count: int) -> str:
        parts = -(-count // self.most)
        site = escape(self.pages.url)
        lines = "".join(
            f"<sitemap><loc>{site}/sitemap-{number}.xml</loc></sitemap>\n"
            for number in range(1, parts + 1)
        )
        return f'{_BEGIN}<sitemapindex xmlns="{_NAMESPACE}">\n{lines}</sitemapindex>\n'
