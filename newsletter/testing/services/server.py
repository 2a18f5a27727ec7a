"""A local server that imitates the services research appears at."""

import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from socketserver import ThreadingTCPServer
from typing import Final, Self

from newsletter.ports import Clock
from newsletter.testing.clock import FakeClock
from newsletter.testing.services.answers import answer
from newsletter.testing.services.connection import Answered, Connection
from newsletter.testing.services.exchange import Call, Received, Reply, Service
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.mishaps import LOOPED_TO, MOVED_TO
from newsletter.testing.services.world import World, make_world

_HOST: Final = "127.0.0.1"
_MANNERS: Final = (Fault.HANG, Fault.RESET, Fault.BREAK_OFF, Fault.DRIP)
_WINDOW_S: Final = 300


@dataclass(frozen=True, slots=True)
class _Trouble:
    fault: Fault
    under: str
    left: int | None


class _Listener(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever breaks off a request knows why."""


class Services:
    """The services, on a loopback port chosen by the system, from `with` until its end.

    Their world is made around `now`, and their time stands still there unless told to `advance`.
    With `clock` it is the time of that clock instead. May be used from any thread.
    """

    def __init__(
        self, now: datetime | None = None, *, clock: Clock | None = None, pause_s: float = 0.02
    ) -> None:
        self._clock = clock or FakeClock((now or datetime.now(UTC)).astimezone(UTC))
        self.world: World = make_world(self._clock.now())
        self.pause_s = pause_s
        """Between two bytes of an answer that drips."""
        self._lock = threading.Lock()
        self._log: list[Received] = []
        self._troubles: dict[str, list[_Trouble]] = {}
        self._counts: Counter[tuple[str, int]] = Counter()
        self._sockets: list[socket.socket] = []
        self._stopping = threading.Event()
        self._listener: _Listener | None = None
        self._port = 0
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port listened at."""
        if not self._port:
            message = "the services are not started"
            raise RuntimeError(message)
        return self._port

    @property
    def requests(self) -> tuple[Received, ...]:
        """Every request so far, in the order in which they came."""
        with self._lock:
            return tuple(self._log)

    def requests_to(self, service: str, under: str = "") -> tuple[Received, ...]:
        """Return the requests to one service, of paths that begin with `under`."""
        return tuple(
            one for one in self.requests if one.service == service and one.path.startswith(under)
        )

    def base(self, service: str) -> str:
        """Return where a service is, for the `base` of a source; raises ValueError for no service."""
        return f"http://{_HOST}:{self.port}/{Service(service)}"

    def fault(
        self, service: str, fault: Fault, *, under: str = "", times: int | None = None
    ) -> None:
        """Let a service go wrong until `mend`, or for the next `times` requests.

        `under` confines it to paths that begin so, e.g. `/api/query`. Several faults add up.
        """
        with self._lock:
            self._troubles.setdefault(Service(service), []).append(_Trouble(fault, under, times))

    def mend(self, service: str | None = None) -> None:
        """Take all faults from one service, or from all."""
        with self._lock:
            for name in [service] if service else list(self._troubles):
                self._troubles.pop(name, None)

    def now(self) -> datetime:
        """Return the time of the server."""
        return self._clock.now()

    def advance(self, by: timedelta) -> datetime:
        """Let time pass and return the new moment; raises TypeError with a clock of one's own."""
        if not isinstance(self._clock, FakeClock):
            message = "this clock moves by itself"
            raise TypeError(message)
        return self._clock.move(by)

    def start(self) -> Self:
        """Begin to listen."""
        desk = type("_Desk", (Connection,), {"desk": lambda: self})
        self._listener = _Listener((_HOST, 0), desk)
        self._port = int(self._listener.server_address[1])
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), name="services", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End at once, whatever is in flight. Harmless when not started."""
        self._stopping.set()
        listener, self._listener = self._listener, None
        if listener is None or self._thread is None:
            return
        listener.shutdown()
        listener.server_close()
        self._thread.join()
        with self._lock:
            sockets = list(self._sockets)
        for one in sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        """Begin to listen."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """End at once."""
        self.stop()

    # What a connection asks for (`connection.Desk`).

    def open(self, connection: socket.socket) -> int:
        """Remember a connection and return its number."""
        with self._lock:
            self._sockets.append(connection)
            return len(self._sockets)

    def begin(self, received: Received) -> int:
        """Write a request into the log and return its place there."""
        with self._lock:
            self._log.append(received)
            return len(self._log) - 1

    def end(self, place: int, status: int | None) -> None:
        """Note that a request is done with."""
        with self._lock:
            self._log[place] = replace(self._log[place], ended_s=time.monotonic(), status=status)

    def wait(self) -> bool:
        """Let a pause pass; return whether to go on."""
        return not self._stopping.wait(self.pause_s)

    def answer(self, place: int) -> Answered:
        """Return the answer to the request at a place of the log."""
        with self._lock:
            received = self._log[place]
            if received.service not in set(Service):
                return Answered(Reply(404, b"no such service", "text/plain"))
            window = int(received.now.timestamp()) // _WINDOW_S
            self._counts[received.service, window] += 1
            count = self._counts[received.service, window]
            path = _plain(received.path)
            faults = self._faults(received.service, path)
        call = Call(
            received=received,
            path=path,
            url=f"http://{_HOST}:{self.port}/{received.service}",
            now=received.now,
            world=self.world,
            faults=faults,
            count=count,
        )
        manner = next((one for one in _MANNERS if one in faults), None)
        return Answered(answer(call), manner)

    def _faults(self, service: str, path: str) -> frozenset[Fault]:
        """Return the faults of a request, and count those that are for some requests only."""
        kept: list[_Trouble] = []
        met: set[Fault] = set()
        for trouble in self._troubles.get(service, ()):
            if path.startswith(trouble.under):
                met.add(trouble.fault)
                if trouble.left is not None:
                    trouble = replace(trouble, left=trouble.left - 1)  # noqa: PLW2901
            if trouble.left is None or trouble.left > 0:
                kept.append(trouble)
        self._troubles[service] = kept
        return frozenset(met)


def _plain(path: str) -> str:
    """Return the path without the mark of a redirect."""
    for mark in (MOVED_TO, LOOPED_TO):
        path = path.removeprefix(mark)
    return path or "/"
