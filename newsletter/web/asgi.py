"""The pages alone, as an ASGI app for a server of one's own."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from newsletter.bootstrap import open_newsroom, receiving
from newsletter.web.app import make_app
from newsletter.web.opening import site_of

_CONFIG: Final = "NEWSLETTER_CONFIG"


def asgi() -> "_Pages":
    """Return the app of the newsletter whose config the variable NEWSLETTER_CONFIG names.

    For any ASGI server that takes a factory: `uvicorn --factory newsletter.web:asgi --workers 2`.
    `newsletter serve --no-pages` runs beside it. Raises ConfigError at the first request or the
    start of its life, with every problem of the config.
    """
    return _Pages(Path(os.environ.get(_CONFIG, "config.yaml")))


class _Pages:
    """Opens the newsroom when the server starts, and closes it when the server ends."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._open = ExitStack()
        self._app: Starlette | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        await self._opened()(scope, receive, send)

    def _opened(self) -> Starlette:
        if self._app is None:
            room = self._open.enter_context(open_newsroom(self._config))
            room.show_presence()
            self._app = make_app(site_of(room, receiving(room)))
        return self._app

    async def _live(self, receive: Receive, send: Send) -> None:
        """Follow the lifespan protocol of ASGI."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._opened()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self._open.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
