"""A site below a path, such as https://lab.example.org/news: pages are written as if it stood at the root."""

import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LINKS: Final = re.compile(rb'(?<=\s)((?:href|src|action|formaction)=")/(?!/)')
_COOKIE_PATH: Final = re.compile(r"(;\s*path=)/", re.IGNORECASE)


class Below:
    """ASGI middleware that puts `path` (`/news`) before every link of a page, redirect and cookie.

    Requests may come with the path or, where the server in front cuts it off, without.
    """

    def __init__(self, app: ASGIApp, *, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and correct the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path == self._path or path.startswith(f"{self._path}/"):
            scope = {**scope, "path": path.removeprefix(self._path) or "/"}
        await self._app(scope, receive, _Corrected(self._path, send))


class _Corrected:
    """Sends one answer; a page is held back until it is whole."""

    def __init__(self, path: str, send: Send) -> None:
        self._path = path
        self._send = send
        self._page: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._page is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._page)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        location = headers.get("location", "")
        if location.startswith("/"):
            headers["location"] = f"{self._path}{location}"
        cookies = headers.getlist("set-cookie")
        if cookies:
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", _COOKIE_PATH.sub(rf"\g<1>{self._path}/", cookie))
        if headers.get("content-type", "").startswith("text/html"):
            self._page = message
        else:
            await self._send(message)

    async def _finish(self, start: Message) -> None:
        body = _LINKS.sub(rb"\g<1>%s/" % self._path.encode(), bytes(self._body))
        headers = MutableHeaders(scope=start)
        if self._body:
            if "content-length" in headers:
                headers["content-length"] = str(len(body))
        elif headers.get("content-length", "0") != "0":
            del headers[
                "content-length"
            ]  # of the answer to HEAD: how long the page is nobody made yet
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
