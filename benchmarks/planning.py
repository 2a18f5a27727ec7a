"""What planning costs a subscriber: everybody due at the same moment, each with topics of their own.

    python -m benchmarks.planning [SUBSCRIBERS …] [--on postgresql] [--days 2]

Five topics each, drawn from the shipped catalogue so that few are asked for by many and many by few
(Zipf); a thousand entries are new on the first day and two hundred on each day after it. Each size runs in
a process of its own, whose largest memory is printed: it must not grow with the subscribers. A million need
about 8 GB of disk for one day: `TMPDIR` says where, and `--days 1` is enough for the target of a minute.
"""

import argparse
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

from sqlalchemy import update

from benchmarks.editions import LETTERHEAD, read_papers
from newsletter.config import copy_starter, load_config
from newsletter.indexing import IndexKeeper
from newsletter.model import (
    Cadence,
    Dressing,
    EmailAddress,
    EntryContent,
    EntryId,
    Every,
    NewEntry,
    OutboxState,
    Preferences,
    SourceName,
    Strictness,
    SubscriptionState,
    Topic,
)
from newsletter.storage import (
    Database,
    Entries,
    MessageOutbox,
    SlotLedger,
    SourceReports,
    Subscribers,
    open_database,
)
from newsletter.storage.bulk_columns import Columns, Same, insert_columns
from newsletter.storage.codec import write_preferences
from newsletter.storage.columns import table_of
from newsletter.storage.tables import OutboxRow, SubscriberRow
from newsletter.testing import FakeClock
from newsletter.testing.postgresql import run_postgresql
from newsletter.workflows import PublishOrder, PublishPorts, get_ready, publish_by_batches

SIZES: Final = (10_000, 100_000)
FIRST_DAY: Final = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)
NEW_AT_FIRST: Final = 1_000
NEW_LATER: Final = 200
TOPICS_EACH: Final = 5
_PIECE: Final = 10_000
_NOBODY: Final = "nobody@example.org"
_NO_TOPICS: Final = '"topics":[]'


def catalogue() -> list[Topic]:
    """Return the topics of the shipped catalogue."""
    with tempfile.TemporaryDirectory() as scratch:
        copy_starter(Path(scratch), timezone="UTC")
        offered = load_config(Path(scratch) / "config.yaml").catalogue()
    return [one.topic for one in offered.values()]


def contents(count: int, seed: int) -> list[EntryContent]:
    """Return made-up papers: two of five are like the sample papers, the others nobody's topic."""
    dice = random.Random(seed)  # noqa: S311 - papers, not secrets
    papers = list(read_papers().values())
    neutral = ("Anew", "Revisited", "in Practice", "at Scale", "Reconsidered", "under Noise")
    made = []
    for number in range(count):
        paper, other = dice.sample(papers, 2)
        if number % 5 >= 2:  # what nobody asked for
            made.append(EntryContent(f"On the lemma of case {number}", "It holds."))
            continue
        title = f"{paper.title}, {dice.choice(neutral)} {number} {other.title.split()[0]}"
        made.append(replace(paper, title=title, upvotes=dice.randrange(90)))
    return made


def admit(
    database: Database,
    count: int,
    begins_at: datetime = FIRST_DAY,
    topics: Sequence[Topic] | None = None,
    strictness: Strictness = Strictness.NORMAL,
) -> None:
    """Make confirmed subscribers with five topics each, who get a letter each day at that time.

    `topics` stand in the order of how many ask for them; None: those of the catalogue.
    """
    topics = catalogue() if topics is None else topics
    dice = random.Random(5)  # noqa: S311 - people, not secrets
    weights = list(accumulate(1 / (place + 1) for place in range(len(topics))))
    cadence = Cadence(Every.DAY, at=begins_at.time().replace(second=0))
    plain = Preferences(EmailAddress(_NOBODY), cadence=cadence, strictness=strictness)
    pattern = _Pattern(plain, topics)
    numbers = iter(range(count))
    while piece := list(islice(numbers, _PIECE)):
        ids, addresses, documents = [], [], []
        for number in piece:
            chosen: dict[int, None] = {}
            while len(chosen) < TOPICS_EACH:
                chosen[dice.choices(range(len(topics)), cum_weights=weights)[0]] = None
            address = EmailAddress(f"reader{number}@example{number % 97}.net")
            ids.append(f"{dice.getrandbits(64):016x}")
            addresses.append(address)
            documents.append(pattern.write(address, chosen))
        before = Same(begins_at - timedelta(days=3))
        columns: Columns = {
            "id": ids,
            "address_key": addresses,
            "address": addresses,
            "state": Same(SubscriptionState.CONFIRMED),
            "since_at": before,
            "confirmed_at": before,
            "preferences": documents,
            "cadence_since_at": before,
            "is_disowned": Same(value=False),
        }
        with database.writing() as connection:
            insert_columns(connection, table_of(SubscriberRow), len(ids), columns)


