"""The page on which somebody says what they would like to read, and where."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.web.forms import FormError, read_form
from newsletter.web.joining.arriving import FOR_EVERYBODY
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.joining.letters import say_too_often, show_letter
from newsletter.web.joining.limits import Limits
from newsletter.web.samples import say_in_frame
from newsletter.web.views import Pages

if TYPE_CHECKING:
    from newsletter.bootstrap import JoiningWish

log = logging.getLogger(__name__)

_MOST_BYTES: Final = 64 * 1024
_MOST_FIELDS: Final = 400
"""A box for each topic of a large catalogue."""
_HONEYPOT: Final = "website"
"""Hidden from people: what fills it in fills in everything."""


@dataclass(frozen=True, slots=True)
class SubscribingPages:
    """The form, the letter beside it, and the one answer to whoever sent it."""

    pages: Pages
    desk: JoiningDesk
    limits: Limits

    async def answer(self, request: Request) -> Response:
        """Show the form, or keep what it asks for.

        The answer is the same for every address, and so is the work: who has it is looked up later.
        """
        if request.method == "POST":
            return await self._take(request)
        page = await self._show({})
        page.headers.update(FOR_EVERYBODY)
        return page

    async def letter(self, request: Request) -> Response:
        """Show the letter that the form would bring; without a form that of somebody who chose nothing."""
        wait_s = self.limits.take_letter(request)
        if wait_s is not None:
            return say_too_often(wait_s)
        try:
            fields = await _fields(request) if request.method == "POST" else {}
        except FormError as error:
            return say_in_frame("This form cannot be read.", status=error.status)
        wish = await run_in_threadpool(self.desk.read, fields)
        if wish.preferences is None:
            said = (one for name, some in wish.problems.items() if name != "email" for one in some)
            return say_in_frame("No letter can be made of this yet:", *said, status=422)
        # Topics that nobody else has are what a letter costs.
        wait_s = self.limits.take_letter(request, max(0, len(wish.form.topics.own) - 1))
        if wait_s is not None:
            return say_too_often(wait_s)
        return await show_letter(partial(self.desk.sample, wish.preferences))

    async def _take(self, request: Request) -> Response:
        wait_s = self.limits.take_enquiry(request)
        if wait_s is not None:
            return self.pages.too_often(wait_s)
        try:
            fields = await _fields(request)
        except FormError as error:
            return await self._show({}, error.status)
        if fields.get(_HONEYPOT):
            return self.pages.show("joining/asked")
        wish = await run_in_threadpool(self.desk.read, {"form": "", "email": "", **fields})
        if wish.problems:
            return await self._show_wish(wish, 422)
        try:
            await run_in_threadpool(self.desk.keep, wish, self.limits.network(request))
        except NewsletterError as error:
            log.error("subscribe: %s", error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()
        return self.pages.show("joining/asked")

    async def _show(self, fields: Mapping[str, str], status: int = 200) -> Response:
        return await self._show_wish(await run_in_threadpool(self.desk.read, fields), status)

    async def _show_wish(self, wish: "JoiningWish", status: int) -> Response:
        try:
            counts = await run_in_threadpool(self.desk.week_counts)
        except NewsletterError:
            counts = {}  # the form does without
        return self.pages.show(
            "joining/subscribe",
            status=status,
            wish=wish,
            form=wish.form,
            problems=wish.problems,
            offered=self.desk.offered,
            zones=self.desk.zones,
            counts=counts,
        )


async def _fields(request: Request) -> Mapping[str, str]:
    return await read_form(request, most_bytes=_MOST_BYTES, most_fields=_MOST_FIELDS)
