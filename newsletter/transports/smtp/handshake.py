"""From a relay to a session that may send: connect, greet, encrypt, sign in."""

import base64
import ssl
from typing import Final

from newsletter.model import Receipt, ReceiptKind, SmtpPhase
from newsletter.rules.retry import classify
from newsletter.transports.smtp.relay import Relay, Timeouts, Tls
from newsletter.transports.smtp.replies import Reply
from newsletter.transports.smtp.session import Session, address_literal, connect, explain
from newsletter.transports.smtp.wire import WireError

SIGNED_IN: Final = 235
CHALLENGE: Final = 334


class RefusedError(Exception):
    """The relay did not let us in; `receipt` says how. Never leaves this package."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(str(receipt))
        self.receipt = receipt


async def open_session(relay: Relay, timeouts: Timeouts, context: ssl.SSLContext) -> Session:
    """Return a session ready for mail. Raises RefusedError with a receipt of the phase."""
    session = await _connect(relay, timeouts, context)
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


async def _connect(relay: Relay, timeouts: Timeouts, context: ssl.SSLContext) -> Session:
    is_encrypted = relay.tls is Tls.TLS
    try:
        wire = await connect(
            relay.host, relay.port, context if is_encrypted else None, timeouts.connect
        )
    except WireError as error:
        raise RefusedError(postpone(SmtpPhase.CONNECT, str(error))) from error
    return Session(wire, is_encrypted=is_encrypted)


async def _introduce(
    session: Session, relay: Relay, timeouts: Timeouts, context: ssl.SSLContext
) -> None:
    name = (relay.helo_name or "").encode("ascii") or address_literal(session.wire.local_host)
    _require(session, await session.listen(SmtpPhase.GREETING, timeouts.greeting))
    _require(session, await session.greet(name, timeouts.command))
    if relay.tls is Tls.STARTTLS:
        await _start_tls(session, relay, timeouts, context)
        _require(session, await session.greet(name, timeouts.command))
    if relay.username is not None and relay.password is not None:
        await _sign_in(session, relay.username, relay.password, timeouts)


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


async def _sign_in(session: Session, username: str, password: str, timeouts: Timeouts) -> None:
    """Prove who we are with PLAIN (RFC 4616), else with LOGIN."""
    session.phase = SmtpPhase.AUTH
    offered = session.extensions.get("AUTH", "").split()
    if "PLAIN" in offered:
        token = _base64(f"\0{username}\0{password}")
        reply = await session.ask(SmtpPhase.AUTH, b"AUTH PLAIN " + token, timeouts.command)
    elif "LOGIN" in offered:
        reply = await _log_in(session, (username, password), timeouts)
    else:
        message = "the relay offers neither AUTH PLAIN nor AUTH LOGIN"
        raise WireError(message)
    if reply.code != SIGNED_IN:
        raise RefusedError(judge(SmtpPhase.AUTH, reply))


async def _log_in(session: Session, answers: tuple[str, str], timeouts: Timeouts) -> Reply:
    reply = await session.ask(SmtpPhase.AUTH, b"AUTH LOGIN", timeouts.command)
    for answer in answers:
        if reply.code != CHALLENGE:
            return reply
        reply = await session.ask(SmtpPhase.AUTH, _base64(answer), timeouts.command)
    return reply


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


def _base64(text: str) -> bytes:
    return base64.b64encode(text.encode())
