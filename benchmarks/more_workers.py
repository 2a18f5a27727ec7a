"""Does each doubling of the workers double the rate, while the relay is what takes the time?

    python -m benchmarks.more_workers [LETTERS OF EACH WORKER [WORKERS …]] [--connections N] [--rounds N]

PostgreSQL, letters that wait, and 1, 2 and 4 processes of `newsletter worker` with ten connections each to a
sink that answers each message after 50 ms: one worker cannot do more than 200 letters/s. The rate is that of
the middle: from three to nine tenths of the letters, as the ledger counts them; before, the last of the
workers still begins, which takes seconds of the processor. "Cores" are those that computed meanwhile, for
whomever: where all are busy, more workers cannot help. Rounds of all in turn; their medians are compared.
With fewer connections each, more workers find room on the same processors.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import psycopg

from benchmarks.smtp import SlowSink, our_sink
from benchmarks.throughput_stage import CONNECTIONS, Stage
from newsletter.testing.postgresql import PostgresqlServer, run_postgresql

LETTERS: Final = 2_500
WORKERS: Final = (1, 2, 4)
ROUNDS: Final = 5
ROOT: Final = Path(__file__).parents[1]
_PATIENCE_S: Final = 300
_SESSIONS_EACH: Final = 18


class Measured(NamedTuple):
    """What so many workers did."""

    rate: float
    cores: float


def run(
    letters: int = LETTERS,
    workers: Sequence[int] = WORKERS,
    connections: int = CONNECTIONS,
    rounds: int = ROUNDS,
) -> None:
    """Print the rates, and what each doubling brought."""
    measured: dict[int, list[Measured]] = {count: [] for count in workers}
    room = {"max_connections": str(_SESSIONS_EACH * max(workers) + 20)}  # docs/scaling.md
    with (
        run_postgresql(is_durable=True, settings=room) as server,
        tempfile.TemporaryDirectory() as scratch,
    ):
        stage = Stage(Path(scratch) / "news", letters * max(workers), server)
        for _ in range(rounds):
            for count in workers:
                with our_sink(SlowSink) as port, stage.set(port, connections=connections) as config:
                    _leave(server, letters * count)
                    now = _measure(server, config, count, letters * count)
                measured[count].append(now)
                print(f"  {count} workers: {now.rate:6,.0f} letters/s; {now.cores:.2f} cores")
    before = 0.0
    print(f"  medians of {rounds} rounds, {connections} connections each, {os.cpu_count()} cores")
    for count, found in measured.items():
        rate, cores = (median(values) for values in zip(*found, strict=True))
        gain = f", {rate / before:.2f} times as many" if before else ""
        print(f"  {count} workers: {rate:6,.0f} letters/s{gain}; {cores:.2f} cores")
        before = rate


def _measure(server: PostgresqlServer, config: Path, workers: int, letters: int) -> Measured:
    words = [sys.executable, "-m", "newsletter", "--config", str(config), "--quiet", "worker"]
    crew = [
        subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for _ in range(workers)
    ]
    try:
        begun, first = _when(server, letters * 3 // 10)
        busy = _busy_s()
        ended, last = _when(server, letters * 9 // 10)
        busy = _busy_s() - busy
    finally:
        for one in crew:
            one.terminate()
        for one in crew:
            one.wait(60)
    return Measured((last - first) / (ended - begun), busy / (ended - begun))


def _when(server: PostgresqlServer, count: int) -> tuple[float, int]:
    """Wait until so many are sent; return when that was seen, and how many there were then."""
    until = time.monotonic() + _PATIENCE_S
    with psycopg.connect(server.url("news"), autocommit=True) as connection:
        while True:
            row = connection.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone()
            assert row
            if row[0] >= count:
                return time.monotonic(), int(row[0])
            assert time.monotonic() < until, f"{row[0]} letters left"
            time.sleep(0.2)


def _leave(server: PostgresqlServer, letters: int) -> None:
    """Let so many wait, and take the others out of the way."""
    with psycopg.connect(server.url("news"), autocommit=True) as connection:
        connection.execute(
            "UPDATE outbox SET state = 'cancelled' WHERE id NOT IN"
            " (SELECT id FROM outbox ORDER BY id LIMIT %s)",
            (letters,),
        )
        connection.execute("VACUUM ANALYZE outbox")
        connection.execute("CHECKPOINT")  # else the disk is still busy with the copy


def _busy_s() -> float:
    """Return the seconds that all cores of this machine computed, but for what rested or waited."""
    fields = [int(one) for one in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("letters", nargs="?", type=int, default=LETTERS, help="of each worker")
    parser.add_argument("workers", nargs="*", type=int)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    run(chosen.letters, chosen.workers or WORKERS, chosen.connections, chosen.rounds)
