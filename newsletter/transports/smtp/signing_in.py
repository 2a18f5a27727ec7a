"""AUTH (RFC 4954): prove to a relay who we are, with a password or an access token."""

import base64
from typing import Final

from newsletter.errors import ConfigError
from newsletter.model import SmtpPhase
from newsletter.transports.smtp.relay import Mechanism, Relay, Timeouts
from newsletter.transports.smtp.replies import Reply
from newsletter.transports.smtp.session import Session
from newsletter.transports.smtp.wire import WireError

CHALLENGE: Final = 334
MAX_COMMAND_OCTETS: Final = 512
"""RFC 5321 section 4.5.3.1.4. What is longer waits for a challenge (RFC 4954 section 4)."""


async def sign_in(session: Session, relay: Relay, timeouts: Timeouts) -> Reply:
    """Return the server's last word. Raises WireError when we have nothing that it asks for."""
    session.phase = SmtpPhase.AUTH
    mechanism = _choose(relay, session.extensions.get("AUTH", "").split())
    if mechanism is Mechanism.LOGIN:
        return await _log_in(session, relay, timeouts)
    proof = _proof(mechanism, relay)
    command = b"AUTH " + mechanism.value.upper().encode()
    if len(command) + len(proof) + len(b" \r\n") <= MAX_COMMAND_OCTETS:
        reply = await session.ask(SmtpPhase.AUTH, command + b" " + proof, timeouts.command)
    else:
        reply = await session.ask(SmtpPhase.AUTH, command, timeouts.command)
        if reply.code != CHALLENGE:
            return reply
        reply = await session.ask(SmtpPhase.AUTH, proof, timeouts.command)
    if reply.code == CHALLENGE:  # XOAUTH2 gives its reasons first and its refusal after our consent
        reply = await session.ask(SmtpPhase.AUTH, b"", timeouts.command)
    return reply


def _choose(relay: Relay, offered: list[str]) -> Mechanism:
    wanted = [relay.mechanism] if relay.mechanism else _usual(relay)
    for mechanism in wanted:
        if mechanism.value.upper() in offered:
            return mechanism
    names = " nor ".join(f"AUTH {mechanism.value.upper()}" for mechanism in wanted)
    neither = "neither " if len(wanted) > 1 else "no "
    raise WireError(f"the relay offers {neither}{names}")


def _usual(relay: Relay) -> list[Mechanism]:
    if relay.read_token is not None:
        return [Mechanism.XOAUTH2]
    return [Mechanism.PLAIN, Mechanism.LOGIN]


def _proof(mechanism: Mechanism, relay: Relay) -> bytes:
    if mechanism is Mechanism.PLAIN:
        return _base64(f"\0{relay.username}\0{relay.password}")
    return _base64(f"user={relay.username}\x01auth=Bearer {_token(relay)}\x01\x01")


def _token(relay: Relay) -> str:
    assert relay.read_token is not None  # noqa: S101 - a relay is not made otherwise
    try:
        return relay.read_token()
    except ConfigError as error:
        raise WireError(str(error)) from error


async def _log_in(session: Session, relay: Relay, timeouts: Timeouts) -> Reply:
    reply = await session.ask(SmtpPhase.AUTH, b"AUTH LOGIN", timeouts.command)
    for answer in (relay.username, relay.password):
        if reply.code != CHALLENGE:
            return reply
        reply = await session.ask(SmtpPhase.AUTH, _base64(answer or ""), timeouts.command)
    return reply


def _base64(text: str) -> bytes:
    return base64.b64encode(text.encode())
