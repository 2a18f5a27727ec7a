"""How long after its slot began does the first letter leave, with everybody due at the same moment?

    python -m benchmarks.first_letter [SUBSCRIBERS …] [--connections N]

A real `newsletter serve` is started a minute or so ahead of the slot and stays as it is: it wakes by itself,
plans, and delivers to a sink of ours in this process, which notes when it took each letter. The subscribers
are those of `benchmarks.planning`: five topics each, a thousand entries new. Printed is how long after the
whole minute of the slot letters were taken; the program is told to end some seconds later.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.planning import NEW_AT_FIRST, admit, announce
from benchmarks.smtp import Sink
from newsletter.config import copy_starter
from newsletter.storage import Entries, open_database

SIZES: Final = (2_000, 20_000)
ROOT: Final = Path(__file__).parents[1]
_TOLD_OF: Final = (1, 100, 1_000)
_LISTENS: Final = timedelta(seconds=20)
"""After the slot began; then enough was seen."""
_TO_GET_READY: Final = timedelta(seconds=60)
_TO_ADMIT_ONE: Final = timedelta(milliseconds=1)
_PATIENCE_S: Final = 60.0


@dataclass(slots=True)
class Arrivals:
    """When letters were taken, in seconds of the wall clock."""

    moments_s: list[float] = field(default_factory=list)

    def after(self, slot: datetime, number: int) -> str:
        """Say how long after `slot` letter `number` was taken."""
        if len(self.moments_s) < number:
            return f"letter {number:,} did not come"
        return f"letter {number:,} after {self.moments_s[number - 1] - slot.timestamp():.2f} s"


class NotingSink(Sink):
    """Takes everything, and notes when a letter was complete."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals

    def data_received(self, data: bytes) -> None:
        """Answer, and note the end of a message."""
        was_in_data = self._is_in_data
        super().data_received(data)
        if was_in_data and not self._is_in_data:
            self._arrivals.moments_s.append(time.time())


@contextmanager
def noting_sink(arrivals: Arrivals) -> Iterator[int]:
    """Yield the port of a sink in a thread of this process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sink", daemon=True)
    thread.start()
    opening = loop.create_server(partial(NotingSink, arrivals), "127.0.0.1", 0, backlog=100)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def furnish(folder: Path, port: int, connections: int) -> str:
    """Make the folder of a newsletter whose documents stand in the database; return the address of that."""
    copy_starter(folder, timezone="UTC")
    config = folder / "config.yaml"
    relay = f"{{host: 127.0.0.1, port: {port}, tls: none, messages_per_connection: 100000}}"
    text = config.read_text("utf-8")
    text = text.replace("relays: embedded", f"relays: [{relay}]\n  connections: {connections}", 1)
    text = text.replace("{store: directory, path: subscribers}", "{store: database}", 1)
    config.write_text(text, "utf-8")
    (folder / "data").mkdir(exist_ok=True)
    return f"sqlite:///{folder}/data/newsletter.db"


def admit_all(url: str, count: int, slot: datetime) -> None:
    """Fill the database with subscribers who are due at `slot`, and entries that are new to them."""
    database = open_database(url)
    database.migrate()
    admit(database, count, slot)
    announce(Entries(database), NEW_AT_FIRST, datetime.now(UTC))
    database.close()


def measure(count: int, connections: int) -> None:
    """Let one slot come, and print when its letters did."""
    arrivals = Arrivals()
    with tempfile.TemporaryDirectory() as scratch, noting_sink(arrivals) as port:
        folder = Path(scratch) / "news"
        url = furnish(folder, port, connections)
        earliest = datetime.now(UTC) + _TO_GET_READY + count * _TO_ADMIT_ONE
        slot = earliest.replace(second=0, microsecond=0) + timedelta(minutes=1)
        admit_all(url, count, slot)
        process = _serve(folder / "config.yaml")
        try:
            assert datetime.now(UTC) < slot - timedelta(seconds=20), "the slot came too early"
            time.sleep((slot + _LISTENS - datetime.now(UTC)).total_seconds())
            load = os.getloadavg()[0]
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE_S)
            process.kill()
            process.wait()
    told = ", ".join(arrivals.after(slot, number) for number in _TOLD_OF)
    rate = len(arrivals.moments_s) / _LISTENS.total_seconds()
    print(
        f"  {count:>9,} due: {told}; {rate:,.0f} a second in {_LISTENS.seconds} s; load {load:.1f}"
    )


def _serve(config: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "newsletter", "--config", str(config), "serve", "--port", "0"]
    return subprocess.Popen([*words, "--quiet"], cwd=ROOT, stdout=subprocess.DEVNULL)


def run(sizes: Sequence[int] = SIZES, connections: int = 10) -> None:
    """Measure each size in turn."""
    for count in sizes:
        measure(count, connections)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--connections", type=int, default=10)
    chosen = parser.parse_args()
    run(chosen.sizes or SIZES, chosen.connections)
