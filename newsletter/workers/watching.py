"""Two pages for programs that watch one worker: its numbers, and whether it works.

Written on the server of the standard library: a worker loads nothing that serves web pages.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET6, socket
from typing import Any, Final

from newsletter.errors import ConfigError
from newsletter.rules.exposition import Family, format_for, write

_PATIENCE_S: Final = 5.0
_AT_ONCE: Final = 8
_OK: Final = 200
_NOT_FOUND: Final = 404
_NOT_READY: Final = 503
_HERE: Final = "127.0.0.1"
_LAST_PORT: Final = 65_535


def read_place(written: str) -> tuple[str, int]:
    """Read `[HOST:]PORT`; without a host it is this machine. Raises ConfigError."""
    host, _, port = written.rpartition(":")
    if not port.isascii() or not port.isdecimal() or int(port) > _LAST_PORT:
        message = f"--metrics: {written!r} is no place; write a port as 9464, or 0.0.0.0:9464"
        raise ConfigError(message)
    return host.removeprefix("[").removesuffix("]") or _HERE, int(port)


class _Watched(ThreadingHTTPServer):
    """The server; some few are answered at once, others are hung up on."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, place: tuple[str, int], pages: Callable[[str, str], tuple[int, str, str]]
    ) -> None:
        if ":" in place[0]:
            self.address_family = AF_INET6
        self.pages = pages
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(place, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, where one is free."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and be free for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: somebody hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Watched
    timeout = _PATIENCE_S

    def do_GET(self) -> None:
        """Answer with one of the pages."""
        accept = self.headers.get("Accept", "")
        status, media_type, text = self.server.pages(self.path.partition("?")[0], accept)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Name the program, not what it runs on."""
        return "newsletter"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
        """Say nothing: each scrape would be a line."""


@contextmanager
def watched(
    place: tuple[str, int],
    families: Callable[[], Iterable[Family]],
    trouble: Callable[[], str],
) -> Iterator[str]:
    """Serve /metrics and /healthz while inside, and give their address.

    `trouble` says why the worker cannot work now, "" where it can. Port 0 takes a free one. Raises
    ConfigError where the place is taken.
    """

    def pages(path: str, accept: str) -> tuple[int, str, str]:
        plain = "text/plain; charset=utf-8"
        if path == "/metrics":
            media_type = format_for(accept)
            return _OK, media_type, write(families(), media_type)
        if path == "/healthz":
            why = trouble()
            return (_NOT_READY, plain, f"{why}\n") if why else (_OK, plain, "ok\n")
        return _NOT_FOUND, plain, "there are /metrics and /healthz\n"

    try:
        server = _Watched(place, pages)
    except OSError as error:
        message = f"--metrics: {place[0]} port {place[1]}: {error.strerror}; name another one"
        raise ConfigError(message) from error
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="watch", daemon=True)
    thread.start()
    try:
        yield _address(server.socket)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _address(listening: socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