class _Pattern:
    """Writes documents that differ by their address and topics alone, without writing all anew."""

    def __init__(self, plain: Preferences, topics: Sequence[Topic]) -> None:
        whole = write_preferences(plain)
        self._beginning, _, rest = whole.partition(_NOBODY)
        self._middle, _, self._end = rest.partition(_NO_TOPICS)
        self._topics = [self._write(plain, topic) for topic in topics]

    def write(self, address: str, chosen: Iterable[int]) -> str:
        """Return what `write_preferences` would write."""
        topics = ",".join(self._topics[place] for place in chosen)
        return f'{self._beginning}{address}{self._middle}"topics":[{topics}]{self._end}'

    def _write(self, plain: Preferences, topic: Topic) -> str:
        whole = write_preferences(replace(plain, topics=(topic,)))
        return whole.removeprefix(
            f'{self._beginning}{_NOBODY}{self._middle}"topics":['
        ).removesuffix(f"]{self._end}")


def announce(entries: Entries, count: int, now: datetime) -> None:
    """Store as many new entries."""
    new = [
        NewEntry(EntryId(f"e{now:%d}-{number}"), content, SourceName("made"), frozenset())
        for number, content in enumerate(contents(count, now.day))
    ]
    entries.change((), lambda _: new, now=now - timedelta(hours=2))


def measure(count: int, url: str, days: int) -> None:
    """Plan for everybody on each of the days, and print what it cost."""
    database = open_database(url)
    database.migrate()
    entries, ledger, clock = Entries(database), SlotLedger(database), FakeClock(FIRST_DAY)
    subscribers = Subscribers(database)
    began = time.perf_counter()
    admit(database, count)
    print(f"  {count:>9,} subscribers were made in {time.perf_counter() - began:.0f} s", flush=True)
    dressing = ledger.keep_dressing(Dressing(LETTERHEAD, {}))
    ports = PublishPorts(
        entries, ledger, MessageOutbox(database), SourceReports(database), clock, IndexKeeper()
    )
    for day in range(days):
        announce(entries, NEW_LATER if day else NEW_AT_FIRST, clock.now())
        get_ready(PublishOrder(dressing), ports)  # as `serve` does when entries have come
        _plan(count, day, PublishOrder(dressing), ports, subscribers)
        if day + 1 < days:
            with database.writing() as connection:
                connection.execute(update(table_of(OutboxRow)).values(state=OutboxState.SENT))
        clock.move(timedelta(days=1))
    database.close()


def _plan(
    count: int, day: int, order: PublishOrder, ports: PublishPorts, subscribers: Subscribers
) -> None:
    began, computed = time.perf_counter(), time.process_time()
    first = letters = shown = 0.0
    for batch in publish_by_batches(subscribers.by_id(), order, ports):
        first = first or time.perf_counter() - began
        editions = [plan.edition for plan in batch.plans if plan.edition]
        letters += len(editions)
        shown += sum(len(one.matches) for one in editions)
    spent, computed = time.perf_counter() - began, time.process_time() - computed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {count:>9,} subscribers, day {day + 1}: {spent:7.1f} s, {spent / count * 1e6:6.0f} µs each"
        f" ({computed / count * 1e6:.0f} µs computed); first planned after {first:.2f} s;"
        f" {letters:,.0f} letters of {shown / max(letters, 1):.1f} entries; {memory:.0f} MB at most",
        flush=True,
    )


def run(sizes: Sequence[int] = SIZES, store: str = "sqlite", days: int = 2) -> None:
    """Measure each size in a process of its own."""
    for count in sizes:
        with _database(store) as url:
            process = multiprocessing.get_context("spawn").Process(
                target=measure, args=(count, url, days)
            )
            process.start()
            process.join()


@contextmanager
def _database(store: str) -> Iterator[str]:
    if store == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/news.db"
        return
    with run_postgresql(is_durable=True) as server:
        yield server.url("postgres")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--days", type=int, default=2)
    chosen = parser.parse_args()
    run(chosen.sizes or SIZES, chosen.on, chosen.days)
