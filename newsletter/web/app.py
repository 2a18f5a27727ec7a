"""The web app: routes and what each answers."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from newsletter.errors import NewsletterError
from newsletter.web.callbacks import CheckHealth, Health, Unsubscribe
from newsletter.web.forms import FormError, read_form
from newsletter.web.guards import PAGES_POLICY, RECEIVED_POLICY, Headers
from newsletter.web.views import Pages

MAX_TOKEN_CHARACTERS: Final = 200
RETRY_AFTER_S: Final = "120"

log = logging.getLogger(__name__)


def make_app(
    *,
    name: str,
    unsubscribe: Unsubscribe,
    health: CheckHealth,
    received: Path | None = None,
) -> Starlette:
    """Return the app of the newsletter called `name`.

    `received` is the folder with the pages of the trial server; None: letters leave this machine.
    """
    pages = Pages(name)
    way_out = _WayOut(unsubscribe, pages)

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
        *_received(received),
    ]
    return Starlette(
        routes=routes,
        exception_handlers={404: not_found},
        middleware=[Middleware(Headers, policy=PAGES_POLICY)],
    )


class _WayOut:
    """The page of the unsubscribe link, and what its button or a mail program (RFC 8058) sends."""

    def __init__(self, unsubscribe: Unsubscribe, pages: Pages) -> None:
        self._unsubscribe = unsubscribe
        self._pages = pages

    async def answer(self, request: Request) -> Response:
        """Show the button, the same for every token, so that looking tells and changes nothing.

        Only POST does it, at once and without a second question (RFC 8058 section 3.1).
        """
        if request.method == "POST":
            return await self._leave(request)
        return self._pages.show("unsubscribe")

    async def _leave(self, request: Request) -> Response:
        try:
            form = await read_form(request)
        except FormError as error:
            return self._pages.show("unsubscribe", status=error.status)
        if form.get("List-Unsubscribe") != "One-Click":
            return self._pages.show("unsubscribe", status=400)
        return await self._do(request.path_params["token"])

    async def _do(self, token: str) -> Response:
        try:
            is_known = len(token) <= MAX_TOKEN_CHARACTERS and await run_in_threadpool(
                self._unsubscribe, token
            )
        except NewsletterError as error:
            log.error("unsubscribe: %s", error)  # noqa: TRY400 - the message names the cause
            trouble = self._pages.show("trouble", status=503)
            trouble.headers["Retry-After"] = RETRY_AFTER_S
            return trouble
        return self._pages.show("gone") if is_known else self._pages.show("unknown", status=404)


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


def _received(folder: Path | None) -> Sequence[BaseRoute]:
    """Return the route to the received letters; the folder may appear later."""
    if folder is None:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    files = Headers(StaticFiles(directory=folder, html=True), policy=RECEIVED_POLICY)
    return (Mount("/received", files),)
