"""Runs the web app in a thread, from `start` to `stop`."""

import socket
import threading
from contextlib import suppress
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from newsletter.errors import ConfigError
from newsletter.web.heads import http_protocol

START_LIMIT_S: Final = 10
STOP_LIMIT_S: Final = 10
GRACE_S: Final = 3
BACKLOG: Final = 128


class WebServer:
    """HTTP at `host` and `port`; for port 0 the system chooses one."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 8080) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Return the port listened at, once started."""
        return self._port

    @property
    def url(self) -> str:
        """Return where the pages are, once started, without a slash at the end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> int:
        """Listen and return the port. Raises ConfigError when the port cannot be had."""
        if self._thread is not None:
            return self._port
        listener = self._listen()
        self._server = _Server(_settings(self._app))
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="web", daemon=True
        )
        self._thread.start()
        self._server.started_event.wait(START_LIMIT_S)
        return self._port

    def stop(self) -> None:
        """Answer what was asked, for at most three seconds, and end. Harmless when not started."""
        thread, self._thread = self._thread, None
        if thread is None or self._server is None:
            return
        self._server.should_exit = True
        thread.join(STOP_LIMIT_S)

    def _listen(self) -> socket.socket:
        try:
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            listener = socket.create_server(
                (self._host, self._port), family=family, backlog=BACKLOG
            )
        except (OSError, OverflowError) as error:
            raise ConfigError(
                f"web: cannot listen at {self._host}:{self._port}: {error}; choose another web.port"
            ) from error
        self._port = int(listener.getsockname()[1])
        return listener


class _Server(uvicorn.Server):
    """Tells when it listens. Signals are the affair of the program that runs it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.started_event = threading.Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop."""
        try:
            super().run(sockets)
        finally:
            self.started_event.set()
            for listener in sockets or ():
                with suppress(OSError):
                    listener.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.started_event.set()


def _settings(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        # uvloop and httptools where they are installed (the extra `performance`).
        loop="auto",
        http=http_protocol(),
        ws="none",
        lifespan="off",
        log_config=None,
        # A line per request would hold tokens.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )
