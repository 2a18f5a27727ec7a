"""A newsroom whose one source has a bad day at the imitated services, while another has a good one."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from newsletter.indexing import build_index
from newsletter.model import (
    Cadence,
    Document,
    Dressing,
    Edition,
    EmailAddress,
    Entry,
    Preferences,
    SourceName,
    SourceReport,
    SubscriptionEvent,
    Topic,
)
from newsletter.ports import Clock, Paces, Source, Web
from newsletter.rules.collecting import SourceTerms
from newsletter.rules.planning import Schedule
from newsletter.sources import (
    ArxivSource,
    BiorxivSource,
    CrossrefSource,
    DailyPapersSource,
    FeedSource,
    Machine,
    OpenReviewSource,
    PoliteWeb,
    SemanticScholarSource,
)
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.paces import MemoryPaces
from newsletter.testing.plans import LETTERHEAD
from newsletter.testing.services import FEEDS, VENUE, Services
from newsletter.testing.stores import MemoryEntryStore, MemorySourceLog
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.workflows import CollectPorts, PublishOrder, PublishPorts, collect, publish

MakeSource = Callable[[SourceName, Web, Services, timedelta], Source]

CATEGORIES: Final = ("cs", "stat")
SOURCES: Final[Mapping[str, MakeSource]] = {
    "daily-papers": lambda name, web, at, deadline: DailyPapersSource(
        name, web, base=at.base("daily-papers"), deadline=deadline
    ),
    "arxiv": lambda name, web, at, deadline: ArxivSource(
        name, web, CATEGORIES, base=at.base("arxiv"), deadline=deadline
    ),
    "biorxiv": lambda name, web, at, deadline: BiorxivSource(
        name, web, base=at.base("biorxiv"), deadline=deadline
    ),
    "crossref": lambda name, web, at, deadline: CrossrefSource(
        name,
        web,
        "learning sleep protein",
        ("journal-article", "posted-content"),
        "editor@example.org",
        base=at.base("crossref"),
        deadline=deadline,
    ),
    "semantic-scholar": lambda name, web, at, deadline: SemanticScholarSource(
        name, web, "reinforcement learning", base=at.base("semantic-scholar"), deadline=deadline
    ),
    "openreview": lambda name, web, at, deadline: OpenReviewSource(
        name,
        web,
        (VENUE.format(year=at.now().year),),
        base=at.base("openreview"),
        deadline=deadline,
    ),
    "blogs": lambda name, web, at, deadline: FeedSource(
        name, web, f"{at.base('blogs')}/workshop/{FEEDS['workshop'][0]}", deadline=deadline
    ),
}
"""A source of each service, named as it is."""

ALLOWED: Final = ("127.0.0.1",)


@dataclass
class OwnTime:
    """The time of one source: it stands still but for the waits of that source."""

    clock: FakeClock
    waited_s: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.waited_s += seconds
        self.clock.move(timedelta(seconds=seconds))

    def machine(self) -> Machine:
        return Machine(
            now=self.clock.now, monotonic=lambda: self.clock.now().timestamp(), sleep=self.sleep
        )


@dataclass
class Desk:
    """Stores in memory, and one subscriber who wants all that there is."""

    clock: Clock
    entries: MemoryEntryStore = field(default_factory=MemoryEntryStore)
    log: MemorySourceLog = field(default_factory=MemorySourceLog)

    def collect(self, *sources: Source) -> tuple[SourceReport, ...]:
        terms = {one.name: SourceTerms(since=date(2026, 1, 1)) for one in sources}
        return collect(sources, CollectPorts(self.entries, self.log, self.clock, terms))

    def of(self, source: str) -> tuple[Entry, ...]:
        return tuple(self.entries.find(source=SourceName(source), admission=None))

    def letter(self, about: str) -> Edition | None:
        """Return the letter of somebody who wants all entries of the source `about`."""
        ledger = MemoryLedger()
        readers = MemorySubscriberStore(ledger)
        address = EmailAddress("ada@example.org")
        wishes = Preferences(
            address,
            cadence=Cadence(),
            topics=(Topic("all", "All", query=f"source:{about}"),),
            at_most=100,
        )
        now = self.clock.now()
        readers.apply_all([(address, "")], SubscriptionEvent.VOUCH, now=now, statement="a test")
        readers.adopt([Document(wishes, "", "ada.yaml:1")], now=now)
        outbox = MemoryOutbox(ledger)
        ports = PublishPorts(self.entries, ledger, outbox, self.log, self.clock, build_index)
        dressing = ledger.keep_dressing(Dressing(LETTERHEAD, {}))
        done = publish(readers.all(), PublishOrder(dressing, (), Schedule.IGNORE), ports)
        return next((plan.edition for plan in done.plans), None)


@dataclass
class BadDay:
    """The services, and a source of each in a time of its own."""

    services: Services
    desk: Desk
    paces: Paces = field(default_factory=MemoryPaces)
    times: dict[str, OwnTime] = field(default_factory=dict)

    def source(self, name: str, deadline: timedelta = timedelta(minutes=10)) -> Source:
        """Return a source whose waits take no time."""
        own = self.times.setdefault(name, OwnTime(FakeClock(self.services.now())))
        return self._make(name, own.machine(), deadline)

    def source_in_real_time(self, name: str, deadline: timedelta) -> Source:
        """Return a source that waits on the clock of the wall."""
        return self._make(name, Machine(), deadline)

    def _make(self, name: str, machine: Machine, deadline: timedelta) -> Source:
        web = PoliteWeb(self.paces, "newsletter/test", allow=ALLOWED, machine=machine)
        return SOURCES[name](SourceName(name), web, self.services, deadline)


def next_day(services: Services, day: BadDay) -> datetime:
    """Let a day pass for everybody."""
    moment = services.advance(timedelta(days=1))
    for own in day.times.values():
        own.clock.move(moment - own.clock.now())
    return moment


def stopwatch() -> Callable[[], float]:
    """Return a function that tells how many seconds of the wall's clock passed since now."""
    begun = time.monotonic()
    return lambda: time.monotonic() - begun
