"""What the ledger costs a row: the statements that a send repeats, on SQLite and on PostgreSQL.

    python -m benchmarks storage

A row is a message, a plan or a person. Of the two figures the first is the time by the clock, commits
that survive a power cut included; the second is what this process computed meanwhile. A message
costs one claim, one beginning and one end; `record` here writes 100 ends and 100 beginnings at a time,
as many connections do together. The median of the calls is printed.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import TypeVar

from newsletter.model import (
    Beginning,
    OutboxEvent,
    OutboxItem,
    Settlement,
    SlotPlan,
    SubscriberId,
)
from newsletter.storage import Database, MessageOutbox, SlotLedger, open_database
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from newsletter.testing.postgresql import run_postgresql
from tests.admitting import admit_all

NOW = FIRST_SLOT_AT
PEOPLE = 5_000
PLANS = 1_000
CHUNK = 100
ENTRIES = 400
SHOWN = 10

_Result = TypeVar("_Result")


class Watch:
    """Times calls by name, in microseconds for each row."""

    def __init__(self) -> None:
        self._laps: dict[str, list[tuple[float, float]]] = {}

    def time(self, name: str, rows: int, call: Callable[[], _Result]) -> _Result:
        """Return what `call` returns, and note how long it took."""
        clock, computed = time.perf_counter(), time.process_time()
        result = call()
        lap = (time.perf_counter() - clock, time.process_time() - computed)
        self._laps.setdefault(name, []).append((lap[0] * 1e6 / rows, lap[1] * 1e6 / rows))
        return result

    def report(self) -> None:
        """Print the medians."""
        for name, laps in self._laps.items():
            clock, computed = (median(one) for one in zip(*laps, strict=True))
            print(f"  {name:<34}{clock:9.1f} µs{computed:9.1f} µs computed")


def plan_of(person: int) -> SlotPlan:
    """Return a plan of ten entries, as most people have."""
    return make_plan(f"p{person:05}", [f"e{(person + n) % ENTRIES}" for n in range(SHOWN)])


def beginnings(items: Sequence[OutboxItem]) -> list[Beginning]:
    """Return what is noted before the dots of these messages."""
    return [Beginning(item.id, f"<{item.id:020}@example.org>", f"{item.id:064}") for item in items]


def ends(items: Sequence[OutboxItem]) -> list[Settlement]:
    """Return what is noted after their answers."""
    return [Settlement(one.id, OutboxEvent.ACCEPT, f"250 2.0.0 {one.id:08X}") for one in items]


def plan_everybody(database: Database, watch: Watch) -> None:
    """Plan one letter for each person."""
    ledger = SlotLedger(database)
    people = [SubscriberId(f"p{person:05}") for person in range(PEOPLE)]
    entries = [f"e{number}" for number in range(40)]
    for start in range(0, PEOPLE, PLANS):
        plans = [plan_of(person) for person in range(start, start + PLANS)]
        written = watch.time("Ledger.plan(1000)", PLANS, lambda plans=plans: ledger.plan(plans))
        assert len(written) == PLANS
    for start in range(0, PEOPLE, PLANS):
        here = people[start : start + PLANS]
        marks = watch.time("Ledger.marks(1000)", PLANS, lambda here=here: ledger.marks(here))
        standings = list(marks.values())
        watch.time(
            "Ledger.with_appearances(1000, 40)",
            PLANS,
            lambda some=standings: ledger.with_appearances(some, entries),
        )


def send_everything(database: Database, watch: Watch) -> None:
    """Take every letter through claim, beginning and end, a hundred at a time."""
    ledger, outbox = SlotLedger(database), MessageOutbox(database)
    before: Sequence[OutboxItem] = ()
    while True:
        items = watch.time("Outbox.claim(100)", CHUNK, lambda: outbox.claim(now=NOW, limit=CHUNK))
        if not items:
            break
        wanted = [item.edition for item in items if item.edition]
        watch.time("Ledger.editions(100)", CHUNK, lambda some=wanted: ledger.editions(some))
        ended, begun = ends(before), beginnings(items)
        watch.time(
            "Outbox.record(100 ends, 100 begun)",
            CHUNK,
            lambda e=ended, b=begun: outbox.record(ended=e, begun=b, now=NOW),
        )
        before = items
    outbox.record(ended=ends(before), now=NOW)
    assert outbox.accounting().sent == PEOPLE


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Give the addresses of two empty databases whose commits survive a power cut."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(run_postgresql(is_durable=True))
        yield {"SQLite": f"sqlite:///{folder}/news.db", "PostgreSQL": server.url("postgres")}


def run() -> None:
    """Print the costs on both."""
    with databases() as urls:
        for name, url in urls.items():
            print(f" {name}")
            database, watch = open_database(url), Watch()
            database.migrate()
            admit_all(database, [f"p{person:05}" for person in range(PEOPLE)])
            plan_everybody(database, watch)
            send_everything(database, watch)
            watch.report()
            database.close()
