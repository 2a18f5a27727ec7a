"""A newsroom in memory with hundreds of recent entries, a model of meaning and votes."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from newsletter.indexing import Meaning, build_index
from newsletter.model import (
    Cadence,
    Document,
    Edition,
    EmailAddress,
    EntryContent,
    EntryId,
    Every,
    NewEntry,
    Preferences,
    RevisionId,
    SourceName,
    Subscriber,
    SubscriptionEvent,
    Topic,
)
from newsletter.rules.planning import Schedule
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.meaning import WordEmbedder
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.stores import MemoryEntryStore, MemorySourceLog
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.testing.vectors import MemoryVectors
from newsletter.testing.votes import MemoryVotes
from newsletter.workflows import PublishOrder, PublishPorts, ReportPorts, plan_batch

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER: Final = PublishOrder(RevisionId("dress"), schedule=Schedule.IGNORE)
DAILY: Final = Cadence(Every.DAY, time(8), "UTC")
SOURCE: Final = SourceName("journal")

ROBOTS: Final = Topic("robots", "Robots", query="robot*")
BREAD: Final = "sourdough crust oven flour yeast"
ICE: Final = "glacier melting arctic floes meltwater"

_WORDS: Final = """
    account bridge candle desert engine fabric garden hammer island jacket kettle ladder market needle
    orchard pillow quarry ribbon saddle tunnel umbrella valley window yard zipper anchor basket copper
    dragon feather goblet
"""
_USUAL: Final = _WORDS.split()
_EMBEDDER: Final = WordEmbedder(dimensions=256)
_VECTORS: Final = MemoryVectors()
"""Of all tests together: a vector depends on nothing but its text."""


def usual(place: int) -> str:
    """Return six words, hardly ever the same ones: 31 is a prime."""
    return " ".join(_USUAL[(place * 7 + step * (1 + place % 30)) % 31] for step in range(6))


def some_of(field: str, place: int) -> str:
    """Return four of the five words of a field."""
    said = field.split()
    said.pop(place % len(said))
    return " ".join(said)


class Newsroom:
    """What was collected ten days ago is the background; `old` names entries of it on bread and ice."""

    def __init__(self, background: int = 700) -> None:
        self.clock = FakeClock(NOON)
        self.entries = MemoryEntryStore()
        self.ledger = MemoryLedger()
        self.people = MemorySubscriberStore(self.ledger)
        self.votes = MemoryVotes()
        meaning = Meaning(_EMBEDDER, _VECTORS, self.clock)
        self.ports = PublishPorts(
            self.entries,
            self.ledger,
            MemoryOutbox(self.ledger),
            MemorySourceLog(),
            self.clock,
            partial(build_index, meaning=meaning),
            self.votes,
        )
        self.reports = ReportPorts(self.people, self.ledger, self.ports.outbox, self.ports)
        before = NOON - timedelta(days=10)
        for place in range(4):
            self.announce(f"old bread {place}", some_of(BREAD, place), at=before)
            self.announce(f"old ice {place}", some_of(ICE, place), at=before)
        for place in range(background):
            self.announce(f"old {place}", usual(place), at=before)

    def announce(self, name: str, text: str, *, at: datetime = NOON - timedelta(hours=9)) -> None:
        """Collect an entry with the id `name`."""
        content = EntryContent(f"On {text}", f"{text} and nothing but {text}.")
        change = NewEntry(EntryId(name), content, SOURCE, frozenset())
        self.entries.change([], lambda _: [change], now=at)

    def announce_usual(self, count: int) -> None:
        """Collect new entries on this and that."""
        for place in range(count):
            self.announce(f"new {place}", usual(1_000 + place))

    def subscribe(self, wishes: Preferences) -> Subscriber:
        """Take somebody in."""
        before = NOON - timedelta(days=3)
        self.people.apply(wishes.email, SubscriptionEvent.VOUCH, now=before, statement="a test")
        self.people.adopt([Document(wishes, "", "a.yaml:1")], now=before)
        return next(one for one in self.people.all() if one.address == wishes.email)

    def vote(self, person: Subscriber, vote: int, *names: str) -> None:
        """Let somebody say what they think of entries."""
        ids = [EntryId(name) for name in names]
        self.votes.vote_all(person.id, ids, vote, now=NOON - timedelta(days=2))

    def letters(
        self, people: Sequence[Subscriber] | None = None, order: PublishOrder = ORDER
    ) -> dict[str, Edition | None]:
        """Return what each would get now, by address; nothing is written down."""
        batch = list(self.people.all()) if people is None else people
        plans, _ = plan_batch(batch, order, self.ports, now=self.clock.now())
        by_id = {plan.subscriber: plan.edition for plan in plans}
        return {one.address: by_id.get(one.id) for one in batch}

    def letter(self, person: Subscriber) -> list[str]:
        """Return the entries of one letter."""
        edition = self.letters([person])[person.address]
        return [match.entry for match in edition.matches] if edition else []


def reader(name: str, *topics: Topic) -> Preferences:
    """Return the wishes of somebody who has a letter each day."""
    return Preferences(EmailAddress(f"{name}@example.org"), cadence=DAILY, topics=topics)
