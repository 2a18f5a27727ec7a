"""The pages behind the unsubscribe link: leave, or less than that, and take it back."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.web.buttons import MAX_TOKEN_CHARACTERS
from newsletter.web.forms import FormError, read_form
from newsletter.web.guards import Network, RateLimit, Strangers
from newsletter.web.leaving.desk import LeavingDesk
from newsletter.web.leaving.quickly import GonePage, Plainly
from newsletter.web.leaving.together import Together
from newsletter.web.leaving.wishes import SHOW, read_wish
from newsletter.web.views import Pages

if TYPE_CHECKING:
    from newsletter.model import Command
    from newsletter.workflows import Left

# RFC 8058 section 3.1 says what a mail program posts.
_ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")
_UNDO: Final = ("Undo", "Yes")
_CHOICES: Final = "less"

log = logging.getLogger(__name__)


def leaving_routes(
    pages: Pages, desk: LeavingDesk, proxies: Sequence[Network] = ()
) -> Sequence[BaseRoute]:
    """Return the routes of leaving and of taking back."""
    leaving = _LeavingPages(pages, desk, proxies)
    both = ["GET", "POST"]
    return (
        Route("/unsubscribe/{token}", Plainly(leaving.leave), methods=both),
        Route("/undo/{token}", Plainly(leaving.undo), methods=both),
    )


class _LeavingPages:
    """Looking shows the same for every token and changes nothing; only a POST of a button does.

    Tokens that are ours are never limited for their network: mail providers press for their users from
    few addresses. Those that are not are, and what changes preferences is for each letter.
    """

    def __init__(self, pages: Pages, desk: LeavingDesk, proxies: Sequence[Network]) -> None:
        self._pages = pages
        self._desk = desk
        self._together: Together[Left | None] = Together(desk.leave)
        self._gone = GonePage(pages)
        self._stray = bytes(pages.show("leaving/unknown").body)
        self._strangers = Strangers(proxies)
        self._changes = RateLimit(burst=12, per_minute=0.5)

    async def leave(self, request: Request) -> Response:
        """Show the buttons, or do what was pressed."""
        if request.method != "POST":
            return self._ask()
        form = await self._read(request)
        if isinstance(form, int):
            return self._ask(form)
        return await self._guarded(request, lambda token: self._press(request, token, form))

    async def undo(self, request: Request) -> Response:
        """Show the button that takes back, or do it."""
        if request.method != "POST":
            return self._pages.show("leaving/undo")
        form = await self._read(request)
        name, value = _UNDO
        if isinstance(form, int) or form.get(name) != value:
            return self._pages.show("leaving/undo", status=form if isinstance(form, int) else 400)
        return await self._guarded(request, lambda token: self._undo(request, token))

    async def _press(self, request: Request, token: str, form: Mapping[str, str]) -> Response:
        name, value = _ONE_CLICK
        if form.get(name) == value:
            return await self._leave(request, token)
        if form.get(_CHOICES) == SHOW:
            return await self._choose(request, token)
        wish = read_wish(form)
        if wish is None:
            return self._ask(400, "Please choose one of these, or a day to come.")
        return await self._lessen(request, token, wish)

    def _ask(self, status: int = 200, refusal: str = "") -> Response:
        """Show the buttons: the same page for every token."""
        return self._pages.show("leaving/ask", status=status, refusal=refusal)

    async def _leave(self, request: Request, token: str) -> Response:
        left = await self._together.ask(token)
        if left is None:
            return self._unknown(request)
        return self._gone.show(left.undo)

    async def _choose(
        self, request: Request, token: str, refusal: str = "", status: int = 200
    ) -> Response:
        choices = await run_in_threadpool(self._desk.choices, token)
        if choices is None:
            return self._unknown(request)
        return self._pages.show("leaving/less", status=status, choices=choices, refusal=refusal)

    async def _lessen(self, request: Request, token: str, wish: "Command") -> Response:
        wait_s = self._changes.take(token.lower())
        if wait_s is not None:
            return self._pages.too_often(wait_s)
        done = await run_in_threadpool(self._desk.lessen, token, wish)
        if done is None:
            return self._unknown(request)
        if done.refusal:
            return await self._choose(request, token, done.refusal, 409)
        return self._pages.show("leaving/lessened", done=done)

    async def _undo(self, request: Request, token: str) -> Response:
        undone = await run_in_threadpool(self._desk.undo, token)
        if undone is None:
            return self._limited(request) or self._pages.show("closed", status=404)
        return self._pages.show("leaving/back", undone=undone)

    async def _guarded(
        self, request: Request, do: Callable[[str], Awaitable[Response]]
    ) -> Response:
        token = request.path_params["token"]
        if len(token) > MAX_TOKEN_CHARACTERS:
            return self._unknown(request)
        try:
            return await do(token)
        except NewsletterError as error:
            log.error("leaving: %s", error)  # noqa: TRY400 - the message names the cause
            return self._pages.trouble()

    async def _read(self, request: Request) -> Mapping[str, str] | int:
        """Return the form, or the status that says what is wrong with it."""
        try:
            return await read_form(request)
        except FormError as error:
            return error.status

    def _unknown(self, request: Request) -> Response:
        return self._limited(request) or HTMLResponse(self._stray, status_code=404)

    def _limited(self, request: Request) -> Response | None:
        """Return the answer to who has tried many tokens that are not ours, else None."""
        wait_s = self._strangers.count(request)
        return None if wait_s is None else self._pages.too_often(wait_s)
