"""Servers that show one app after the other: to end a server takes a fifth of a second."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.web import WebServer


class Stage:
    """A running server; what it shows can be changed between two requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._server = WebServer(self, port=0)
        self._server.start()

    @property
    def url(self) -> str:
        return self._server.url

    def close(self) -> None:
        self._server.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app of the moment answer."""
        await self.app(scope, receive, send)


class Stages:
    """As many as were needed at once, each used again."""

    def __init__(self) -> None:
        self._free: list[Stage] = []
        self._all: list[Stage] = []

    def show(self, app: ASGIApp) -> Stage:
        """Return a stage that shows `app`; whoever has it gives it back with `free`."""
        if not self._free:
            self._all.append(Stage(app))
            return self._all[-1]
        stage = self._free.pop()
        stage.app = app
        return stage

    def free(self, stage: Stage) -> None:
        self._free.append(stage)

    @contextmanager
    def showing(self, app: ASGIApp) -> Iterator[str]:
        """Show `app` for a while, and yield where."""
        stage = self.show(app)
        try:
            yield stage.url
        finally:
            self.free(stage)

    def close(self) -> None:
        for stage in self._all:
            stage.close()
