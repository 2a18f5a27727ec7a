"""The documents of many invented subscribers: check, first adoption, looks without and with a change.

    python -m benchmarks.documents [COUNT] [directory|database]

One file for each person, in folders of a thousand; everything goes through the ports as in earnest.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.bootstrap import Newsroom, open_newsroom, take_in
from newsletter.config import copy_starter
from newsletter.workflows import adopt_documents

STORES = ("directory", "database")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Africa/Nairobi", "UTC")
WORDS = ("robot*", "diffusion", "retrieval", "speech", "privacy", "graph*", "vision", "agents")
FOLDER_SIZE = 1000


def document(number: int, dice: random.Random) -> str:
    """Return one document of ordinary length: about 25 lines, comments among them."""
    first, second = dice.sample(WORDS, 2)
    return f"""\
# written by hand
email: reader{number}@example.net
name: Reader {number}
send:                        # when letters come
  every: {dice.choice(("day", "weekday", "[mon, thu]"))}
  at: "{dice.randrange(24):02}:{dice.choice(("00", "15", "30", "45"))}"
  timezone: {dice.choice(ZONES)}
topics:
  - reinforcement-learning
  - name: {first.strip("*")}
    query: '{first} OR title:{second}'
  - name: plans
    about: machine learning that helps governments plan climate policy   # in words
    weight: {dice.randint(1, 9)}
follow:
  authors: [Jane Q. Researcher {number % 700}]
  organizations: [Example Lab]
mute: ['title:survey', 'benchmark AND leaderboard']
entries:
  at_most: {dice.randint(1, 25)}
  order: {dice.choice(("relevance", "trending", "newest"))}
when_empty: skip
format: html
"""


def set_up(folder: Path, count: int, store: str) -> Path:
    """Make the newsletter and its documents; return the folder of these."""
    copy_starter(folder, timezone="Europe/Paris")
    home = folder / "subscribers"
    for path in home.glob("*.yaml"):
        path.unlink()
    people = home if store == "directory" else folder / "people"
    dice = random.Random(7)  # noqa: S311 - people, not secrets
    for number in range(count):
        place = people / f"{number // FOLDER_SIZE:03}"
        if number % FOLDER_SIZE == 0:
            place.mkdir(parents=True)
        (place / f"reader{number}@example.net.yaml").write_text(document(number, dice))
    config = folder / "config.yaml"
    text = config.read_text()
    line = next(line for line in text.splitlines() if line.startswith("subscribers:"))
    config.write_text(text.replace(line, f"subscribers: {{store: {store}}}"))
    return people


@contextmanager
def lap(step: str) -> Iterator[None]:
    """Print how long something took, by the clock and of all cores, and the size of this process."""
    started, worked = time.perf_counter(), work()
    yield
    seconds, worked = time.perf_counter() - started, work() - worked
    largest_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:<52} {seconds:8.2f} s {worked:8.2f} s CPU {largest_mb:6.0f} MB", flush=True)


def work() -> float:
    """Return the seconds that this process and those it waited for have worked."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def check(folder: Path) -> None:
    """Run `newsletter check` as a process of its own."""
    words = [sys.executable, "-m", "newsletter", "--config", str(folder / "config.yaml"), "check"]
    with lap("newsletter check"):
        done = subprocess.run(words, check=True, capture_output=True, text=True)
    largest_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  {done.stdout.strip()} Its largest process: {largest_mb:.0f} MB.")


def looks(room: Newsroom, people: Path, store: str) -> None:
    """Time the first adoption and what each minute of `serve` does afterwards."""
    if store == "database":
        with lap("take the files into the database"):
            taken = take_in(room, [people])
        assert not taken.problems
    with lap("first read"):
        room.preferences.read()
    with lap("first adoption (everybody is a stranger)"):
        adopt_documents(room.subscribing())
    for name in ("second look", "a look without changes"):
        with lap(name):
            room.preferences.read()
        with lap(f"{name}, compared with what is in force"):
            adoption = adopt_documents(room.subscribing())
    assert not adoption.asked
    assert not adoption.problems


def run(count: int = 2000, stores: tuple[str, ...] = STORES) -> None:
    """Print the time and memory of each step."""
    for store in stores:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "news")
            people = set_up(folder, count, store)
            print(f"{count:,} documents, store: {store} ({os.cpu_count()} cores)")
            if store == "directory":
                check(folder)
            with open_newsroom(folder / "config.yaml") as room:
                looks(room, people, store)
            if store == "database":
                check(folder)


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, tuple(sys.argv[2:]) or STORES)
