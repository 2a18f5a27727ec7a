"""The API, made when it is first called: its libraries take half a second to load."""

from starlette.concurrency import run_in_threadpool
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
