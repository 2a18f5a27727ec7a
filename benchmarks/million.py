"""A million subscribers with five of 100,000 topics each, and 1,000 new entries: what planning costs.

    python -m benchmarks.million [--subscribers N] [--topics N] [--parts answer,publish] [--planners N]
        [--on postgresql] [--resting]

Entries are the May papers where the shared folder is beside the checkout or in NEWSLETTER_SHARED, else made
up; 3,000 more are the background. Topics are two to five words that stand together in a title or in a
sentence, so that they have answers as those of people have; readers draw five of them by Zipf and are
relaxed, so that letters are full. The index is that of `serve`, by words. Each part runs in processes of its
own, whose largest memory is printed, and seconds of the processor beside those of the wall. A million need
10 GB of disk; begin with 20,000. With `--resting` it is written down too until when nobody need look at them.
"""

import argparse
import gc
import gzip
import json
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import text

from benchmarks.editions import LETTERHEAD
from benchmarks.planning import FIRST_DAY, admit, contents
from newsletter.indexing import FolderExchange, IndexKeeper, build_index
from newsletter.model import (
    Dressing,
    Entry,
    EntryContent,
    EntryId,
    NewEntry,
    ReleaseNo,
    RevisionId,
    SourceName,
    Strictness,
    Topic,
)
from newsletter.rules.query import content_words
from newsletter.storage import (
    Entries,
    MessageOutbox,
    SlotLedger,
    SourceReports,
    StoredRests,
    Subscribers,
    open_database,
)
from newsletter.testing import FakeClock
from newsletter.testing.postgresql import run_postgresql
from newsletter.workflows import PublishOrder, PublishPorts, publish_by_batches

NEW: Final = 1_000
BACKGROUND: Final = 3_000
PARTS: Final = ("answer", "publish")
POSTGRESQL: Final = "PostgreSQL"
SERVER: Final = {"shared_buffers": "2GB", "max_wal_size": "16GB"}
"""As docs/scaling.md recommends it for a server of this size."""
_AT_ONCE: Final = 500
"""Topics that `publish` asks for at once, about."""
_SHARED: Final = Path(os.environ.get("NEWSLETTER_SHARED", Path(__file__).parents[2] / "shared"))
_PAPERS: Final = _SHARED / "data" / "arxiv" / "2026-05.jsonl.gz"


class World(NamedTuple):
    """What is measured with."""

    subscribers: int
    topics: int
    planners: int
    store: str = "SQLite"
    is_resting: bool = False
    url: str = ""
    dressing: RevisionId | None = None
    """None: one without templates, with which nothing can be printed."""
    exchange: str = ""
    """The folder in which planners tell each other what they learned; empty: they do not."""


def papers() -> list[EntryContent]:
    """Return as many papers as are needed."""
    count = NEW + BACKGROUND
    if not _PAPERS.exists():
        return contents(count, 1)
    with gzip.open(_PAPERS, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in islice(lines, count)]
    return [EntryContent(one["title"], one.get("abstract") or one.get("summary")) for one in read]


def entries() -> list[Entry]:
    """Return the papers as entries, those of the background first."""
    moment = FIRST_DAY - timedelta(days=5)
    return [
        Entry(EntryId(f"e{place}"), RevisionId("r"), one, (), moment, ReleaseNo(place + 1))
        for place, one in enumerate(papers())
    ]


def topics(count: int) -> list[Topic]:
    """Return as many topics of two to five words each, or all that the papers are enough for."""
    dice = random.Random(11)  # noqa: S311 - topics, not secrets
    found: dict[str, None] = {}
    read = papers()
    texts = [paper.title for paper in read]
    texts += [part for paper in read for part in (paper.abstract or "").split(". ")]
    for words in map(content_words, texts):
        for begins in range(len(words) - 1):
            found[" ".join(words[begins : begins + dice.randint(2, 5)])] = None
        if len(found) > 3 * count:
            break
    chosen = list(found)
    dice.shuffle(chosen)
    return [Topic(f"topic-{place}", text, about=text) for place, text in enumerate(chosen[:count])]


def answer(world: World) -> None:
    """Answer all topics as tables, as `publish` does, and print the costs."""
    every = entries()
    index = build_index(every, {entry.id for entry in every})
    wanted = topics(world.topics)
    with _stopwatch(f"answered {len(wanted):,} topics", len(wanted)):
        found = 0
        for first in range(0, len(wanted), _AT_ONCE):
            told = index.tell(wanted[first : first + _AT_ONCE])
            found += sum(len(table.rows) for _, table in told)
    print(f"    {found / len(wanted):.1f} entries a topic to be looked at", flush=True)


def prepare(world: World) -> None:
    """Make the database of `publish`: entries and subscribers."""
    database = open_database(world.url)
    database.migrate()
    store = Entries(database)
    background, new = papers()[:BACKGROUND], papers()[BACKGROUND:]
    for some, day, days in ((background, "b", 5), (new, "n", 0)):
        made = [
            NewEntry(EntryId(f"{day}{place}"), one, SourceName("made"), frozenset())
            for place, one in enumerate(some)
        ]
        moment = FIRST_DAY - timedelta(days=days, hours=2)
        store.change((), partial(_the_same, made), now=moment)
    SlotLedger(database).keep_dressing(Dressing(LETTERHEAD, {}))
    admit(database, world.subscribers, topics=topics(world.topics), strictness=Strictness.RELAXED)
    database.close()


