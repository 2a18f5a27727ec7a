"""The transport that hands envelopes to one relay over SMTP or LMTP."""

import ssl
from dataclasses import replace
from typing import Final

from newsletter.errors import ConfigError
from newsletter.model import Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import BeginData
from newsletter.transports.smtp.handshake import RefusedError
from newsletter.transports.smtp.pool import Pool
from newsletter.transports.smtp.relay import Relay, Timeouts
from newsletter.transports.smtp.replies import SERVICE_CLOSING
from newsletter.transports.smtp.session import Session
from newsletter.transports.smtp.transaction import transact
from newsletter.transports.smtp.wording import check

DEFAULT_CONNECTIONS: Final = 10


class SmtpTransport:
    """Implements `ports.Transport` for one relay, within one event loop between two `close`."""

    def __init__(
        self,
        relay: Relay,
        *,
        connections: int = DEFAULT_CONNECTIONS,
        timeouts: Timeouts | None = None,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """`tls_context` is for a relay with a certificate of its own; None: the system's trust."""
        if connections < 1:
            raise ConfigError(f"relay {relay.name}: connections must be at least 1")
        self._name = relay.name
        self._timeouts = timeouts or Timeouts()
        self._pool = Pool(relay, self._timeouts, connections, tls_context)

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        """Hand one envelope over and say what came of it.

        Raises MessageError, before a word is said, for an envelope that could smuggle commands.
        """
        check(envelope)
        async with self._pool.turn():
            try:
                receipt = await self._converse(envelope, begin_data)
            except RefusedError as error:
                receipt = error.receipt
        return replace(receipt, relay=self._name)

    async def close(self) -> None:
        """End all connections politely; a later `deliver` opens new ones."""
        await self._pool.close()

    async def _converse(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        session = self._pool.take() or await self._pool.open()
        receipt = await self._try(session, envelope, begin_data)
        if session.deliveries > 1 and _was_stale(receipt):
            session = await self._pool.open()
            receipt = await self._try(session, envelope, begin_data)
        return receipt

    async def _try(self, session: Session, envelope: Envelope, begin_data: BeginData) -> Receipt:
        session.deliveries += 1
        receipt = await transact(session, envelope, begin_data, self._timeouts)
        self._pool.give(session)
        return receipt


def _was_stale(receipt: Receipt) -> bool:
    """Whether the server had closed the session while nobody used it.

    It then hangs up, or says 421, in place of its reply to MAIL: nothing was taken.
    """
    is_early = receipt.kind is ReceiptKind.DEFERRED and receipt.phase is SmtpPhase.MAIL
    return is_early and receipt.code in {0, SERVICE_CLOSING}
