"""A server on this machine that sends exactly the octets it is told, and the time that tests live in."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from newsletter.model import Ask, Manners, Page, PullOrder, PullStep
from newsletter.ports import Paces, Visit
from newsletter.sources import Machine, PoliteWeb
from newsletter.testing.paces import MemoryPaces

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AGENT = "newsletter/9.9 (+https://news.example.org; mailto:ed@example.org)"

Script = bytes | Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", **fields: str) -> bytes:
    """Return an answer with its length; `fields` are named with `_` for `-`."""
    named = {name.replace("_", "-").lower(): value for name, value in fields.items()}
    lines = [
        f"{name}: {value}" for name, value in {"content-length": str(len(body)), **named}.items()
    ]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


@dataclass
class RawServer:
    """Answers each path with its scripts, the last one for ever; `heads` are the requests as sent."""

    port: int
    scripts: dict[str, list[Script]] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    greeting: bytes = b""
    connections: int = 0
    open_now: int = 0
    most_open: int = 0

    def put(self, path: str, *scripts: Script) -> str:
        self.scripts[path] = list(scripts)
        return self.url(path)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def fields(self, number: int = -1) -> Mapping[str, str]:
        lines = self.heads[number].split("\r\n")[1:]
        return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}

    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.heads]

    def serve(self, connected: socket.socket) -> None:
        self.connections += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            connected.sendall(self.greeting)
            while request := _read_request(connected):
                head, body = request
                self.heads.append(head)
                self.bodies.append(body)
                scripts = self.scripts.get(head.split(" ")[1], [answer(status="404 Not Found")])
                script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
                if callable(script):
                    script(connected)
                    return
                connected.sendall(script)
        except OSError:
            pass  # the client had enough
        finally:
            self.open_now -= 1


def _read_request(connected: socket.socket) -> tuple[str, bytes] | None:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connected.recv(65_536)
        if not piece:
            return None
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    length = next(
        (
            int(line[15:])
            for line in text.split("\r\n")
            if line.lower().startswith("content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connected.recv(65_536)
    return text, body


@contextmanager
def raw_server(tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Run a server on a free port."""
    state = RawServer(0)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connected = self.request
            try:
                if tls:
                    connected = tls.wrap_socket(connected, server_side=True)
                state.serve(connected)
            except OSError:
                pass  # the client did not trust us
            finally:
                connected.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


class TestTime:
    """Time that passes only while somebody sleeps; `slept` are the waits, in seconds."""

    __test__ = False

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.passed_s += seconds


@dataclass
class Surf:
    """A web in a time of its own, and the steps it told."""

    time: TestTime = field(default_factory=TestTime)
    paces: Paces = field(default_factory=MemoryPaces)
    steps: list[PullStep] = field(default_factory=list)
    allow: Iterable[str] = ("127.0.0.1",)
    chance: float = 0.0

    def web(self) -> PoliteWeb:
        machine = Machine(
            now=self.time.now,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            chance=lambda: self.chance,
        )
        return PoliteWeb(self.paces, AGENT, allow=self.allow, machine=machine)

    @contextmanager
    def visit(self, manners: Manners | None = None) -> Iterator[Visit]:
        order = PullOrder(NOW, on_step=self.steps.append)
        with self.web().visit(manners or Manners("pace"), order) as visit:
            yield visit

    def fetch(self, ask: Ask | str, manners: Manners | None = None) -> Page:
        with self.visit(manners) as visit:
            return visit.fetch(ask if isinstance(ask, Ask) else Ask(ask))

    def told(self) -> list[str]:
        return [step.text for step in self.steps]
