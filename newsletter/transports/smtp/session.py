"""A connection on which mail may be sent: greeted, encrypted and signed in."""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from newsletter.model import SmtpPhase
from newsletter.transports.smtp.replies import SERVICE_CLOSING, Reply
from newsletter.transports.smtp.wire import Wire, WireError

COMMAND_UNKNOWN: Final = frozenset({500, 502, 504})


@dataclass(slots=True)
class Session:
    """One wire, what the server on it can do, and how far the conversation has come."""

    wire: Wire
    phase: SmtpPhase = SmtpPhase.GREETING
    extensions: Mapping[str, str] = field(default_factory=dict)
    """Keyword in upper case → its parameters (RFC 5321 section 4.1.1.1)."""
    is_lmtp: bool = False
    is_retired: bool = False
    """It must carry no further message."""
    deliveries: int = 0
    epoch: int = 0
    """How often its pool had been closed when it was opened."""

    @property
    def is_usable(self) -> bool:
        """Whether another message may be tried on it."""
        return not self.is_retired and self.wire.is_quiet

    async def ask(self, phase: SmtpPhase, command: bytes, limit: timedelta) -> Reply:
        """Send one command line and return its reply."""
        self.phase = phase
        self.wire.write(command + b"\r\n")
        return await self.listen(phase, limit)

    async def listen(self, phase: SmtpPhase, limit: timedelta) -> Reply:
        """Return the next reply; after a 421 the session is retired (RFC 5321 section 3.8)."""
        self.phase = phase
        reply = self.wire.heard() or await self.wire.reply(limit)
        if reply.code == SERVICE_CLOSING:
            self.is_retired = True
        return reply

    async def greet(self, name: bytes, limit: timedelta) -> Reply:
        """Say EHLO and learn the extensions; an old server is greeted with HELO and has none.

        LMTP has LHLO in their place (RFC 2033 section 4.1).
        """
        verb = b"LHLO " if self.is_lmtp else b"EHLO "
        reply = await self.ask(SmtpPhase.EHLO, verb + name, limit)
        if reply.code in COMMAND_UNKNOWN and not self.is_lmtp:
            self.extensions = {}
            return await self.ask(SmtpPhase.EHLO, b"HELO " + name, limit)
        self.extensions = _extensions(reply)
        return reply

    async def encrypt(self, context: ssl.SSLContext, host: str, limit: timedelta) -> None:
        """Begin TLS and forget what was said in the clear (RFC 3207 section 4.2)."""
        self.phase = SmtpPhase.STARTTLS
        await self.wire.encrypt(context, host, limit)
        self.extensions = {}

    async def reset(self, limit: timedelta) -> None:
        """Make the session ready for another message after a refusal, or retire it."""
        if not self.is_usable:
            self.is_retired = True
            return
        try:
            reply = await self.ask(SmtpPhase.MAIL, b"RSET", limit)
        except WireError:
            self.is_retired = True
            return
        if not reply.is_positive:
            self.is_retired = True

    def leave(self) -> None:
        """Say goodbye without waiting for the answer."""
        self.is_retired = True
        with suppress(WireError):
            self.wire.write(b"QUIT\r\n")
        self.wire.abort()

    async def quit(self, limit: timedelta) -> None:
        """Say goodbye, and leave whether or not it is answered."""
        self.is_retired = True
        try:
            with suppress(WireError):
                await self.ask(SmtpPhase.MAIL, b"QUIT", limit)
        finally:
            self.wire.abort()
        await self.wire.wait_gone(limit)


def _extensions(reply: Reply) -> dict[str, str]:
    """Read the lines of an EHLO reply after the first."""
    if not reply.is_positive:
        return {}
    # `AUTH=PLAIN` is how some servers wrote it before RFC 4954.
    pairs = (line.replace("=", " ", 1).partition(" ") for line in reply.lines[1:])
    return {keyword.upper(): rest.strip().upper() for keyword, _, rest in pairs}


def address_literal(host: str) -> bytes:
    """Return the name of a machine that has none (RFC 5321 section 4.1.3)."""
    literal = f"[IPv6:{host}]" if ":" in host else f"[{host}]"
    return literal.encode("ascii", errors="replace")
