"""The polite client and servers that drip, lie, break off or send far too much."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from newsletter.errors import BusyError, FetchError, OutOfTimeError
from newsletter.model import Ask, Manners, PullOrder
from newsletter.sources import Machine, PoliteWeb
from newsletter.testing.paces import MemoryPaces
from tests.sources.raw_server import NOW, RawServer, Surf, raw_server

SHORT = Manners("pace", interval=timedelta(0), deadline=timedelta(seconds=0.25))
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture
def surf() -> Surf:
    return Surf()


def fetch_in_real_time(url: str, manners: Manners = SHORT, machine: Machine | None = None) -> None:
    web = PoliteWeb(MemoryPaces(), "test", allow=["127.0.0.1"], machine=machine or Machine())
    with web.visit(manners, PullOrder(NOW)) as visit:
        visit.fetch(Ask(url))


def drip(octets: bytes) -> Callable[[socket.socket], None]:
    def send(connected: socket.socket) -> None:
        for octet in octets:
            connected.sendall(bytes([octet]))
            time.sleep(0.02)  # what is tested is real time, a quarter of a second of it

    return send


def fall_silent(connected: socket.socket) -> None:
    connected.recv(1)


def drip_the_body(connected: socket.socket) -> None:
    connected.sendall(HEAD)
    drip(b"x" * 900)(connected)


def fall_silent_after_headers(connected: socket.socket) -> None:
    connected.sendall(HEAD)
    connected.recv(1)


@pytest.mark.parametrize(
    "script",
    [
        drip(HEAD * 20),
        drip(b"HTTP/1.1 103 Early\r\n\r\n" * 100),
        drip_the_body,
        fall_silent,
        fall_silent_after_headers,
    ],
    ids=["headers drip", "early hints drip", "the body drips", "silence", "silence after headers"],
)
def test_a_slow_answer_ends_at_the_deadline(
    server: RawServer, script: Callable[[socket.socket], None]
) -> None:
    url = server.put("/", script)
    begun = time.monotonic()
    with pytest.raises(OutOfTimeError, match=f"{url}: no whole answer within 0.25 s"):
        fetch_in_real_time(url)
    assert time.monotonic() - begun < 2


def test_a_server_that_does_not_read_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        web = PoliteWeb(MemoryPaces(), "test", allow=["127.0.0.1"])
        with (
            web.visit(SHORT, PullOrder(NOW)) as visit,
            pytest.raises(OutOfTimeError),
        ):
            visit.fetch(Ask(f"http://127.0.0.1:{port}/", body=b"x" * 30_000_000))


def test_a_name_that_is_not_found_in_time_ends_at_the_deadline() -> None:
    found = threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        found.wait(5)
        return []

    begun = time.monotonic()
    with pytest.raises(OutOfTimeError, match=r"http://slow.example/: no whole answer"):
        fetch_in_real_time("http://slow.example/", machine=Machine(resolve=resolve))
    assert time.monotonic() - begun < 2
    found.set()


def test_a_server_that_ends_while_it_is_told_something_is_an_error(surf: Surf) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hasty:

        def hang_up() -> None:
            hasty.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        port = hasty.getsockname()[1]
        with pytest.raises(FetchError, match=r"broke off|breaks HTTP"):
            surf.fetch(Ask(f"http://127.0.0.1:{port}/", body=b"x" * 30_000_000))
        thread.join()


def test_a_system_that_gives_up_before_the_deadline_is_an_error() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise TimeoutError(110, "Connection timed out")

    with pytest.raises(FetchError, match="no answer; the connection timed out") as caught:
        fetch_in_real_time("http://slow.example/", Manners("pace"), Machine(resolve=resolve))
    assert not isinstance(caught.value, OutOfTimeError)


@pytest.mark.parametrize(
    ("sent", "fact"),
    [
        (b"", "breaks HTTP: Server disconnected"),
        (b"\x16\x03\x01\r\n\r\n", "breaks HTTP"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "breaks HTTP: illegal status line"),
        (b"HTTP/1.1 abc\r\n\r\n", "breaks HTTP"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "breaks HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-len", "breaks HTTP"),
        (HEAD + b"half", "breaks HTTP: peer closed connection"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", "conflicting"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello", "breaks HTTP"),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "incomplete chunked",
        ),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "breaks HTTP"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n", "breaks HTTP"),
    ],
)
def test_what_is_no_whole_answer_is_an_error(
    server: RawServer, surf: Surf, sent: bytes, fact: str
) -> None:
    url = server.put("/", lambda connected: connected.sendall(sent))
    with pytest.raises(FetchError, match=fact) as caught:
        surf.fetch(url)
    assert not isinstance(caught.value, OutOfTimeError | BusyError)
    assert str(caught.value).startswith(url)
    assert len(str(caught.value)) < 400


def test_an_answer_without_length_ends_with_the_connection(server: RawServer, surf: Surf) -> None:
    plain = b"HTTP/1.0 200 OK\r\n\r\nall of it"
    url = server.put("/", lambda connected: connected.sendall(plain))
    assert surf.fetch(url).body == b"all of it"


def test_a_reset_connection_is_an_error(server: RawServer, surf: Surf) -> None:
    def reset(connected: socket.socket) -> None:
        linger_not = (1).to_bytes(4, sys.byteorder) + (0).to_bytes(4, sys.byteorder)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
        connected.close()

    with pytest.raises(FetchError, match="the connection broke off"):
        surf.fetch(server.put("/", reset))


def test_nobody_at_home_is_an_error(surf: Surf) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match=r"no connection \(127.0.0.1: Connection refused\)"):
        surf.fetch(f"http://127.0.0.1:{port}/")


def test_thousands_of_headers_are_refused(server: RawServer, surf: Surf) -> None:
    many = "".join(f"x-{number}: y\r\n" for number in range(3_000))
    url = server.put("/", f"HTTP/1.1 200 OK\r\n{many}\r\n".encode())
    with pytest.raises(FetchError, match="answers with 3000 header fields; 200 are read"):
        surf.fetch(url)


def test_headers_without_end_are_refused(server: RawServer, surf: Surf) -> None:
    def send(connected: socket.socket) -> None:
        connected.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(10_000):
            connected.sendall(b"x-long: " + b"y" * 1_000 + b"\r\n")

    with pytest.raises(FetchError, match="breaks HTTP"):
        surf.fetch(server.put("/", send))


def test_early_hints_without_end_are_refused(server: RawServer, surf: Surf) -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nx: " + b"y" * 60_000 + b"\r\n\r\n"

    def send(connected: socket.socket) -> None:
        for _ in range(10_000):
            connected.sendall(hint)

    with pytest.raises(FetchError, match="more octets than its answer needs"):
        surf.fetch(server.put("/", send), Manners("pace", most_bytes=1_000))


def test_a_body_that_says_it_is_too_large_is_not_begun(server: RawServer, surf: Surf) -> None:
    url = server.put("/", b"HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n")
    with pytest.raises(FetchError, match="larger than 20,971,520 bytes"):
        surf.fetch(url)


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_that_does_not_say_so_ends_at_the_limit(
    server: RawServer, surf: Surf, *, is_chunked: bool
) -> None:
    piece = b"z" * 65_536
    sent = 0

    def send(connected: socket.socket) -> None:
        nonlocal sent
        coding = b"transfer-encoding: chunked\r\n" if is_chunked else b""
        connected.sendall(b"HTTP/1.1 200 OK\r\n" + coding + b"\r\n")
        for _ in range(800):
            connected.sendall(b"10000\r\n" + piece + b"\r\n" if is_chunked else piece)
            sent += len(piece)

    with pytest.raises(FetchError, match="larger than 1,000,000 bytes"):
        surf.fetch(server.put("/", send), Manners("pace", most_bytes=1_000_000))
    assert sent < 30_000_000
