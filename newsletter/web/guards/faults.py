"""A fault of ours that nobody foresaw is answered like every other."""

import logging
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("newsletter.web")


class Faults:
    """ASGI middleware that answers an exception with the page `trouble`, and logs it."""

    def __init__(self, app: ASGIApp, *, trouble: Callable[[], Response]) -> None:
        self._app = app
        self._trouble = trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        has_begun = False

        async def look(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, look)
        except Exception:
            if has_begun:
                raise
            log.exception("a page could not be made")  # its address may hold a token
            await self._trouble()(scope, receive, send)
