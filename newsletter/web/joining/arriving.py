"""The home page: the face of the newsletter."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.views import Pages

_SHOWN_TOPICS: Final = 12


class HomePage:
    """Says what the newsletter is, and shows a letter of it."""

    def __init__(
        self, pages: Pages, desk: JoiningDesk, *, has_received: bool, has_archive: bool
    ) -> None:
        self._pages = pages
        self._desk = desk
        self._has_received = has_received
        self._has_archive = has_archive

    async def answer(self, _: Request) -> Response:
        """Show the page, with the topics that brought most this week."""
        try:
            counts = await run_in_threadpool(self._desk.week_counts)
        except NewsletterError:
            counts = {}  # the page does without
        offered = self._desk.offered
        busiest = sorted(offered, key=lambda one: -counts.get(one.name, 0))[:_SHOWN_TOPICS]
        return self._pages.show(
            "joining/home",
            has_received=self._has_received,
            has_archive=self._has_archive,
            busiest=busiest,
            others=len(offered) - len(busiest),
            counts=counts,
        )
