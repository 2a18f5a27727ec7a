"""The web app: routes and what each answers."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from newsletter.errors import NewsletterError
from newsletter.web.callbacks import Ballots, ByToken, CheckHealth, Health, Unsubscribe
from newsletter.web.forms import FormError, read_form
from newsletter.web.guards import PAGES_POLICY, RECEIVED_POLICY, Headers
from newsletter.web.views import Pages
from newsletter.web.voting import MAX_TOKEN_CHARACTERS, VotePages

log = logging.getLogger(__name__)


def _unknown(_: str) -> bool:
    return False


def make_app(
    *,
    name: str,
    unsubscribe: Unsubscribe,
    health: CheckHealth,
    received: Path | None = None,
    confirm: ByToken = _unknown,
    undo: ByToken = _unknown,
    ballots: Ballots | None = None,
) -> Starlette:
    """Return the app of the newsletter called `name`.

    `confirm` and `undo` do what the tokens of a confirmation and of a goodbye are for, `ballots`
    what the links beside entries are for; None: nobody can vote here.
    `received` is the folder with the pages of the trial server; None: letters leave this machine.
    """
    pages = Pages(name)
    # RFC 8058 section 3.1 says what a mail program posts.
    one_click = ("List-Unsubscribe", "One-Click")
    way_out = _Button(pages, unsubscribe, "unsubscribe", "gone", "unknown", one_click)
    way_in = _Button(pages, confirm, "confirm", "confirmed", "closed", ("Confirm", "Yes"))
    way_back = _Button(pages, undo, "undo", "back", "closed", ("Undo", "Yes"))

    async def home(_: Request) -> Response:
        return pages.show("home", has_received=received is not None)

    async def style(_: Request) -> Response:
        return pages.style()

    async def healthz(_: Request) -> Response:
        return await _answer_health(health)

    async def not_found(_: Request, __: Exception) -> Response:
        return pages.show("missing", status=404)

    routes: list[BaseRoute] = [
        Route("/", home),
        Route("/style.css", style),
        Route("/healthz", healthz),
        Route("/unsubscribe/{token}", way_out.answer, methods=["GET", "POST"]),
        Route("/confirm/{token}", way_in.answer, methods=["GET", "POST"]),
        Route("/undo/{token}", way_back.answer, methods=["GET", "POST"]),
        *_votes(pages, ballots),
        *_received(received),
    ]
    return Starlette(
        routes=routes,
        exception_handlers={404: not_found},
        middleware=[Middleware(Headers, policy=PAGES_POLICY)],
    )


@dataclass(frozen=True, slots=True)
class _Button:
    """A page with one button, and what the button does with the token in its address.

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


async def _answer_health(health: CheckHealth) -> Response:
    try:
        now = await run_in_threadpool(health)
    except NewsletterError as error:
        now = Health(is_well=False, details={"error": str(error)})
    state = "ok" if now.is_well else "trouble"
    return JSONResponse(
        {"status": state, **{key: value for key, value in now.details.items() if key != "status"}},
        status_code=200 if now.is_well else 503,
    )


def _votes(pages: Pages, ballots: Ballots | None) -> Sequence[BaseRoute]:
    if ballots is None:
        return ()
    votes = VotePages(pages, ballots)
    return (
        Route("/likes/{token}", votes.list_entries),
        Route("/likes/{token}/{number}", votes.answer, methods=["GET", "POST"]),
    )


def _received(folder: Path | None) -> Sequence[BaseRoute]:
    """Return the route to the received letters; the folder may appear later."""
    if folder is None:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    files = Headers(StaticFiles(directory=folder, html=True), policy=RECEIVED_POLICY)
    return (Mount("/received", files),)
