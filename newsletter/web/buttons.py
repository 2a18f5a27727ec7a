"""Pages with one button, and what the button does with the token in its address."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.web.forms import FormError, read_form
from newsletter.web.views import Pages

MAX_TOKEN_CHARACTERS: Final = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Button:
    """A page with one button.

    Looking shows the same for every token, and changes nothing (mail programs and scanners look);
    only a POST with the `field` of the button does it, at once and without a second question.
    """

    pages: Pages
    act: Callable[[str], bool]
    page: str
    done: str
    unknown: str
    field: tuple[str, str]

    async def answer(self, request: Request) -> Response:
        """Show the button, or do what it says."""
        if request.method == "POST":
            return await self._press(request)
        return self.pages.show(self.page)

    async def _press(self, request: Request) -> Response:
        name, value = self.field
        try:
            form = await read_form(request)
        except FormError as error:
            return self.pages.show(self.page, status=error.status)
        if form.get(name) != value:
            return self.pages.show(self.page, status=400)
        return await self._do(request.path_params["token"])

    async def _do(self, token: str) -> Response:
        try:
            is_known = len(token) <= MAX_TOKEN_CHARACTERS and await run_in_threadpool(
                self.act, token
            )
        except NewsletterError as error:
            log.error("%s: %s", self.page, error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()
        if is_known:
            return self.pages.show(self.done)
        return self.pages.show(self.unknown, status=404)
