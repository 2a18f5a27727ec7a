"""The page that is a letter, and the feed of one reader."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.rules.public import feed_tag
from newsletter.rules.tags import text_tag
from newsletter.web.archive.answers import PRIVATE, Page, answer
from newsletter.web.archive.feeds import (
    ATOM,
    JSON_FEED,
    Feed,
    items_of,
    write_atom,
    write_json_feed,
)
from newsletter.web.guards import RECEIVED_POLICY, Network, Strangers
from newsletter.web.reading.desk import ReadingDesk
from newsletter.web.views import Pages

MAX_TOKEN_CHARACTERS: Final = 200
_FEEDS: Final = {"feed.atom": (ATOM, write_atom), "feed.json": (JSON_FEED, write_json_feed)}
_AS_SENT: Final = {"Content-Security-Policy": RECEIVED_POLICY}

log = logging.getLogger(__name__)


def reading_routes(
    pages: Pages, desk: ReadingDesk | None, domain: str, proxies: Sequence[Network] = ()
) -> Sequence[BaseRoute]:
    """Return the routes of letters and private feeds; `domain` is the one that names entries."""
    if desk is None:
        return ()
    reading = _Reading(pages, desk, domain, Strangers(proxies))
    return (
        Route("/letters/{token}", reading.letter),
        Route("/feeds/{token}/{kind}", reading.feed),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Who lacks the token sees one and the same page, whatever is wrong."""

    pages: Pages
    desk: ReadingDesk
    domain: str
    strangers: Strangers

    async def letter(self, request: Request) -> Response:
        """Show a letter as it was sent: nothing around it, and no script can be in it."""
        token = request.path_params["token"]
        try:
            known = len(token) <= MAX_TOKEN_CHARACTERS
            letter = await run_in_threadpool(self.desk.letter, token) if known else None
        except NewsletterError as error:
            log.error("letter: %s", error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()
        if letter is None:
            return self._unknown(request, "reading/forgotten")
        if letter.html is None:
            return PlainTextResponse(letter.text, headers=_AS_SENT)
        return HTMLResponse(letter.html, headers=_AS_SENT)

    async def feed(self, request: Request) -> Response:
        """Show a feed; those who read it ask each hour, and get it when something is new."""
        token, kind = request.path_params["token"], request.path_params["kind"]
        try:
            page = await run_in_threadpool(self._feed, token, kind)
        except NewsletterError as error:
            log.error("feed: %s", error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()
        return answer(request, page, PRIVATE) if page else self._unknown(request, "missing")

    def _unknown(self, request: Request, page: str) -> Response:
        wait_s = self.strangers.count(request)
        return self.pages.show(page, status=404) if wait_s is None else self.pages.too_often(wait_s)

    def _feed(self, token: str, kind: str) -> Page | None:
        if kind not in _FEEDS or len(token) > MAX_TOKEN_CHARACTERS:
            return None
        entries = self.desk.feed(token)
        if entries is None:
            return None
        media_type, write = _FEEDS[kind]
        feed = Feed(
            # Nobody can tell from it where the feed is.
            id=feed_tag(f"feed/{text_tag(token)}", self.domain),
            title=f"{self.pages.name} · your letters",
            path=f"/feeds/{token}",
            page_path="/",
            author=self.pages.name,
            site=self.pages.url,
            items=tuple(items_of(entries, self.domain)),
        )
        return Page(write(feed), media_type, feed.updated_at if feed.items else None)
