"""How fast do letters leave, from what was planned to the answer on the disk? Beside the limit and others.

    python -m benchmarks.throughput [LETTERS] [--rounds N] [--entries N] [--postgresql] [--peers FOLDER]

Distinct letters are planned, then delivered by `newsletter worker --until-empty`, one process or two, with a
ledger whose commits survive a power cut. In the same rounds `smtp-source` sends one ready message of the
same size again and again (Debian package postfix; without it our own client does): that is the limit.
Other senders take part when they are installed in a folder of theirs (see `benchmarks.peers`).

A rate counts from the moment when every process has delivered its first letter; processor time is without
that of a worker that finds nothing to do. Both are stated apart as what starting costs. Everybody takes
turns, so that a busy machine is busy for all: the medians of the rounds and their ratios are printed.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.peers import PEERS, Peer
from benchmarks.smtp import uvloop_is_there
from benchmarks.throughput_crew import Shift, work
from benchmarks.throughput_limit import limit_name, open_sink, send_ready, sink_name
from benchmarks.throughput_stage import Stage
from newsletter.testing.postgresql import PostgresqlServer, run_postgresql
from newsletter.transports import KeyKind

LETTERS: Final = 4_000
ROUNDS: Final = 3
ENTRIES: Final = 5
"""With ten more titles below, a letter of so many is 30 kB large."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of ours to send: with so many processes and these keys."""

    name: str
    processes: int
    keys: tuple[KeyKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one run."""

    letters: int = LETTERS
    rounds: int = ROUNDS
    entries: int = ENTRIES
    on_postgresql: bool = False
    peers: Path | None = None


@dataclass(slots=True)
class Results:
    """Rates and microseconds computed for each message, by name, and what is known of our processes."""

    laps: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    shifts: dict[str, list[Shift]] = field(default_factory=dict)

    def note(self, name: str, lap: tuple[float, float]) -> None:
        """Keep the rate and the cost of one lap."""
        self.laps.setdefault(name, []).append(lap)
        print(f"    {name:<34}{lap[0]:9,.0f} messages/s{lap[1]:9,.0f} µs", flush=True)


WAYS: Final = (
    Way("ours, 1 process", 1),
    Way("ours, 2 processes", 2),
    Way("ours, ed25519, 2 processes", 2, (KeyKind.ED25519,)),
    Way("ours, rsa-2048, 2 processes", 2, (KeyKind.RSA,)),
)


def run(options: Options | None = None) -> None:
    """Plan, deliver round by round, print."""
    options = options or Options()
    with tempfile.TemporaryDirectory() as scratch, _server(options) as server:
        folder = Path(scratch)
        stage = Stage(folder / "news", options.letters, server, options.entries)
        _tell_of_planning(stage, options)
        ready = stage.write_letter(folder)
        results = Results()
        with open_sink() as port:
            idle_s = _idle_s(stage, port)
            for number in range(options.rounds):
                print(f"  round {number + 1} of {options.rounds}")
                results.note(limit_name(), send_ready(port, options.letters, ready))
                _deliver_all_ways(stage, port, idle_s, results)
                _let_peers_send(options, port, folder, results)
    _report(results, stage, idle_s)


def _deliver_all_ways(stage: Stage, port: int, idle_s: float, results: Results) -> None:
    for way in WAYS:
        with stage.set(port, way.keys) as config:
            shift = work(config, way.processes, stage.planning.letters)
        computed_s = shift.computed_s - way.processes * idle_s
        results.note(way.name, (shift.rate, computed_s / shift.letters * 1e6))
        results.shifts.setdefault(way.name, []).append(shift)


def _let_peers_send(options: Options, port: int, folder: Path, results: Results) -> None:
    for peer in PEERS:
        if options.peers and not peer.missing(options.peers):
            count = max(1, round(options.letters * peer.share))
            results.note(peer.name, peer.send(options.peers, port, count, folder))


def _idle_s(stage: Stage, port: int) -> float:
    """Return the processor time of a worker that finds nothing to do."""
    with stage.empty(port) as config:
        return min(work(config, 1, 0).computed_s for _ in range(2))


@contextmanager
def _server(options: Options) -> Iterator[PostgresqlServer | None]:
    if not options.on_postgresql:
        yield None
        return
    with run_postgresql(is_durable=True) as server:
        yield server


def _tell_of_planning(stage: Stage, options: Options) -> None:
    planning = stage.planning
    loop = "uvloop" if uvloop_is_there() else "asyncio's loop"
    store = "PostgreSQL" if options.on_postgresql else "SQLite, synchronous=FULL"
    print(
        f"  {planning.letters:,} letters of {planning.size / 1000:.1f} kB, {options.entries} entries each; "
        f"{store}, {loop}, to {sink_name()}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    each_us, computed_us = (
        seconds / planning.letters * 1e6 for seconds in (planning.elapsed_s, planning.computed_s)
    )
    print(f"  planned in {planning.elapsed_s:.1f} s: {each_us:,.0f} µs a letter", end="")
    print(f", {computed_us:,.0f} µs computed")
    for peer in PEERS:
        _tell_if_missing(peer, options)


def _tell_if_missing(peer: Peer, options: Options) -> None:
    why = peer.missing(options.peers)
    if why:
        print(f"  skipped: {peer.name}: {why}")


def _report(results: Results, stage: Stage, idle_s: float) -> None:
    middles = {
        name: (median(rate for rate, _ in laps), median(cost for _, cost in laps))
        for name, laps in results.laps.items()
    }
    limit = middles[limit_name()][0]
    print(
        f"  {'median':<34}{'messages/s':>12}{'to limit':>10}{'µs each':>10}{'MB':>7}{'planned too':>13}"
    )
    for name, (rate, cost) in middles.items():
        print(f"  {name:<34}{rate:>12,.0f}{rate / limit:>10.3f}{cost:>10,.0f}", end="")
        print(
            _of_processes(results.shifts.get(name), stage, rate) if name in results.shifts else ""
        )
    starts: Callable[[Shift], float] = lambda shift: shift.starting_s  # noqa: E731
    started_s = median(map(starts, results.shifts[WAYS[0].name]))
    print(
        f"  starting a worker: {started_s:.2f} s to its first letter, {idle_s:.2f} s computed without any; "
        f"size by tenths of {WAYS[0].name}: "
        + " ".join(f"{size:.0f}" for size in results.shifts[WAYS[0].name][-1].sizes_mb)
        + " MB"
    )


def _of_processes(shifts: list[Shift] | None, stage: Stage, rate: float) -> str:
    """Return the size of the largest process, and the rate with planning before it."""
    assert shifts
    planned_s = stage.planning.elapsed_s / stage.planning.letters
    together = 1 / (1 / rate + planned_s)
    return f"{max(shift.largest_mb for shift in shifts):>7.0f}{together:>13,.0f}"


def _read_options() -> Options:
    parser = argparse.ArgumentParser(description="How fast letters leave.")
    parser.add_argument("letters", nargs="?", type=int, default=LETTERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--peers", type=Path)
    told = parser.parse_args()
    return Options(told.letters, told.rounds, told.entries, told.postgresql, told.peers)


if __name__ == "__main__":
    run(_read_options())
