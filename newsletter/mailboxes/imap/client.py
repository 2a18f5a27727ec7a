"""imaplib, bounded, and able to stop: it reads the wire itself and watches for the end."""

import imaplib
import re
import ssl
import threading
import time
from collections.abc import Callable
from typing import Final

from newsletter.mailboxes.imap.login import ImapLogin, quoted

CONNECT_LIMIT_S: Final = 30
QUIET_LIMIT_S: Final = 60
SEND_LIMIT_S: Final = 15
_GLANCE_S: Final = 0.25
"""How long one wait for octets lasts; then it is seen whether to stop."""
MAX_LINE: Final = 1_000_000
MAX_LITERAL: Final = 2_000_000
MAX_ANSWER: Final = 8_000_000
"""Octets that a server may say to one command."""
_CHUNK: Final = 65_536
_NEWS: Final = re.compile(rb"\* [0-9]+ (?:EXISTS|RECENT)", re.IGNORECASE)

Trouble = imaplib.IMAP4.error
"""What goes wrong in a dialogue; `abort` is the kind after which the connection is of no use."""


class StoppedError(imaplib.IMAP4.abort):
    """The program wants to end."""


class ImapClient(imaplib.IMAP4_SSL):
    """One connection. Every wait ends within a moment of `stopped` being set, by StoppedError."""

    def __init__(self, login: ImapLogin, context: ssl.SSLContext, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._buffer = bytearray()
        self._left = MAX_ANSWER
        self._idles = 0
        super().__init__(login.host, login.port, ssl_context=context, timeout=CONNECT_LIMIT_S)

    def open(self, host: str = "", port: int | None = 993, timeout: float | None = None) -> None:
        """Connect."""
        super().open(host, port, timeout)
        self.sock.settimeout(_GLANCE_S)

    def log_in(self, login: ImapLogin) -> None:
        """Authenticate by PLAIN where it is offered, else by LOGIN. Raises Trouble when refused."""
        if "AUTH=PLAIN" in self.capabilities:
            words = f"\0{login.username}\0{login.password}".encode()
            self.authenticate("PLAIN", lambda _: words)
        else:
            self._log_in_plainly(login)
        # What is offered may be another thing now.
        _, answer = self.capability()
        self.capabilities = tuple(str(answer[0] or b"", "ascii", "replace").upper().split())

    def _log_in_plainly(self, login: ImapLogin) -> None:
        """Send LOGIN, both words quoted: imaplib sends the name as it is."""
        try:
            words = quoted(login.username), quoted(login.password)
        except ValueError as error:
            message = f"username or password {error}, and the server offers no AUTH=PLAIN"
            raise Trouble(message) from error
        kind, answer = self._simple_command("LOGIN", *words)
        if kind != "OK":
            message = f"the login was refused: {answer[-1]!r:.200}"
            raise Trouble(message)
        self.state = "AUTH"

    def read(self, size: int) -> bytes:
        """Return the octets of a literal. The server chose the size, so it is bounded."""
        if size > MAX_LITERAL:
            message = f"the server sends {size} octets at once"
            raise self.abort(message)
        self._fill(lambda: len(self._buffer) >= size, QUIET_LIMIT_S)
        return self._taken(size)

    def readline(self) -> bytes:
        """Return one line with its end."""
        self._fill(self._has_line, QUIET_LIMIT_S)
        return self._taken(self._buffer.index(b"\n") + 1)

    def send(self, data: object) -> None:
        """Send all of it."""
        self._left = MAX_ANSWER
        self.sock.settimeout(SEND_LIMIT_S)
        try:
            super().send(data)  # type: ignore[arg-type]  # bytes-like, as imaplib hands it over
        finally:
            self.sock.settimeout(_GLANCE_S)

    def shutdown(self) -> None:
        """Close, whatever state the connection is in."""
        try:
            super().shutdown()
        except OSError:
            self.sock.close()

    def wait_for_mail(self, patience_s: float) -> None:
        """Return when the server says that there is mail (RFC 2177), or after `patience_s`."""
        self._idles += 1
        tag = f"IDLE{self._idles}".encode()
        self.send(tag + b" IDLE\r\n")
        while not (line := self.readline()).startswith(b"+"):
            if line.startswith(tag):
                message = "the server offers IDLE and refuses it"
                raise self.abort(message)
        self._wait_for_news(patience_s)
        self.send(b"DONE\r\n")
        while not self.readline().startswith(tag):
            pass

    def _wait_for_news(self, patience_s: float) -> None:
        deadline = time.monotonic() + patience_s
        while (left := deadline - time.monotonic()) > 0:
            if not self._fill(self._has_line, left, is_patient=True):
                return
            line = self.readline()
            if _NEWS.match(line):
                return
            if line.upper().startswith(b"* BYE"):
                message = "the server said goodbye"
                raise self.abort(message)

    def _fill(
        self, is_enough: Callable[[], bool], limit_s: float, *, is_patient: bool = False
    ) -> bool:
        """Read until it is enough. After `limit_s`: False for who is patient, else an abort."""
        deadline = time.monotonic() + limit_s
        while not is_enough():
            if self._stopped.is_set():
                message = "stopped"
                raise StoppedError(message)
            if time.monotonic() > deadline:
                if is_patient:
                    return False
                message = "the server does not answer"
                raise self.abort(message)
            self._receive()
        return True

    def _receive(self) -> None:
        try:
            octets = self.sock.recv(_CHUNK)
        except TimeoutError:
            return
        if not octets:
            message = "the server closed the connection"
            raise self.abort(message)
        self._left -= len(octets)
        if self._left < 0:
            message = "the server does not stop to talk"
            raise self.abort(message)
        self._buffer += octets

    def _has_line(self) -> bool:
        if b"\n" in self._buffer:
            return True
        if len(self._buffer) > MAX_LINE:
            message = f"the server sends a line of more than {MAX_LINE} octets"
            raise self.abort(message)
        return False

    def _taken(self, size: int) -> bytes:
        octets = bytes(self._buffer[:size])
        del self._buffer[:size]
        return octets
