"""The way to a relay: its addresses raced against each other, or its socket, and TLS from the start."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from itertools import chain, groupby, zip_longest
from typing import Final

from newsletter.transports.smtp.relay import Relay, Tls
from newsletter.transports.smtp.wire import Wire, WireError

HEAD_START_S: Final = 0.25
"""RFC 8305 section 5: how long an address may stay silent before the next is tried beside it."""

Address = tuple[socket.AddressFamily, tuple[str | int | bytes, ...]]


async def connect(relay: Relay, context: ssl.SSLContext | None, limit: timedelta) -> Wire:
    """Open a connection, encrypted from the first octet where the relay is a `tls` one.

    `context` None: the system's trust. Raises WireError with a text for the operator.
    """
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await _open(relay, context, limit)
    except TimeoutError:
        seconds = f"{limit.total_seconds():g}"
        raise WireError(f"no connection to {relay.name} within {seconds} s") from None
    except (OSError, UnicodeError) as error:
        raise WireError(f"no connection to {relay.name}: {explain(error)}") from error


async def _open(relay: Relay, context: ssl.SSLContext | None, limit: timedelta) -> Wire:
    loop = asyncio.get_running_loop()
    if relay.socket_path:
        _, wire = await loop.create_unix_connection(Wire, str(relay.socket_path))
        return wire
    connected = await dial(relay.host, relay.port)
    is_encrypted = relay.tls is Tls.TLS
    try:
        _, wire = await loop.create_connection(
            Wire,
            sock=connected,
            ssl=(context or system_trust()) if is_encrypted else None,
            server_hostname=relay.host if is_encrypted else None,
            ssl_handshake_timeout=limit.total_seconds() if is_encrypted else None,
        )
    except BaseException:  # whatever stops us, cancellation too, must not leave it open
        connected.close()
        raise
    return wire


@cache
def system_trust() -> ssl.SSLContext:
    """Return the one context of this process that trusts what the system trusts: it is costly to make."""
    return ssl.create_default_context()


async def dial(host: str, port: int) -> socket.socket:
    """Return a socket connected to the first address of `host` that answers (RFC 8305).

    The families take turns, and each address has a head start over the next, so that a dead IPv6
    route costs a moment and not the whole limit. asyncio does the same, uvloop does not. Raises
    OSError.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return await race(in_turns([(entry[0], entry[4]) for entry in found]))


def in_turns(addresses: Sequence[Address]) -> list[Address]:
    """Let the families of `addresses` take turns, beginning with the first (RFC 8305 section 4)."""
    families = {family: None for family, _ in addresses}
    ordered = sorted(addresses, key=lambda one: tuple(families).index(one[0]))
    lanes = [list(lane) for _, lane in groupby(ordered, key=lambda one: one[0])]
    return [one for one in chain.from_iterable(zip_longest(*lanes)) if one]


async def race(addresses: Sequence[Address], head_start_s: float = HEAD_START_S) -> socket.socket:
    """Return the first socket that connects; the others are closed. Raises OSError when none does."""
    running: set[asyncio.Task[socket.socket]] = set()
    errors: list[OSError] = []
    waiting = list(reversed(addresses))
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.create_task(_connect(*waiting.pop())))
            patience = head_start_s if waiting else None
            done, _ = await asyncio.wait(
                running, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                error = task.exception()
                if error is None:
                    running.discard(task)
                    return task.result()
                running.discard(task)
                if not isinstance(error, OSError):
                    raise error
                errors.append(error)
    finally:
        for task in running:
            task.cancel()
            task.add_done_callback(_close)
    refused = (error for error in errors if isinstance(error, ConnectionRefusedError))
    raise next(refused, errors[0] if errors else OSError("the name has no address"))


async def _connect(
    family: socket.AddressFamily, address: tuple[str | int | bytes, ...]
) -> socket.socket:
    # asyncio turns off Nagle's delay only where the protocol is named.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setblocking(False)  # noqa: FBT003 - the standard library's signature
        await asyncio.get_running_loop().sock_connect(made, address)
    except BaseException:  # cancellation too: another address was faster
        made.close()
        raise
    return made


def _close(late: "asyncio.Task[socket.socket]") -> None:
    """Close the socket of an address that answered just as another had won."""
    if not late.cancelled() and late.exception() is None:
        late.result().close()


def explain(error: OSError | UnicodeError) -> str:
    """Say in one phrase why a connection could not be made or encrypted."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS failed: {error.reason or error}"
        case ConnectionRefusedError():
            return "refused; is a server listening there?"
        case OSError():
            return error.strerror or str(error) or type(error).__name__
        case _:
            return "this is no host name"
