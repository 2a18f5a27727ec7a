"""A million subscribers with five of 100,000 topics each, and 1,000 new entries: what planning costs.

    python -m benchmarks.million [--subscribers N] [--topics N] [--parts answer,choose,publish]

Entries are the May papers where the shared folder is beside the checkout or in NEWSLETTER_SHARED, else made
up; 3,000 more are the background. Topics are two to five words of the entries, the words and the topics drawn
by Zipf. Each part runs in processes of its own, whose largest memory is printed, and seconds of the
processor beside those of the wall. A million need 10 GB of disk; begin with 50,000.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.editions import LETTERHEAD
from benchmarks.million_index import ArrayIndex
from benchmarks.planning import FIRST_DAY, TOPICS_EACH, admit, contents
from newsletter.indexing import IndexKeeper
from newsletter.model import (
    Dressing,
    Entry,
    EntryContent,
    EntryId,
    NewEntry,
    ReleaseNo,
    RevisionId,
    SourceName,
    Topic,
)
from newsletter.rules.choosing import NOTHING, Asked, Columns, choose_many, make_shelf
from newsletter.rules.query import content_words
from newsletter.rules.twins import Twins
from newsletter.storage import (
    Entries,
    MessageOutbox,
    SlotLedger,
    SourceReports,
    Subscribers,
    open_database,
)
from newsletter.testing import FakeClock
from newsletter.workflows import PublishOrder, PublishPorts, get_ready, publish_by_batches

NEW: Final = 1_000
BACKGROUND: Final = 3_000
PARTS: Final = ("answer", "choose", "publish")
_SHARED: Final = Path(os.environ.get("NEWSLETTER_SHARED", Path(__file__).parents[2] / "shared"))
_PAPERS: Final = _SHARED / "data" / "arxiv" / "2026-05.jsonl.gz"
_COMMONEST: Final = 30
"""Words that stand in nearly every abstract: nobody asks for these."""
_BLOCK: Final = 2_000


class World(NamedTuple):
    """What is measured with."""

    subscribers: int
    topics: int
    processes: int
    url: str = ""
    is_real: bool = False
    """Whether topics are answered by the index of `serve`."""


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
    """Return as many topics of two to five words each."""
    dice = random.Random(11)  # noqa: S311 - topics, not secrets
    counted: Counter[str] = Counter()
    for paper in papers():
        counted.update(content_words(f"{paper.title} {paper.abstract}"))
    words = [word for word, times in counted.most_common() if times > 2 and word.isalpha()]
    words = words[_COMMONEST:]
    weights = list(accumulate(1 / (place + 1) for place in range(len(words))))
    made: dict[str, None] = {}
    while len(made) < count:
        some = dice.choices(words, cum_weights=weights, k=dice.randint(2, 5))
        made[" ".join(dict.fromkeys(some))] = None
    return [Topic(f"topic-{place}", text, about=text) for place, text in enumerate(made)]


def answer(world: World) -> None:
    """Answer all topics, block by block, and print the costs."""
    index = ArrayIndex(entries(), None)
    wanted = topics(world.topics)
    with _stopwatch(f"answered {world.topics:,} topics", world.topics):
        found = sum(map(len, index.answer_all(wanted)))
    print(f"    {found / world.topics:.1f} entries a topic", flush=True)


def choose(world: World) -> None:
    """Choose for all subscribers, without the words of the matches, and print the costs."""
    every = entries()
    new = every[-NEW:]
    shelf = make_shelf(new, Twins({entry.id: entry for entry in new}))
    columns = Columns(shelf)
    wanted = topics(world.topics)
    index = ArrayIndex(every, None)
    for topic, found in zip(wanted, index.answer_all(wanted), strict=True):
        columns.add(topic, found)
    shown = 0
    with _stopwatch(f"chose for {world.subscribers:,}", world.subscribers):
        for asked in _asked(world):
            for _, picked in choose_many(asked, columns):
                shown += int((picked.places[:, : picked.width] >= 0).sum())
    print(f"    {shown / world.subscribers:.1f} entries a letter", flush=True)


def publish(world: World) -> None:
    """Plan for the stretch of subscribers of one process, for everybody where it is the only one."""
    parts = world.processes
    bounds = [f"{number * 2**64 // parts:016x}" for number in range(parts)]
    stretches = [
        (low if place else "", high)
        for place, (low, high) in enumerate(zip(bounds, [*bounds[1:], None], strict=True))
    ]
    with _stopwatch(f"planned {world.subscribers:,} on SQLite", world.subscribers, own=False):
        _in_processes([(_plan, (world, *stretch)) for stretch in stretches])


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
        store.change((), lambda _, made=made: made, now=moment)
    SlotLedger(database).keep_dressing(Dressing(LETTERHEAD, {}))
    admit(database, world.subscribers, topics=topics(world.topics))
    database.close()


def _plan(world: World, above: str, below: str | None) -> None:
    database = open_database(world.url)
    ledger, clock = SlotLedger(database), FakeClock(FIRST_DAY)
    order = PublishOrder(ledger.keep_dressing(Dressing(LETTERHEAD, {})))
    outbox, reports = MessageOutbox(database), SourceReports(database)
    build = _KeptIndex() if not world.is_real else IndexKeeper()
    ports = PublishPorts(Entries(database), ledger, outbox, reports, clock, build)
    get_ready(order, ports)
    people = Subscribers(database).by_id(above=above, below=below)
    planned = letters = shown = 0
    with _stopwatch("  one process", world.subscribers // world.processes):
        for batch in publish_by_batches(people, order, ports):
            planned += len(batch.plans)
            editions = [plan.edition for plan in batch.plans if plan.edition]
            letters += len(editions)
            shown += sum(len(one.matches) for one in editions)
    print(f"    {planned:,} slots, {letters:,} letters of {shown / max(1, letters):.1f} entries")
    database.close()


class _KeptIndex:
    """Keeps the index of the last entries, as `IndexKeeper` does."""

    def __init__(self) -> None:
        self._entries: Sequence[Entry] = ()
        self._index: ArrayIndex | None = None

    def __call__(self, wanted: Sequence[Entry], background: object = None) -> ArrayIndex:
        del background
        if self._index is None or wanted != self._entries:
            self._entries, self._index = wanted, ArrayIndex(wanted, None)
        return self._index


def _asked(world: World) -> Iterator[Asked]:
    """Yield what subscribers want, some at a time: five different topics each, by Zipf."""
    dice = np.random.default_rng(5)
    weights = 1 / np.arange(1, world.topics + 1)
    bounds = np.cumsum(weights / weights.sum())
    for first in range(0, world.subscribers, _BLOCK):
        people = min(_BLOCK, world.subscribers - first)
        drawn = np.searchsorted(bounds, dice.random((people, TOPICS_EACH * 4)))
        rows = np.full((people, TOPICS_EACH), NOTHING, np.int64)
        for row, numbers in zip(rows, drawn.tolist(), strict=True):
            some = list(dict.fromkeys(numbers))[:TOPICS_EACH]
            row[: len(some)] = some
        yield Asked(rows, np.full(people, 10))


@contextmanager
def _stopwatch(what: str, count: int, *, own: bool = True) -> Iterator[None]:
    began, computed = time.perf_counter(), time.process_time()
    yield
    spent, computed = time.perf_counter() - began, time.process_time() - computed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    inside = f", {computed:.1f} s ({computed / count * 1e6:.1f} µs each) computed, {memory:.0f} MB at most"
    print(f"  {what} in {spent:.1f} s{inside if own else ''}", flush=True)


def _in_processes(work: Sequence[tuple[Callable[..., None], tuple[object, ...]]]) -> None:
    """Run each in a process of its own, all at once, so that each has its own memory."""
    spawning = multiprocessing.get_context("spawn")
    processes = [spawning.Process(target=run, args=args) for run, args in work]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def run(world: World, parts: Sequence[str] = PARTS) -> None:
    """Measure the parts, one after the other."""
    for name, part in (("answer", answer), ("choose", choose)):
        if name in parts:
            _in_processes([(part, (world,))])
    if "publish" not in parts:
        return
    with tempfile.TemporaryDirectory() as folder:
        stored = world._replace(url=f"sqlite:///{folder}/news.db")
        _in_processes([(prepare, (stored,))])
        publish(stored)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subscribers", type=int, default=1_000_000)
    parser.add_argument("--topics", type=int, default=100_000)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="answer topics as `serve` does")
    chosen = parser.parse_args()
    run(
        World(chosen.subscribers, chosen.topics, chosen.processes, is_real=chosen.real),
        chosen.parts.split(","),
    )