def _the_same(made: Sequence[NewEntry], _: object) -> Sequence[NewEntry]:
    return made


def publish(world: World) -> None:
    """Plan for everybody, each planner a stretch of the subscribers."""
    count = world.planners
    bounds = [f"{number * 2**64 // count:016x}" for number in range(count)]
    stretches = [
        (low if place else "", high)
        for place, (low, high) in enumerate(zip(bounds, [*bounds[1:], None], strict=True))
    ]
    server_s = _server_s()
    with (
        tempfile.TemporaryDirectory() as exchange,
        _stopwatch(f"planned {world.subscribers:,} on {world.store}", world.subscribers, own=False),
    ):
        beside = world._replace(exchange=exchange if count > 1 else "")
        in_processes([(plan, (beside, *stretch)) for stretch in stretches])
    if world.store == POSTGRESQL:
        server_s = _server_s() - server_s
        each_us = server_s / world.subscribers * 1e6
        print(f"  the server computed {server_s:.1f} s ({each_us:.1f} µs each)")
    print(f"  {_stored(world.url) / 1e6:,.0f} MB on the disk", flush=True)


def _stored(url: str) -> int:
    """Return the size of the database in bytes."""
    if url.startswith("sqlite"):
        return sum(
            one.stat().st_size for one in Path(url.removeprefix("sqlite:///")).parent.iterdir()
        )
    with open_database(url).reading() as connection:
        query = text("SELECT pg_database_size(current_database())")
        return int(connection.execute(query).scalar_one())


def _server_s() -> float:
    """Return the seconds of the processor that all processes of PostgreSQL on this machine took so far."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            name, _, rest = place.read_text().partition("(")[2].rpartition(")")
            # Its own, and those of its children that ended (proc(5)).
            ticks += sum(map(int, rest.split()[11:15])) if name == "postgres" else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def plan(world: World, above: str, below: str | None) -> None:
    """Plan for one stretch."""
    database = open_database(world.url)
    ledger, clock = SlotLedger(database), FakeClock(FIRST_DAY)
    order = PublishOrder(world.dressing or ledger.keep_dressing(Dressing(LETTERHEAD, {})))
    outbox, reports = MessageOutbox(database), SourceReports(database)
    ports = PublishPorts(
        Entries(database),
        ledger,
        outbox,
        reports,
        clock,
        IndexKeeper(),
        rests=StoredRests(database) if world.is_resting else None,
        exchange=FolderExchange(Path(world.exchange)) if world.exchange else None,
    )
    people = Subscribers(database).by_id(above=above, below=below)
    planned = letters = shown = 0
    with _stopwatch("  one process", world.subscribers // world.planners):
        for batch in publish_by_batches(people, order, ports):
            planned += len(batch.plans)
            editions = [plan.edition for plan in batch.plans if plan.edition]
            letters += len(editions)
            shown += sum(len(one.matches) for one in editions)
    print(f"    {planned:,} slots, {letters:,} letters of {shown / max(1, letters):.1f} entries")
    database.close()
    gc.freeze()  # as the command does at its end


@contextmanager
def _stopwatch(what: str, count: int, *, own: bool = True) -> Iterator[None]:
    began, computed = time.perf_counter(), time.process_time()
    yield
    spent, computed = time.perf_counter() - began, time.process_time() - computed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = f" ({computed / count * 1e6:.1f} µs each)" if count > 1 else ""
    inside = f", {computed:.1f} s{each} computed, {memory:.0f} MB at most"
    print(f"  {what} in {spent:.1f} s{inside if own else ''}", flush=True)


def in_processes(work: Sequence[tuple[Callable[..., None], tuple[object, ...]]]) -> None:
    """Run each in a process of its own, all at once, so that each has its own memory."""
    spawning = multiprocessing.get_context("spawn")
    processes = [spawning.Process(target=run, args=args) for run, args in work]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def run(world: World, parts: Iterable[str] = PARTS) -> None:
    """Measure the parts, one after the other."""
    if "answer" in parts:
        in_processes([(answer, (world,))])
    if "publish" in parts:
        with _database(world.store) as url:
            stored = world._replace(url=url)
            in_processes([(prepare, (stored,))])
            publish(stored)


@contextmanager
def _database(store: str) -> Iterator[str]:
    if store != POSTGRESQL:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/news.db"
        return
    with run_postgresql(is_durable=True, settings=SERVER) as server:
        yield server.url("postgres")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subscribers", type=int, default=1_000_000)
    parser.add_argument("--topics", type=int, default=100_000)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--planners", type=int, default=2)
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--resting", action="store_true")
    chosen = parser.parse_args()
    wanted = World(
        chosen.subscribers,
        chosen.topics,
        chosen.planners,
        POSTGRESQL if chosen.on == "postgresql" else "SQLite",
        chosen.resting,
    )
    run(wanted, chosen.parts.split(","))
