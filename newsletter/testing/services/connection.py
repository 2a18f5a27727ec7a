"""One connection to the server: requests in, answers out, byte for byte."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from socketserver import StreamRequestHandler
from typing import Final, Protocol

from newsletter.testing.services.exchange import Received, Reply
from newsletter.testing.services.faults import Fault

_LONGEST_LINE: Final = 65_536
_MOST_HEADERS: Final = 200
_LARGEST_BODY: Final = 10_000_000
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Answered:
    """What is to be written, and how."""

    reply: Reply
    manner: Fault | None = None
    """HANG, RESET, BREAK_OFF or DRIP; None: as it should be."""


class Desk(Protocol):
    """What a connection needs of the server."""

    def open(self, connection: socket.socket) -> int:
        """Remember a connection, to close it at the end, and return its number."""
        ...

    def begin(self, received: Received) -> int:
        """Write a request into the log and return its place there."""
        ...

    def answer(self, place: int) -> Answered:
        """Return the answer to the request at a place of the log."""
        ...

    def end(self, place: int, status: int | None) -> None:
        """Note that a request is done with."""
        ...

    def wait(self) -> bool:
        """Let the pause of a dripping answer pass; return whether to go on."""
        ...

    def now(self) -> datetime:
        """Return the time of the server."""
        ...


class Connection(StreamRequestHandler):
    """Reads requests and writes answers until one side closes."""

    wbufsize = 0
    desk: Callable[[], Desk]
    """Set on the subclass that a server makes for itself."""

    def handle(self) -> None:
        """Serve one request after the other."""
        desk = type(self).desk()
        self._number = desk.open(self.connection)
        with suppress(OSError, ValueError):
            while received := self._read(desk):
                place = desk.begin(received)
                is_kept = False
                try:
                    is_kept = self._answer(desk, place, received)
                finally:
                    if not is_kept:
                        desk.end(place, None)
                if not is_kept or received.header("Connection") == "close":
                    return

    def _read(self, desk: Desk) -> Received | None:
        line = self.rfile.readline(_LONGEST_LINE).decode("latin-1").rstrip("\r\n")
        began = time.monotonic()
        method, _, rest = line.partition(" ")
        target = rest.rpartition(" ")[0]
        if not target.startswith("/"):
            return None
        headers = tuple(self._headers())
        length = next((value for name, value in headers if name.lower() == "content-length"), "0")
        return Received(
            service=target.split("?")[0].split("/")[1],
            method=method,
            target=target,
            headers=headers,
            body=self.rfile.read(min(int(length), _LARGEST_BODY)),
            connection=self._number,
            now=desk.now(),
            began_s=began,
        )

    def _headers(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while len(found) < _MOST_HEADERS:
            line = self.rfile.readline(_LONGEST_LINE).decode("latin-1").rstrip("\r\n")
            if not line:
                return found
            name, _, value = line.partition(":")
            found.append((name, value.removeprefix(" ")))
        raise ValueError

    def _answer(self, desk: Desk, place: int, received: Received) -> bool:
        """Write the answer; return False when the connection is done for before its end."""
        answered = desk.answer(place)
        reply = answered.reply
        lines = [f"{name}: {value}\r\n" for name, value in reply.all_headers().items()]
        head = f"HTTP/1.1 {reply.status} {reply.reason}\r\n{''.join(lines)}\r\n".encode("latin-1")
        body = b"" if received.method == "HEAD" else reply.body
        match answered.manner:
            case Fault.HANG:
                self.connection.recv(1)  # until either side closes
                return False
            case Fault.RESET:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
            case Fault.BREAK_OFF:
                self.wfile.write(head + body[: len(body) // 2])
                return False
            case Fault.DRIP:
                pieces = _drops(desk, head, body)
            case _:
                pieces = _chunks(head, body, reply.padding) if reply.padding else iter([head, body])
        return self._write(desk, place, reply.status, pieces)

    def _write(self, desk: Desk, place: int, status: int, pieces: Iterator[bytes]) -> bool:
        last = b""
        for piece in filter(None, pieces):
            self.wfile.write(last)
            last = piece
        # Before the last bytes leave: whoever has the whole answer finds that in the log.
        desk.end(place, status)
        self.wfile.write(last)
        return True


def _drops(desk: Desk, head: bytes, body: bytes) -> Iterator[bytes]:
    yield head
    for place in range(len(body)):
        if not desk.wait():
            raise ConnectionAbortedError
        yield body[place : place + 1]


def _chunks(head: bytes, body: bytes, padding: int) -> Iterator[bytes]:
    """Return the body and blanks in chunks (RFC 9112 section 7.1)."""
    yield head
    blanks = b" " * _AT_ONCE
    for piece in (body, *repeat(blanks, padding // _AT_ONCE)):
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"
