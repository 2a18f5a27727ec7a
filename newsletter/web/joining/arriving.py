"""The home page: the face of the newsletter."""

from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.views import Pages

FOR_EVERYBODY: Final = {"Cache-Control": "no-cache", "X-Robots-Tag": "all"}
"""A page without a token: it may be found, and kept as long as somebody looks at it."""
_SHOWN_TOPICS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Which other parts the site has, for the home page to link to."""

    received: bool = False
    archive: bool = False
    preferences: bool = False


@dataclass(frozen=True, slots=True)
class HomePage:
    """Says what the newsletter is, and shows a letter of it."""

    pages: Pages
    desk: JoiningDesk
    beside: Beside

    async def answer(self, _: Request) -> Response:
        """Show the page, with the topics that brought most this week."""
        try:
            counts = await run_in_threadpool(self.desk.week_counts)
        except NewsletterError:
            counts = {}  # the page does without
        offered = self.desk.offered
        busiest = sorted(offered, key=lambda one: -counts.get(one.name, 0))[:_SHOWN_TOPICS]
        page = self.pages.show(
            "joining/home",
            beside=self.beside,
            busiest=busiest,
            others=len(offered) - len(busiest),
            counts=counts,
        )
        page.headers.update(FOR_EVERYBODY)
        return page
