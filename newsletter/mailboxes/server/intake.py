"""The mail server from its start to its end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from newsletter.mailboxes.listening import Listener
from newsletter.mailboxes.peers import PeerLimits, Peers
from newsletter.mailboxes.server.dialogue import BUSY, Dialogue, LocalDialogue
from newsletter.mailboxes.server.reception import Reception
from newsletter.mailboxes.sizes import MAX_MESSAGE_BYTES
from newsletter.ports import InboundStore


class SpokenProtocol(StrEnum):
    """What the server speaks: LMTP with one's own MTA, SMTP with everybody."""

    LMTP = "lmtp"
    SMTP = "smtp"


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What is taken; the rest is refused in the dialogue."""

    message_bytes: int = MAX_MESSAGE_BYTES
    recipients: int = 100
    peers: PeerLimits = field(default_factory=PeerLimits)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MailServer:
    """Implements `ports.Intake`: takes mail for addresses that `accepts`, into `store`.

    `accepts` is called in the loop with an address of a RCPT command as it was written: it must
    be quick, and is not asked about texts with control characters. Each recipient of a message is
    one message in the store; it is committed before it is acknowledged. The same peer is limited
    by `limits`. `port` 0 takes a free one; after `start`, `port` is the one that was taken.
    """

    def __init__(  # noqa: PLR0913 - each has its default but the three it cannot do without
        self,
        store: InboundStore,
        accepts: Callable[[str], bool],
        *,
        speaks: SpokenProtocol,
        host: str = "127.0.0.1",
        port: int = 0,
        hostname: str = "localhost",
        limits: ServerLimits = ServerLimits(),
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._store = store
        self._accepts = accepts
        self._speaks = speaks
        self._host = host
        self._hostname = hostname
        self._limits = limits
        self._now = now
        self._peers = Peers(limits.peers, now)
        self.port = port
        self._listener = Listener(self._begin, host=host, port=port, name=f"{speaks} server")

    def start(self) -> str:
        """Listen, and return where: `lmtp at 127.0.0.1:2424`. Raises ConfigError."""
        self.port = self._listener.start()
        return f"{self._speaks} at {self._host}:{self.port}"

    def stop(self) -> None:
        """Stop to listen and end every connection; what was not acknowledged is sent again."""
        self._listener.stop()

    def _begin(self, listener: Listener) -> asyncio.BaseProtocol:
        return _Door(self._peers, lambda peer: self._converse(peer, listener))

    def _converse(self, peer: str, listener: Listener) -> Dialogue:
        reception = Reception(
            self._store,
            self._accepts,
            self._now,
            self._peers,
            peer,
            self._hostname,
            self._limits.recipients,
        )
        kind = LocalDialogue if self._speaks is SpokenProtocol.LMTP else Dialogue
        dialogue = kind(reception, self._limits.message_bytes)
        listener.end_with(dialogue)
        return dialogue


class _Door(asyncio.Protocol):
    """Looks at who comes in, then hands over, or sends away."""

    def __init__(self, peers: Peers, converse: Callable[[str], Dialogue]) -> None:
        self._peers = peers
        self._converse = converse
        self._peer = ""
        self._dialogue: Dialogue | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the peer."""
        self._peer = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._peers.admit(self._peer):
            if isinstance(transport, asyncio.WriteTransport):
                transport.write(f"{BUSY}\r\n".encode())
                transport.close()
            return
        self._dialogue = self._converse(self._peer)
        self._dialogue.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Hand on."""
        if self._dialogue:
            self._dialogue.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand on."""
        return self._dialogue.eof_received() if self._dialogue else None

    def pause_writing(self) -> None:
        """Hand on."""
        if self._dialogue:
            self._dialogue.pause_writing()

    def resume_writing(self) -> None:
        """Hand on."""
        if self._dialogue:
            self._dialogue.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand on, and count that the peer left."""
        if self._dialogue:
            self._peers.leave(self._peer)
            self._dialogue.connection_lost(exc)
