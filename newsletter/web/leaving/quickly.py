"""What makes the answer to one click cheap: mail providers press for thousands at a time."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from newsletter.web.views import Pages

_MARK: Final = "token-to-be-put-here"
"""Letters that stay as they are in HTML, and stand nowhere else on the page."""


class Plainly:
    """An endpoint as an ASGI app, without the two layers that Starlette puts around a function."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive, send))
        await response(scope, receive, send)


class GonePage:
    """The page that says that somebody has left, rendered once for all."""

    def __init__(self, pages: Pages) -> None:
        self._bare = bytes(pages.show("leaving/gone", undo=None).body)
        page = bytes(pages.show("leaving/gone", undo=_MARK).body)
        self._before, _, self._after = page.partition(_MARK.encode())

    def show(self, undo: str | None) -> Response:
        """Return the page; `undo` is a token of ours: letters and digits that need no escaping."""
        if undo is None:
            return HTMLResponse(self._bare)
        return HTMLResponse(self._before + undo.encode("ascii") + self._after)
