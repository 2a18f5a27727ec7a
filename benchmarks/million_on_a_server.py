"""A million subscribers on PostgreSQL: planned, delivered for a while, and what each statement took.

    python -m benchmarks.million_on_a_server [SUBSCRIBERS] [--topics N] [--seconds N] [--beside]

The server stands on the same cores and says how long each of its statements took: the ten that are slowest
on the whole are printed. Five topics each, by Zipf, and two planners; one `newsletter worker` delivers to a
sink on this machine, while all other letters wait. How large it is after each tenth of the time is printed
too. With `--beside` the same people stand in a SQLite file as well, and a worker delivers from the one and
the other in turn. Needs 8 GB of disk for a million, 12 GB for both.
"""

import argparse
import re
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Final

from benchmarks.million import POSTGRESQL, SERVER, World, in_processes, prepare, publish
from benchmarks.throughput_crew import count_lines, size_mb, start
from benchmarks.throughput_limit import open_sink
from newsletter.bootstrap import open_newsroom
from newsletter.config import copy_starter
from newsletter.rules.planning import Schedule
from newsletter.testing.postgresql import run_postgresql

SUBSCRIBERS: Final = 20_000
TOPICS: Final = 1_000
SECONDS: Final = 20
_DATABASE: Final = "sqlite:///data/newsletter.db"
_SLOWEST: Final = 10
_LOGGING: Final = {
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "0",
    "log_line_prefix": "",
}
_TIMED: Final = re.compile(
    r"LOG:  duration: (?P<ms>[0-9.]+) ms  (?:execute [^:]*|statement): (?P<words>.*)"
)
_NUMBERS: Final = re.compile(r"\$[0-9]+|\b[0-9]+\b|'[^']*'")


def run(subscribers: int = SUBSCRIBERS, topics: int = TOPICS, seconds: int = SECONDS) -> None:
    """Make the people, plan, deliver, tell."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        run_postgresql(is_durable=True, settings={**SERVER, **_LOGGING}) as server,
        open_sink() as port,
    ):
        url = server.url("postgres")
        config = _furnish(Path(scratch) / "news", url, port)
        world = _people(config, World(subscribers, topics, 2, POSTGRESQL, url=url))
        begun = server.log.stat().st_size
        publish(world)
        print("  slowest on the whole while planning")
        begun = _tell_slowest(server.log, begun)
        _deliver(config, seconds)
        print("  slowest on the whole while delivering")
        _tell_slowest(server.log, begun)


def compare(subscribers: int = SUBSCRIBERS, topics: int = TOPICS, seconds: int = SECONDS) -> None:
    """Make and plan the same in both databases, and deliver from them in turn."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        run_postgresql(is_durable=True, settings=SERVER) as server,
        open_sink() as port,
    ):
        file = Path(scratch) / "SQLite" / "data" / "newsletter.db"
        file.parent.mkdir(parents=True)
        urls = {"SQLite": f"sqlite:///{file}", POSTGRESQL: server.url("postgres")}
        configs = {name: _furnish(Path(scratch) / name, url, port) for name, url in urls.items()}
        for name, config in configs.items():
            publish(_people(config, World(subscribers, topics, 2, name, url=urls[name])))
        for name, config in [*configs.items(), *configs.items()]:
            print(f"  {name}")
            _deliver(config, seconds)


def _people(config: Path, world: World) -> World:
    """Make entries and people in the database of a newsletter; return the world with its dressing."""
    with open_newsroom(config) as room:
        room.database.migrate()
        world = world._replace(dressing=room.order(Schedule.KEEP).dressing)
    in_processes([(prepare, (world,))])
    return world


def _furnish(folder: Path, url: str, port: int) -> Path:
    """Make a newsletter with that database; return its config."""
    copy_starter(folder, timezone="UTC")
    relay = f"{{host: 127.0.0.1, port: {port}, tls: none, messages_per_connection: 100000}}"
    config = folder / "config.yaml"
    text = config.read_text("utf-8").replace(_DATABASE, url, 1)
    config.write_text(
        text.replace("relays: embedded", f"relays: [{relay}]\n  connections: 10", 1), "utf-8"
    )
    return config


def _deliver(config: Path, seconds: int) -> None:
    """Let one worker deliver for some time, and say how fast and how large it was."""
    process = start(config)
    assert process.stdout is not None
    first = count_lines(process)
    begun = time.monotonic()
    letters = 0
    sizes: list[float] = []
    while (passed := time.monotonic() - begun) < seconds:
        letters += count_lines(process)
        if passed >= seconds / 10 * (len(sizes) + 1):
            sizes.append(size_mb(process))
    process.send_signal(signal.SIGTERM)
    rest = process.communicate(timeout=60)[0].count(b"\n")
    print(
        f"  delivered {letters:,} letters in {seconds} s, {letters / seconds:,.0f} a second ",
        end="",
    )
    print(
        f"({first} before, {rest} while it ended); MB by tenths: {' '.join(f'{one:.0f}' for one in sizes)}"
    )


def _tell_slowest(log: Path, begun: int) -> int:
    """Print what took longest on the whole since the log was so long; return how long it is."""
    with log.open("rb") as file:
        file.seek(begun)
        lines = file.read().decode("utf-8", "replace").splitlines()
        ended = file.tell()
    took = _times(lines)
    for words, times in sorted(took.items(), key=lambda one: -sum(one[1]))[:_SLOWEST]:
        print(
            f"    {sum(times) / 1000:8.1f} s {len(times):7,} times, {fmean(times):8.2f} ms each, "
            f"{max(times):8.1f} at most  {words[:110]}"
        )
    return ended


def _times(lines: Iterable[str]) -> dict[str, list[float]]:
    """Return the milliseconds of each statement, by its words without numbers and values."""
    took: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        found = _TIMED.match(line)
        if found:
            took[_NUMBERS.sub("?", found["words"])].append(float(found["ms"]))
    return took


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("subscribers", nargs="?", type=int, default=SUBSCRIBERS)
    parser.add_argument("--topics", type=int, default=TOPICS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--beside", action="store_true")
    chosen = parser.parse_args()
    (compare if chosen.beside else run)(chosen.subscribers, chosen.topics, chosen.seconds)
