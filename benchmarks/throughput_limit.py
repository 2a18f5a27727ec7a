"""How fast can one ready message be sent again and again? No letter is made, signed or written down.

The limit is `smtp-source` to `smtp-sink` (Debian package postfix, two programs in C); where they are
not in the PATH it is our own SMTP client in a process of its own, to a sink of ours.

    python -m benchmarks.throughput_limit PORT COUNT FILE
"""

import asyncio
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.smtp import our_sink, their_sink, yes
from newsletter.model import EmailAddress, Envelope, ReceiptKind
from newsletter.transports import Relay, SmtpTransport
from newsletter.transports import run as run_fast

CONNECTIONS: Final = 10
_SOURCE: Final = "smtp-source"
_SINK: Final = "smtp-sink"
_ROOT: Final = Path(__file__).parents[1]


def limit_name() -> str:
    """Return what the limit is on this machine."""
    return "smtp-source" if shutil.which(_SOURCE) else "our SMTP client, one ready message"


def sink_name() -> str:
    """Return what everybody sends to on this machine."""
    return "smtp-sink" if shutil.which(_SINK) else "a sink in Python"


@contextmanager
def open_sink() -> Iterator[int]:
    """Yield the port of the fastest sink there is."""
    program = shutil.which(_SINK)
    with their_sink(program) if program else our_sink() as port:
        yield port


def send_ready(port: int, count: int, message: Path) -> tuple[float, float]:
    """Send `message` `count` times; return messages a second, and microseconds computed for each."""
    source = shutil.which(_SOURCE)
    if source is None:
        return _send_with_ours(port, count, message)
    words = [source, "-d", "-s", str(CONNECTIONS), "-m", str(count), "-F", str(message)]
    words += ["-f", "bounce@news.example.org", "-t", "reader@example.net", f"127.0.0.1:{port}"]
    begun_s, before_s = time.perf_counter(), computed_by_children_s()
    subprocess.run(words, check=True)
    elapsed_s, computed_s = time.perf_counter() - begun_s, computed_by_children_s() - before_s
    return count / elapsed_s, computed_s / count * 1e6


def computed_by_children_s() -> float:
    """Return the processor time of all processes that this one waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _send_with_ours(port: int, count: int, message: Path) -> tuple[float, float]:
    """Start a process of ours that sends; what starting takes does not count."""
    words = [
        sys.executable,
        "-m",
        "benchmarks.throughput_limit",
        str(port),
        str(count),
        str(message),
    ]
    done = subprocess.run(words, check=True, cwd=_ROOT, capture_output=True, text=True)
    elapsed_s, computed_s = map(float, done.stdout.split())
    return count / elapsed_s, computed_s / count * 1e6


async def _send_again_and_again(port: int, count: int, message: bytes) -> None:
    relay = Relay("127.0.0.1", port, helo_name="bench.example", messages_per_connection=count)
    transport = SmtpTransport(relay, connections=CONNECTIONS)
    sender, recipient = EmailAddress("bounce@news.example"), EmailAddress("reader@example.net")
    letter = Envelope(sender, recipient, message, is_clean=True)
    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            receipt = await transport.deliver(letter, yes)
            assert receipt.kind is ReceiptKind.ACCEPTED

    await asyncio.gather(*(work() for _ in range(2 * CONNECTIONS)))
    await transport.close()


if __name__ == "__main__":
    ready = Path(sys.argv[3]).read_bytes().replace(b"\n", b"\r\n")
    begun, computed = time.perf_counter(), time.process_time()
    run_fast(_send_again_and_again(int(sys.argv[1]), int(sys.argv[2]), ready))
    print(time.perf_counter() - begun, time.process_time() - computed)
