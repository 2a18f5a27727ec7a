"""How fast messages leave: our SMTP client beside others, all to a sink in a process of its own.

    python -m benchmarks smtp

Distinct messages of 30 kB over ten connections, the ways in turn, so that a busy machine is busy for
all; the median of the rounds is printed, its ratio to the standard library's client, and the processor time
of the sender for each message, which a busy machine changes least. `smtp-source` and
`smtp-sink` (Debian package postfix) take part where they are installed: the first is the limit of a C program
that makes up no messages of its own, the second a faster sink. Nothing is rendered, signed or recorded.
"""

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import smtplib
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from statistics import median
from typing import Final, cast

from newsletter.model import EmailAddress, Envelope, ReceiptKind
from newsletter.transports import Relay, SmtpTransport
from newsletter.transports import run as run_fast

MESSAGES: Final = 2_000
CONNECTIONS: Final = 10
ROUNDS: Final = 5
LINE: Final = b"A line of a letter, =C3=A9ncoded as quoted-printable, about so long as usual=\r\n"
SIZE_BYTES: Final = 30_000

Send = Callable[[int], None]


def envelopes(*, is_clean: bool) -> list[Envelope]:
    """Return distinct messages; a clean one is vouched for by who assembled it."""
    body = LINE * (SIZE_BYTES // len(LINE))
    sender = EmailAddress("bounce@news.example")
    return [
        Envelope(
            sender,
            EmailAddress(f"r{n}@example.org"),
            b"Subject: %d\r\n\r\n" % n + body,
            is_clean=is_clean,
        )
        for n in range(MESSAGES)
    ]


class Sink(asyncio.Protocol):
    """Takes everything, and looks at nothing but the end of it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._is_in_data = False
        self._tail = b""
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer commands, or the end of a message: nobody speaks before it is answered."""
        if not self._is_in_data:
            self._transport.write(b"".join(map(self._answer, data.splitlines())))
            return
        self._tail = (self._tail + data[-5:])[-5:]
        if self._tail == b"\r\n.\r\n":
            self._is_in_data = False
            self._take()

    def _take(self) -> None:
        self._transport.write(b"250 taken\r\n")

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"
        if verb == b"DATA":
            self._is_in_data, self._tail = True, b""
            return b"354 go on\r\n"
        if verb == b"QUIT":
            return b"221 goodbye\r\n"
        return b"250 fine\r\n"


class SlowSink(Sink):
    """Takes its time before it takes a message."""

    delay_s = 0.05

    def _take(self) -> None:
        asyncio.get_running_loop().call_later(self.delay_s, super()._take)


def serve(told: Connection, kind: type[Sink] = Sink) -> None:
    """Run a sink until the process is ended; tell its port."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(kind, "127.0.0.1", 0, backlog=100)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    run_fast(main())


@contextlib.contextmanager
def our_sink(kind: type[Sink] = Sink) -> Iterator[int]:
    """Yield the port of a sink of ours."""
    context = multiprocessing.get_context("spawn")
    told, teller = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(teller, kind), daemon=True)
    process.start()
    try:
        yield told.recv()
    finally:
        process.terminate()
        process.join()


@contextlib.contextmanager
def their_sink(program: str) -> Iterator[int]:
    """Yield the port of an `smtp-sink`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    with subprocess.Popen([program, *user, f"127.0.0.1:{port}", "100"]) as process:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.01)
        try:
            yield port
        finally:
            process.terminate()


async def yes() -> bool:
    """Permit every final dot."""
    return True


def ours(letters: list[Envelope], start: Callable[..., None]) -> Send:
    """Send with the transport of this program, in the loop that `start` runs."""

    async def deliver(port: int) -> None:
        relay = Relay("127.0.0.1", port, helo_name="bench.example", messages_per_connection=100_000)
        transport = SmtpTransport(relay, connections=CONNECTIONS)
        waiting = iter(letters)

        async def work() -> None:
            for letter in waiting:
                receipt = await transport.deliver(letter, yes)
                assert receipt.kind is ReceiptKind.ACCEPTED

        await asyncio.gather(*(work() for _ in range(2 * CONNECTIONS)))
        await transport.close()

    return lambda port: start(deliver(port))


def with_smtplib(letters: list[Envelope]) -> Send:
    """Send with the standard library, a thread for each connection."""

    def send(port: int) -> None:
        waiting, lock = iter(letters), threading.Lock()

        def work() -> None:
            with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as client:
                while True:
                    with lock:
                        letter = next(waiting, None)
                    if letter is None:
                        return
                    client.sendmail(letter.sender, [letter.recipient], letter.message)

        threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return send


def with_smtp_source(program: str) -> Send:
    """Send with the load generator of a well-known MTA; its messages are all the same."""

    def send(port: int) -> None:
        sizes = ["-l", str(SIZE_BYTES), "-m", str(MESSAGES), "-s", str(CONNECTIONS)]
        subprocess.run([program, "-d", *sizes, f"127.0.0.1:{port}"], check=True)

    return send


def ways() -> dict[str, Send]:
    """Return what is there to be measured."""
    found = {
        "smtplib, ten threads": with_smtplib(envelopes(is_clean=False)),
        "ours, asyncio": ours(envelopes(is_clean=False), asyncio.run),
        "ours, asyncio, clean": ours(envelopes(is_clean=True), asyncio.run),
    }
    if uvloop_is_there():
        found["ours, uvloop, clean"] = ours(envelopes(is_clean=True), run_fast)
    if program := shutil.which("smtp-source"):
        found["smtp-source"] = with_smtp_source(program)
    return found


def uvloop_is_there() -> bool:
    """Whether `transports.run` has another loop than asyncio's."""

    async def module_of_loop() -> str:
        return type(asyncio.get_running_loop()).__module__

    return run_fast(module_of_loop()) != asyncio.run(module_of_loop())


def measure(name: str, port: int, found: dict[str, Send]) -> None:
    """Send by every way in turn to the sink at `port`, and print what came of it."""
    laps: dict[str, list[tuple[float, float]]] = {way: [] for way in found}
    for _ in range(ROUNDS):
        for way, send in found.items():
            start, computed = time.perf_counter(), computed_s()
            send(port)
            rate = MESSAGES / (time.perf_counter() - start)
            laps[way].append((rate, (computed_s() - computed) / MESSAGES * 1e6))
    print(f"  to {name}")
    medians = {way: [median(one) for one in zip(*lap, strict=True)] for way, lap in laps.items()}
    reference = next(iter(medians.values()))[0]
    for way, (rate, cost) in medians.items():
        print(f"    {way:<24}{rate:8,.0f} messages/s{rate / reference:8.2f}{cost:8.0f} µs computed")


def computed_s() -> float:
    """Return the processor time of this process and of those it ran to their end, in seconds."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def run() -> None:
    """Measure against each sink there is."""
    found = ways()
    with our_sink() as port:
        measure("a sink in Python", port, found)
    if program := shutil.which("smtp-sink"):
        with their_sink(program) as port:
            measure("smtp-sink", port, found)
    else:
        print("  smtp-source and smtp-sink are not installed (Debian package postfix)")
