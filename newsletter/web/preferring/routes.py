"""The preferences page, with what stands around it: the way to its link, votes, data, and the way out."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from newsletter.bootstrap import Saved
from newsletter.errors import NewsletterError
from newsletter.web.buttons import MAX_TOKEN_CHARACTERS
from newsletter.web.forms import FormError, read_form
from newsletter.web.guards import Network
from newsletter.web.preferring.asking import AskingPage
from newsletter.web.preferring.desk import PreferencesDesk
from newsletter.web.preferring.editing import EditingPage
from newsletter.web.preferring.limits import Limits
from newsletter.web.views import Pages

_PAUSES: Final = {"pause-14": 14, "pause-28": 28, "resume": 0}
_SHOWN_LIKES: Final = 300

_Act = Callable[[str], Awaitable[Response | None]]

log = logging.getLogger(__name__)


def preferences_routes(
    pages: Pages, desk: PreferencesDesk, proxies: Sequence[Network] = ()
) -> Sequence[BaseRoute]:
    """Return the routes of the preferences page."""
    limits = Limits(proxies)
    asking, held = AskingPage(pages, desk, limits), _HeldPages(pages, desk, limits)
    both = ["GET", "POST"]
    return (
        Route("/preferences", asking.answer, methods=both),
        Route("/preferences/{token}", held.edit, methods=both),
        Route("/preferences/{token}/draft", held.draft, methods=["POST"]),
        Route("/preferences/{token}/sample", held.sample, methods=both),
        Route("/preferences/{token}/press", held.press, methods=["POST"]),
        Route("/preferences/{token}/data", held.data),
        Route("/preferences/{token}/likes", held.likes, methods=both),
    )


class _HeldPages:
    """Pages for the holder of a token. One that is over or not ours gets one and the same page."""

    def __init__(self, pages: Pages, desk: PreferencesDesk, limits: Limits) -> None:
        self._pages = pages
        self._desk = desk
        self._limits = limits
        self._editing = EditingPage(pages, desk, limits)

    async def edit(self, request: Request) -> Response:
        """Show the page, bring its sides together, or save."""

        async def act(token: str) -> Response | None:
            if request.method != "POST":
                return await self._editing.look(token)
            return await self._editing.work(token, request, may_save=True)

        return await self._guarded(request, self._limits.work, act)

    async def draft(self, request: Request) -> Response:
        """Bring both sides together while somebody types; nothing is ever written here."""

        async def act(token: str) -> Response | None:
            return await self._editing.work(token, request, may_save=False)

        return await self._guarded(request, self._limits.work, act)

    async def sample(self, request: Request) -> Response:
        """Show what would have come."""
        token = request.path_params["token"].lower()
        wait_s = self._limits.letters(token) if len(token) <= MAX_TOKEN_CHARACTERS else None
        if wait_s is not None:
            said = "You have looked at very many letters. Please wait a moment."
            answer = self._editing.in_frame(said, status=429)
            answer.headers["Retry-After"] = str(wait_s)
            return answer

        async def act(token: str) -> Response | None:
            return await self._editing.frame(token, request)

        return await self._guarded(request, None, act)

    async def press(self, request: Request) -> Response:
        """Leave, pause, or end a pause."""

        async def act(token: str) -> Response | None:
            pressed = (await read_form(request)).get("press", "")
            if pressed == "leave":
                left = await run_in_threadpool(self._desk.leave, token)
                return self._pages.show("preferring/left") if left else None
            if pressed not in _PAUSES:
                raise FormError(400)
            done = await run_in_threadpool(self._desk.pause, token, _PAUSES[pressed])
            if isinstance(done, Saved):
                return self._editing.saved(token, done)
            return self._editing.show_draft(token, done) if done else None

        return await self._guarded(request, self._limits.changes, act)

    async def data(self, request: Request) -> Response:
        """Hand over all that is stored."""

        async def act(token: str) -> Response | None:
            data = await run_in_threadpool(self._desk.data, token)
            if data is None:
                return None
            body = json.dumps(data, ensure_ascii=False, indent=2)
            named = {"Content-Disposition": 'attachment; filename="my-data.json"'}
            return Response(body, media_type="application/json", headers=named)

        return await self._guarded(request, self._limits.changes, act)

    async def likes(self, request: Request) -> Response:
        """Show the votes, or take some back."""

        async def act(token: str) -> Response | None:
            if request.method == "POST":
                form = await read_form(request)
                entry, is_all = form.get("entry"), form.get("all") == "yes"
                if entry is None and not is_all:
                    raise FormError(400)
                named = None if is_all or entry is None else (entry,)
                if await run_in_threadpool(self._desk.forget_likes, token, named) is None:
                    return None
            votes = await run_in_threadpool(self._desk.likes, token)
            if votes is None:
                return None
            shown = votes[:_SHOWN_LIKES]
            return self._pages.show(
                "preferring/likes", token=token, votes=shown, more=len(votes) - len(shown)
            )

        return await self._guarded(request, self._limits.work, act)

    async def _guarded(
        self, request: Request, limit: Callable[[str], int | None] | None, act: _Act
    ) -> Response:
        # Upper and lower case of a token are the same, so they share their limits.
        token = request.path_params["token"].lower()
        is_possible = len(token) <= MAX_TOKEN_CHARACTERS
        wait_s = self._limits.is_barred(request)
        if wait_s is None and limit and is_possible:
            wait_s = limit(token)
        if wait_s is not None:
            return self._pages.too_often(wait_s)
        try:
            answer = await act(token) if is_possible else None
        except FormError as error:
            return self._pages.show("preferring/unread", status=error.status, token=token)
        except NewsletterError as error:
            log.error("preferences: %s", error)  # noqa: TRY400 - the message names the cause
            return self._pages.trouble()
        if answer is None:
            self._limits.strangers(request)
            return self._pages.show("preferring/closed", status=404)
        return answer
