"""HTTP as it is read from a connection, with a bound for what stands around bodies."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio import Protocol

LONGEST_HEAD: Final = 256 * 1024
"""Of address and fields; and of trailers, and what else may stand between the pieces of a body."""


def http_protocol() -> "type[Protocol] | str":
    """Return what uvicorn is to read requests with: httptools where it is, which has no bound itself."""
    return _bounded() if find_spec("httptools") else "h11"


def _bounded() -> "type[Protocol]":
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # noqa: PLC0415

    class Bounded(HttpToolsProtocol):
        """Cuts a connection off on which neither a head comes to its end nor a body goes on."""

        _waiting = 0

        def data_received(self, data: bytes) -> None:
            self._waiting += len(data)
            super().data_received(data)
            if self._waiting > LONGEST_HEAD and not self.transport.is_closing():
                self.transport.abort()

        def on_headers_complete(self) -> None:
            self._waiting = 0
            super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            self._waiting = 0
            super().on_body(body)

        def on_message_complete(self) -> None:
            self._waiting = 0
            super().on_message_complete()

    return Bounded
