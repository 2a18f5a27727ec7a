"""A newsroom over a real database, with a clock and a world that a test moves.

Entries are collected, letters planned and delivered by the real workflows; what arrives is read from
the bytes that were handed over.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from newsletter.indexing import build_index
from newsletter.model import (
    Document,
    Dressing,
    EmailAddress,
    EntryContent,
    FetchedEntry,
    Letterhead,
    Preferences,
    Pull,
    PullOrder,
    Receipt,
    RevisionId,
    SmtpPhase,
    SourceName,
    SubscriptionEvent,
    Topic,
)
from newsletter.ports import BeginData
from newsletter.rules.addresses import Secrets
from newsletter.rules.retry import classify
from newsletter.storage import (
    Entries,
    MessageOutbox,
    SlotLedger,
    SourceReports,
    Subscribers,
    open_database,
)
from newsletter.testing import FakeRenderer, FakeTransport
from newsletter.workflows import (
    CollectPorts,
    DeliverPorts,
    Press,
    Published,
    PublishOrder,
    PublishPorts,
    collect,
    deliver,
    publish,
)

WORDS: Final = ("robot", "whale", "quark", "glacier", "poem")
TOPICS: Final = {word: Topic(word, word.title(), query=word) for word in WORDS}
HEAD: Final = Letterhead(
    "Paper Round",
    "https://news.example.org",
    "news.example.org",
    EmailAddress("news@news.example.org"),
    "Paper Round",
    "1 Example Street",
    EmailAddress("editor@example.org"),
)
_WIRE: Final = SourceName("wire")
_NUMBER: Final = re.compile(rb"number-(\d+)-of")


@dataclass
class SetClock:
    """Shows what it was set to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class Wire:
    """A source of numbered entries, the last ten of them announced again at each pull."""

    entries: list[FetchedEntry] = field(default_factory=list)
    name: SourceName = _WIRE
    kind: str = "fake"

    def announce(self, word: str) -> int:
        """Announce one entry more about `word`; return its number."""
        number = len(self.entries)
        content = EntryContent(
            title=f"A {word} number-{number}-of", abstract=f"Seen once: the {word} {number}."
        )
        fetched = FetchedEntry(self.name, str(number), content, doi=f"10.1000/{number}")
        self.entries.append(fetched)
        return number

    def pull(self, order: PullOrder) -> Pull:
        del order
        return Pull(tuple(self.entries[-10:]))


@dataclass(frozen=True)
class Arrival:
    """One letter as it arrived: who got it, and the numbers of the entries it shows or names."""

    address: str
    numbers: tuple[int, ...]


class FlakyTransport(FakeTransport):
    """Asks those in `deferred` to come again later."""

    def __init__(self) -> None:
        super().__init__()
        self.deferred: set[str] = set()

    async def _answer(self, envelope: object, begin_data: BeginData) -> Receipt:
        recipient = getattr(envelope, "recipient", "")
        if recipient in self.deferred:
            return classify(SmtpPhase.RCPT, 451, "4.3.0 come again later")
        return await super()._answer(envelope, begin_data)  # type: ignore[arg-type]


class SimulatedNewsroom:
    """Everything of one newsletter; `restart` closes the database and opens it again."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.clock = SetClock(now)
        self.wire = Wire()
        self.transport = FlakyTransport()
        self._path = path
        self._read = 0
        self._open()
        self._database.migrate(now=now)

    def restart(self) -> None:
        self._database.close()
        self._open()

    def close(self) -> None:
        self._database.close()

    def subscribe(self, people: Sequence[Preferences]) -> None:
        self.subscribers.apply_all(
            [(one.email, "a test") for one in people],
            SubscriptionEvent.VOUCH,
            now=self.clock.now(),
            statement="a test",
        )
        self.adopt(people)

    def adopt(self, people: Iterable[Preferences]) -> None:
        documents = [Document(one, "", f"{one.email}.yaml:1") for one in people]
        self.subscribers.adopt(documents, now=self.clock.now())

    def tick(self, now: datetime) -> Published:
        """Collect, plan and deliver at `now`."""
        self.clock.moment = now
        collect([self.wire], CollectPorts(self.entries, self.log, self.clock))
        ports = PublishPorts(
            self.entries, self.ledger, self.outbox, self.log, self.clock, build_index
        )
        published = publish(self.subscribers.all(), PublishOrder(self._dressing), ports)
        if self.outbox.accounting().waiting:
            asyncio.run(deliver(self._delivering()))
        return published

    def arrivals(self) -> list[Arrival]:
        """Return the letters that arrived since the last call."""
        fresh = self.transport.delivered[self._read :]
        self._read = len(self.transport.delivered)
        return [
            Arrival(one.recipient, tuple(sorted({int(n) for n in _NUMBER.findall(one.message)})))
            for one in fresh
        ]

    def _open(self) -> None:
        self._database = open_database(f"sqlite:///{self._path}")
        self.entries = Entries(self._database)
        self.log = SourceReports(self._database)
        self.subscribers = Subscribers(self._database)
        self.ledger = SlotLedger(self._database)
        self.outbox = MessageOutbox(self._database)

    @property
    def _dressing(self) -> RevisionId:
        return self.ledger.keep_dressing(Dressing(HEAD, {}))

    def _delivering(self) -> DeliverPorts:
        press = Press(self.entries, self.ledger, FakeRenderer.from_templates, Secrets((b"k" * 16,)))
        return DeliverPorts(
            self.outbox, self.ledger, self.transport, press, self.clock, lambda: 0.5
        )
