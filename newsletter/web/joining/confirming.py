"""The page on which somebody says yes, and the one that welcomes them."""

import logging
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.model import SampleLetter
from newsletter.web.buttons import MAX_TOKEN_CHARACTERS
from newsletter.web.forms import FormError, read_form
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.joining.letters import say_too_often, show_letter
from newsletter.web.joining.limits import Limits
from newsletter.web.views import Pages

log = logging.getLogger(__name__)

_BUTTON: Final = ("Confirm", "Yes")
_CLOSED: Final = SampleLetter(None, silence="This question is closed.")


@dataclass(frozen=True, slots=True)
class ConfirmingPages:
    """A page with one button. Looking shows what would come, and changes nothing."""

    pages: Pages
    desk: JoiningDesk
    limits: Limits

    async def answer(self, request: Request) -> Response:
        """Show the button with what would come, or do what it says."""
        token = request.path_params["token"]
        try:
            if request.method == "POST":
                return await self._press(request, token)
            return await self._show(token)
        except NewsletterError as error:
            log.error("confirm: %s", error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()

    async def letter(self, request: Request) -> Response:
        """Show a letter as it would come."""
        token = request.path_params["token"]
        wait_s = self.limits.take_letter(request)
        if wait_s is not None:
            return say_too_often(wait_s)

        def make() -> SampleLetter:
            return self.desk.sample_for(token) or _CLOSED if _may_be(token) else _CLOSED

        return await show_letter(make)

    async def _press(self, request: Request, token: str) -> Response:
        name, value = _BUTTON
        try:
            form = await read_form(request)
        except FormError as error:
            return await self._show(token, error.status)
        if form.get(name) != value:
            return await self._show(token, 400)
        done = await run_in_threadpool(self.desk.confirm, token) if _may_be(token) else None
        if done is None:
            wait_s = self.limits.count_stranger(request)
            if wait_s is not None:
                return self.pages.too_often(wait_s)
            return self.pages.show("closed", status=404)
        return self.pages.show("joining/welcome", coming=done)

    async def _show(self, token: str, status: int = 200) -> Response:
        coming = await run_in_threadpool(self.desk.coming, token) if _may_be(token) else None
        return self.pages.show("joining/confirm", status=status, coming=coming, token=token)


def _may_be(token: str) -> bool:
    return len(token) <= MAX_TOKEN_CHARACTERS
