"""The page on which anybody asks for the link to their preferences."""

import logging
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from newsletter.errors import NewsletterError
from newsletter.web.forms import FormError, read_form
from newsletter.web.preferring.desk import PreferencesDesk
from newsletter.web.preferring.limits import Limits
from newsletter.web.views import Pages

_LONGEST_ADDRESS: Final = 320

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AskingPage:
    """One field. The answer, and the work before it, is the same whoever has the address."""

    pages: Pages
    desk: PreferencesDesk
    limits: Limits

    async def answer(self, request: Request) -> Response:
        """Show the field, or keep what was asked."""
        if request.method != "POST":
            return self._show()
        try:
            form = await read_form(request)
        except FormError as error:
            return self._show(status=error.status)
        wait_s = self.limits.links(request)
        if wait_s is not None:
            return self.pages.too_often(wait_s)
        try:
            return await self._keep(request, form.get("address", "").strip())
        except NewsletterError as error:
            log.error("preferences: %s", error)  # noqa: TRY400 - the message names the cause
            return self.pages.trouble()

    async def _keep(self, request: Request, address: str) -> Response:
        if len(address) > _LONGEST_ADDRESS:
            return self._show(address[:_LONGEST_ADDRESS], is_wrong=True, status=422)
        if "@" in address and self.limits.is_often_asked(address):
            return self.pages.show("preferring/asked")
        evidence = f"page, {self.limits.network(request)}"
        if not await run_in_threadpool(self.desk.ask_for_link, address, evidence):
            return self._show(address, is_wrong=True, status=422)
        return self.pages.show("preferring/asked")

    def _show(self, address: str = "", *, is_wrong: bool = False, status: int = 200) -> Response:
        return self.pages.show("preferring/ask", status=status, address=address, is_wrong=is_wrong)
