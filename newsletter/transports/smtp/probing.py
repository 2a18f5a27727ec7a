"""Try a relay without sending anything: find it, connect, greet, encrypt, sign in, leave."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from newsletter.model import Receipt, SmtpPhase
from newsletter.transports.smtp.handshake import RefusedError, open_session
from newsletter.transports.smtp.relay import Relay, Timeouts, Tls


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """One step of the way in, and what was seen or said there."""

    name: str
    is_well: bool
    words: str


async def probe(
    relay: Relay, timeouts: Timeouts, context: ssl.SSLContext | None = None
) -> tuple[ProbeStep, ...]:
    """Return the steps as far as they went; the last one has failed, or all are well.

    `context` is for a relay with a certificate of its own; None: the system's trust.
    """
    found = await _resolve(relay)
    if not found.is_well:
        return (found,)
    try:
        session = await open_session(relay, timeouts, context)
    except RefusedError as error:
        return (found, *_steps_to(relay, error.receipt))
    extensions = ", ".join(sorted(session.extensions))
    await session.quit(timeouts.quit)
    well = tuple(ProbeStep(phase, is_well=True, words="") for phase in _phases(relay))
    offers = ProbeStep("offers", is_well=True, words=extensions or "no extension")
    return (found, *well, offers)


def _steps_to(relay: Relay, receipt: Receipt) -> Iterator[ProbeStep]:
    for phase in takewhile(lambda phase: phase is not receipt.phase, _phases(relay)):
        yield ProbeStep(phase, is_well=True, words="")
    said = " ".join(part for part in (str(receipt.code or ""), receipt.text) if part)
    yield ProbeStep(receipt.phase, is_well=False, words=said)


async def _resolve(relay: Relay) -> ProbeStep:
    if relay.socket_path:
        return ProbeStep("name", is_well=True, words=relay.name)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(relay.host, relay.port, type=socket.SOCK_STREAM)
    except OSError as error:
        return ProbeStep("name", is_well=False, words=f"{relay.host}: {error.strerror or error}")
    addresses = sorted({str(entry[4][0]) for entry in found})
    return ProbeStep("name", is_well=True, words=", ".join(addresses))


def _phases(relay: Relay) -> Iterator[SmtpPhase]:
    yield SmtpPhase.CONNECT
    yield SmtpPhase.GREETING
    yield SmtpPhase.EHLO
    if relay.tls is Tls.STARTTLS:
        yield SmtpPhase.STARTTLS
    if relay.username is not None:
        yield SmtpPhase.AUTH
