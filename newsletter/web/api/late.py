"""The API, made when it is first called: its libraries take half a second to load."""

import re
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.web.api.desk import ApiDesk
from newsletter.web.guards import Network


class LateApi:
    """An ASGI app over a desk."""

    def __init__(self, desk: ApiDesk, name: str, proxies: tuple[Network, ...] = ()) -> None:
        self._desk, self._name, self._proxies = desk, name, proxies
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if self._app is None:
            self._app = await run_in_threadpool(self._make)
        await self._app(scope, receive, send)

    def _make(self) -> ASGIApp:
        from newsletter.web.api.access import Reception  # noqa: PLC0415
        from newsletter.web.api.app import make_api  # noqa: PLC0415

        return make_api(Reception(self._desk, self._proxies), self._name)


class _EveryPath(Mount):
    """All that is below a path, also what has a line end in it: the app there has its own answer to that."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


def api_routes(
    desk: ApiDesk, name: str, url: str | None, proxies: tuple[Network, ...]
) -> Sequence[BaseRoute]:
    """Return the API of the site called `name` at `url`, and what its door says."""

    async def door(_: Request) -> Response:
        return JSONResponse({"name": name, "openapi": f"{url or ''}/api/v1/openapi.json"})

    return (
        Route("/api/v1", door),
        Route("/api/v1/", door),
        _EveryPath("/api/v1", LateApi(desk, name, proxies)),
    )
