"""Do letters leave from PostgreSQL as fast as from SQLite? Both in turn, in the same run.

    python -m benchmarks.two_databases [LETTERS] [--rounds N]

The same letters are planned in both, then `newsletter worker --until-empty` delivers them, one process or
two, to a sink on this machine: SQLite, PostgreSQL, SQLite … All commits survive a power cut. The server of
PostgreSQL runs on the same cores, and what it takes is lost to the workers. Sizes of a worker are told by
tenths of its letters, for what grows.
"""

import argparse
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.throughput_crew import Shift, work
from benchmarks.throughput_limit import open_sink
from benchmarks.throughput_stage import Stage
from newsletter.testing.postgresql import run_postgresql

LETTERS: Final = 6_000
ROUNDS: Final = 3
ENTRIES: Final = 5
WANTED: Final = 0.7
"""Of the rate of SQLite."""

_PROCESSES: Final = (1, 2)


def run(letters: int = LETTERS, rounds: int = ROUNDS) -> None:
    """Plan in both, deliver from both in turn, compare."""
    with tempfile.TemporaryDirectory() as scratch, run_postgresql(is_durable=True) as server:
        stages = {
            "SQLite": Stage(Path(scratch) / "file", letters, None, ENTRIES),
            "PostgreSQL": Stage(Path(scratch) / "server", letters, server, ENTRIES),
        }
        print(f"  {letters:,} letters, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        shifts: dict[tuple[str, int], list[Shift]] = {}
        with open_sink() as port:
            for number in range(rounds):
                print(f"  round {number + 1} of {rounds}", flush=True)
                for processes in _PROCESSES:
                    for name, stage in stages.items():
                        shift = _deliver(stage, port, processes)
                        shifts.setdefault((name, processes), []).append(shift)
                        print(
                            f"    {name:<12}{processes:>2}{shift.rate:9,.0f} letters/s", flush=True
                        )
    _report(shifts)


def _deliver(stage: Stage, port: int, processes: int) -> Shift:
    with stage.set(port, ()) as config:
        return work(config, processes, stage.planning.letters)


def _report(shifts: dict[tuple[str, int], list[Shift]]) -> None:
    rates = {key: median(one.rate for one in some) for key, some in shifts.items()}
    for processes in _PROCESSES:
        file, server = rates["SQLite", processes], rates["PostgreSQL", processes]
        print(
            f"  median, {processes} process(es): SQLite {file:,.0f}, PostgreSQL {server:,.0f} letters/s: "
            f"{server / file:.2f} of it ({WANTED} wanted)"
        )
    for (name, processes), some in shifts.items():
        sizes = " ".join(f"{size:.0f}" for size in some[-1].sizes_mb)
        print(f"  {name}, {processes} process(es), size by tenths: {sizes} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("letters", nargs="?", type=int, default=LETTERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    run(chosen.letters, chosen.rounds)
