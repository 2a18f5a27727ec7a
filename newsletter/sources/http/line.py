"""The line to a server: one connection, one request at a time, and every error in our own words."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import httpcore

from newsletter.errors import FetchError, OutOfTimeError
from newsletter.rules.fetching import AGAIN, SLOW, Place
from newsletter.sources.http.bodies import read_body, refuse_larger
from newsletter.sources.http.countdown import Countdown
from newsletter.sources.http.fields import Fields, as_octets, as_text, first, joined
from newsletter.sources.http.machine import Machine
from newsletter.sources.http.streams import GuardedNetwork, Meter

_AROUND_A_BODY: Final = 1024 * 1024
_LONGEST_REMARK: Final = 200
_AT_ONCE_S: Final = 1.0
_WITHOUT_BODY: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to one place, which messages name as it is `told`. `body` None: a GET."""

    place: Place
    told: str
    fields: Fields
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is empty where it was not wanted."""

    status: int
    fields: Fields
    body: bytes = b""


class Line:
    """One connection at a time, for the length of a visit. No thread but its own may use it."""

    def __init__(
        self,
        countdown: Countdown,
        machine: Machine,
        allow: frozenset[str],
        trust: Callable[[], ssl.SSLContext],
    ) -> None:
        self._countdown = countdown
        self._meter = Meter()
        self._network = GuardedNetwork(machine, allow, countdown, self._meter)
        self._trust = trust
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def ask(self, request: Request, *, is_wanted: Callable[[int], bool], most_bytes: int) -> Answer:
        """Send one request and return its answer, with the body where its status is wanted.

        Raises OutOfTimeError at the deadline, FetchError for all else.
        """
        self._meter.start(2 * most_bytes + _AROUND_A_BODY)
        with self._explained(request.told):
            response = self._send(_as_sent(request))
            try:
                fields = as_text(response.headers)
                body = b""
                if is_wanted(response.status):
                    body = _body(response, fields, most_bytes)
                return Answer(response.status, fields, body)
            finally:
                response.close()

    def close(self) -> None:
        """Close the connection, if there is one. The next request opens another."""
        for pool in self._pools.values():
            pool.close()

    def _send(self, request: httpcore.Request) -> httpcore.Response:
        pool = self._pool(request.url.scheme.decode())
        origin = request.url.origin
        was_open = any(one.is_idle() and one.can_handle_request(origin) for one in pool.connections)
        try:
            return pool.handle_request(request)
        except (httpcore.RemoteProtocolError, httpcore.NetworkError):
            if not was_open or request.method != b"GET":
                raise
        # The server may have ended a connection at rest just as it was used again (RFC 9110 9.2.2).
        self.close()
        return pool.handle_request(request)

    def _pool(self, scheme: str) -> httpcore.ConnectionPool:
        """Return the means to connect, the other scheme's connection closed: one is enough."""
        for other in self._pools.keys() - {scheme}:
            self._pools[other].close()
        if scheme not in self._pools:
            self._pools[scheme] = httpcore.ConnectionPool(
                ssl_context=self._trust() if scheme == "https" else None,
                max_connections=1,
                network_backend=self._network,
            )
        return self._pools[scheme]

    @contextmanager
    def _explained(self, told: str) -> Iterator[None]:
        try:
            yield
        except FetchError as error:
            fact = f"{told}: {error.fact}"
            raise FetchError(fact, status=error.status, remedy=error.remedy) from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            if not self._countdown.is_over:
                fact = f"{told}: no answer; the connection timed out"
                raise FetchError(fact, remedy=AGAIN) from error
            fact = f"{told}: no whole answer within {self._countdown.limit.total_seconds():g} s"
            raise OutOfTimeError(fact, remedy=SLOW) from error
        except httpcore.RemoteProtocolError as error:
            fact = f"{told}: breaks HTTP: {str(error).rstrip('.')[:_LONGEST_REMARK]}"
            raise FetchError(fact, remedy=AGAIN) from error
        except httpcore.NetworkError as error:
            fact = f"{told}: the connection broke off: {error}"
            raise FetchError(fact, remedy=AGAIN) from error
        except httpcore.LocalProtocolError:  # its text may repeat a key
            raise FetchError(f"{told}: a header of the request cannot be sent") from None


def _as_sent(request: Request) -> httpcore.Request:
    place = request.place
    return httpcore.Request(
        "GET" if request.body is None else "POST",
        httpcore.URL(
            scheme=place.scheme.encode("ascii"),
            host=place.host.encode("ascii"),
            port=place.port,
            target=place.target.encode("ascii"),
        ),
        headers=as_octets(request.fields),
        content=request.body or b"",
        extensions={"timeout": {"pool": _AT_ONCE_S}},
    )


def _body(response: httpcore.Response, fields: Fields, most_bytes: int) -> bytes:
    if response.status in _WITHOUT_BODY:  # their fields speak of a body that does not come
        return b"".join(response.iter_stream())
    length = first(fields, "content-length") or ""
    if length.isascii() and length.isdigit():
        refuse_larger(int(length[:20]), most_bytes)
    return read_body(response.iter_stream(), joined(fields, "content-encoding") or "", most_bytes)
