"""Headers that keep a page from doing, loading or telling anything it need not."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGES_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
RECEIVED_POLICY: Final = (
    # A letter brings its own style, and is shown in a frame that inherits this policy.
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    # A token stands in the address of a page: it is not to be stored, nor told to the next site.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


_BEHIND_TLS: Final = {"Strict-Transport-Security": "max-age=31536000"}


def secure(url: str | None) -> Mapping[str, str]:
    """Return what is said besides on pages whose public address is `url`: https stays https."""
    return _BEHIND_TLS if url and url.startswith("https://") else {}


_HOST: Final = re.compile(r"\Ahttps?://[^/]*")


class Headers:
    """ASGI middleware that adds the headers which an answer does not have yet.

    A redirect leads to this site: to a path, whatever the client says that the site is called.
    """

    def __init__(
        self, app: ASGIApp, *, policy: str, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._app = app
        self._headers = {"Content-Security-Policy": policy, **_ALWAYS, **more}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if "location" in headers:
                    headers["location"] = _on_this_site(headers["location"])
            await send(message)

        await self._app(scope, receive, dress)


def _on_this_site(location: str) -> str:
    return "/" + _HOST.sub("", location).lstrip("/")
