"""From a relay to a session that may send: connect, greet, encrypt, sign in."""

import ssl
from typing import Final

from newsletter.model import Receipt, ReceiptKind, SmtpPhase
from newsletter.rules.retry import classify
from newsletter.transports.smtp.connecting import connect, explain, system_trust
from newsletter.transports.smtp.relay import Protocol, Relay, Timeouts, Tls
from newsletter.transports.smtp.replies import Reply
from newsletter.transports.smtp.session import Session, address_literal
from newsletter.transports.smtp.signing_in import sign_in
from newsletter.transports.smtp.wire import WireError

SIGNED_IN: Final = 235


class RefusedError(Exception):
    """The relay did not let us in; `receipt` says how. Never leaves this package."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(str(receipt))
        self.receipt = receipt


async def open_session(relay: Relay, timeouts: Timeouts, context: ssl.SSLContext | None) -> Session:
    """Return a session ready for mail. Raises RefusedError with a receipt of the phase.

    `context` None: the system's trust.
    """
    try:
        wire = await connect(relay, context, timeouts.connect)
    except WireError as error:
        raise RefusedError(postpone(SmtpPhase.CONNECT, str(error))) from error
    session = Session(wire, is_lmtp=relay.protocol is Protocol.LMTP)
    try:
        await _introduce(session, relay, timeouts, context)
    except WireError as error:
        session.wire.abort()
        raise RefusedError(postpone(session.phase, str(error))) from error
    except BaseException:  # whatever stops us, cancellation too, must not leave a connection open
        session.wire.abort()
        raise
    return session


def postpone(phase: SmtpPhase, text: str) -> Receipt:
    """Return the receipt for trouble that has nothing to do with the message."""
    return Receipt(ReceiptKind.DEFERRED, phase, text=text)


async def _introduce(
    session: Session, relay: Relay, timeouts: Timeouts, context: ssl.SSLContext | None
) -> None:
    name = (relay.helo_name or "").encode("ascii") or address_literal(session.wire.local_host)
    _require(session, await session.listen(SmtpPhase.GREETING, timeouts.greeting))
    _require(session, await session.greet(name, timeouts.command))
    if relay.tls is Tls.STARTTLS:
        await _start_tls(session, relay, timeouts, context or system_trust())
        _require(session, await session.greet(name, timeouts.command))
    if relay.username is not None:
        reply = await sign_in(session, relay, timeouts)
        if reply.code != SIGNED_IN:
            raise RefusedError(judge(SmtpPhase.AUTH, reply))


async def _start_tls(
    session: Session, relay: Relay, timeouts: Timeouts, context: ssl.SSLContext
) -> None:
    session.phase = SmtpPhase.STARTTLS
    if "STARTTLS" not in session.extensions:
        raise WireError(f"{relay.name} offers no STARTTLS; nothing is sent in the clear instead")
    _require(session, await session.ask(SmtpPhase.STARTTLS, b"STARTTLS", timeouts.command))
    try:
        await session.encrypt(context, relay.host, timeouts.connect)
    except OSError as error:
        raise WireError(f"{relay.name}: {explain(error)}") from error


def judge(phase: SmtpPhase, reply: Reply) -> Receipt:
    """Return the receipt for a reply that is not the one we hoped for.

    One that neither agrees nor refuses here means that the server lost the thread.
    """
    if reply.is_positive or reply.is_intermediate:
        text = f"unexpected reply {reply.code} {reply.text}".rstrip()
        return postpone(phase, text)
    return classify(phase, reply.code, reply.text)


def _require(session: Session, reply: Reply) -> None:
    if not reply.is_positive:
        raise RefusedError(judge(session.phase, reply))
