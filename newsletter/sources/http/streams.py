"""Connections that end with the visit: each octet read or written is within its deadline."""

import selectors
import socket
import ssl
from collections.abc import Iterable, Sequence
from typing import Any, Final

import httpcore

from newsletter.errors import FetchError
from newsletter.rules.fetching import AGAIN
from newsletter.sources.http.countdown import Countdown
from newsletter.sources.http.guard import allowed_addresses
from newsletter.sources.http.machine import Machine

_LONGEST_DIALING_S: Final = 10
"""For one address, since another one may be near; and for agreeing on keys."""


class Meter:
    """Counts the octets of one answer as they come over the line, before anything is decoded."""

    def __init__(self) -> None:
        self._left = 0

    def start(self, most_bytes: int) -> None:
        """Begin with a new answer."""
        self._left = most_bytes

    def count(self, size_bytes: int) -> None:
        """Count what came; raises FetchError when it is more than any answer needs."""
        self._left -= size_bytes
        if self._left < 0:
            message = "sends more octets than its answer needs"
            raise FetchError(message)


class Stream(httpcore.NetworkStream):
    """A connection under a deadline. Raises TimeoutError there, and the errors of httpcore."""

    def __init__(self, connected: socket.socket, countdown: Countdown, meter: Meter) -> None:
        self._socket = connected
        self._countdown = countdown
        self._meter = meter

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline counts
        """Return some octets, none at the end."""
        try:
            self._socket.settimeout(self._countdown.timeout_s())
            data = self._socket.recv(max_bytes)
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore.ReadError(fact_of(error)) from error
        self._meter.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline counts
        """Send all octets."""
        if not buffer:  # to send nothing would use up the error that the next read should tell
            return
        try:
            self._socket.settimeout(self._countdown.timeout_s())
            self._socket.sendall(buffer)
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore.WriteError(fact_of(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
    ) -> httpcore.NetworkStream:
        """Return the same connection, encrypted; `server_hostname` is who the server has to be."""
        try:
            self._socket.settimeout(self._countdown.timeout_s(_LONGEST_DIALING_S))
            wrapped = ssl_context.wrap_socket(
                self._socket,
                server_hostname=server_hostname,
                # Who cuts the line must not pass for a server that has said all (RFC 9112 9.8).
                suppress_ragged_eofs=False,
            )
        except BaseException as error:
            self.close()
            if isinstance(error, OSError) and not isinstance(error, TimeoutError):
                raise FetchError(
                    f"no encrypted connection: {fact_of(error)}", remedy=AGAIN
                ) from error
            raise
        return Stream(wrapped, self._countdown, self._meter)

    def get_extra_info(self, info: str) -> Any:
        """Say whether something can be read: on a connection at rest that is its end."""
        if info != "is_readable":
            return None
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(0))


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and to exactly those: no name is looked up twice."""

    def __init__(
        self, machine: Machine, allow: frozenset[str], countdown: Countdown, meter: Meter
    ) -> None:
        self._machine = machine
        self._allow = allow
        self._countdown = countdown
        self._meter = meter

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
        local_address: str | None = None,  # noqa: ARG002 - never asked for
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never asked for
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address of `host` that answers.

        Raises FetchError, and TimeoutError at the deadline.
        """
        look_up = self._machine.resolve
        found = allowed_addresses(host, port, self._allow, look_up, self._countdown)
        connected = self._first_of(found, port)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Stream(connected, self._countdown, self._meter)

    def _first_of(self, addresses: Sequence[str], port: int) -> socket.socket:
        trouble: list[str] = []
        for address in addresses:
            patience_s = self._countdown.timeout_s(_LONGEST_DIALING_S)
            try:
                return self._machine.dial(address, port, patience_s)
            except TimeoutError:
                trouble.append(f"{address} does not answer")
            except OSError as error:
                trouble.append(f"{address}: {fact_of(error)}")
        self._countdown.timeout_s()
        fact = f"no connection ({'; '.join(trouble[:3]) or 'no address'})"
        raise FetchError(fact, remedy=AGAIN)


def fact_of(error: OSError) -> str:
    """Return what went wrong, in the words of the system."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused ({error.verify_message})"
    return error.strerror or str(error) or type(error).__name__
