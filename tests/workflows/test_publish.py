"""PUBLISH, with everything in memory: one who cannot be decided on stops nobody else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.indexing import build_index
from newsletter.model import (
    Cadence,
    Document,
    EmailAddress,
    EntryContent,
    EntryId,
    FetchedEntry,
    OutboxEvent,
    Preferences,
    RevisionId,
    SilenceReason,
    SourceName,
    Standing,
    SubscriberId,
    SubscriptionEvent,
    Topic,
    WhenEmpty,
)
from newsletter.rules.identity import keys_of, reconcile
from newsletter.rules.planning import Schedule
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import begin, settle
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.stores import MemoryEntryStore, MemorySourceLog
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.workflows import Published, PublishOrder, PublishPorts, publish

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = PublishOrder(RevisionId("dress"), schedule=Schedule.IGNORE)
SCHEDULED = PublishOrder(RevisionId("dress"))
ROBOTS = Topic("robots", "Robots", query="robot*")


class Newsroom:
    def __init__(self, ledger: MemoryLedger | None = None) -> None:
        self.clock = FakeClock(NOON)
        self.entries = MemoryEntryStore()
        self.ledger = ledger or MemoryLedger()
        self.outbox = MemoryOutbox(self.ledger)
        self.people = MemorySubscriberStore(self.ledger)
        self.ports = PublishPorts(
            self.entries,
            self.ledger,
            self.outbox,
            MemorySourceLog(),
            self.clock,
            build_index,
        )

    def announce(self, title: str, upvotes: int | None = None) -> None:
        content = EntryContent(title=title, abstract=f"All about {title}.", upvotes=upvotes)
        fetched = (FetchedEntry(SourceName("s"), title, content),)
        self.entries.change(
            keys_of(fetched[0]), lambda known: reconcile(fetched, known), now=self.clock.now()
        )

    def subscribe(self, address: str, preferences: Preferences | None = None) -> None:
        email = EmailAddress(address)
        plain = Preferences(email, topics=(ROBOTS,))
        before = self.clock.now() - timedelta(days=3)
        self.people.apply(email, SubscriptionEvent.VOUCH, now=before, statement="a test")
        document = Document(preferences or plain, "", "a.yaml:1")
        self.people.adopt([document], now=before)

    def deliver(self) -> None:
        for item in self.outbox.claim(now=self.clock.now(), limit=10):
            begin(self.outbox, item)
            settle(self.outbox, item, OutboxEvent.ACCEPT)

    def publish(self, order: PublishOrder = ORDER) -> Published:
        return publish(self.people.all(), order, self.ports)

    def titles(self, published: Published) -> dict[str, set[str]]:
        return {
            plan.edition.reader.address: {
                self.entries.get([match.entry])[match.entry].content.title
                for match in plan.edition.matches
            }
            for plan in published.plans
            if plan.edition
        }


def test_everyone_with_something_new_gets_a_letter() -> None:
    room = Newsroom()
    room.announce("Robots at sea")
    room.subscribe("ada@example.org")
    assert room.titles(room.publish()) == {"ada@example.org": {"Robots at sea"}}
    assert room.publish().plans == ()


def test_an_unknown_zone_or_an_unreadable_topic_costs_nobody_else_the_letter() -> None:
    room = Newsroom()
    room.announce("Robots at sea")
    odd_zone = Preferences(EmailAddress("a@example.org"), cadence=Cadence(timezone="Mars/Base"))
    odd_topic = Preferences(
        EmailAddress("b@example.org"), topics=(Topic("x", "X", query="((robot"),)
    )
    room.subscribe("a@example.org", odd_zone)
    room.subscribe("b@example.org", odd_topic)
    room.subscribe("c@example.org")
    published = room.publish()
    assert room.titles(published) == {"c@example.org": {"Robots at sea"}}
    reasons = {person.address: silence.reason for person, silence in published.silences}
    assert reasons == {
        "a@example.org": SilenceReason.TROUBLE,
        "b@example.org": SilenceReason.TROUBLE,
    }


def test_a_mended_topic_finds_what_came_while_it_was_unreadable() -> None:
    room = Newsroom()
    email = EmailAddress("b@example.org")
    broken = Preferences(email, topics=(Topic("x", "X", query="((robot"),))
    room.subscribe("b@example.org", broken)
    room.announce("Robots at sea")
    assert room.publish(SCHEDULED).plans == ()
    mended = Document(replace(broken, topics=(ROBOTS,)), "", "b.yaml:1")
    room.people.adopt([mended], now=room.clock.now())
    assert room.titles(room.publish(SCHEDULED)) == {"b@example.org": {"Robots at sea"}}


def test_an_entry_that_gets_its_up_votes_later_comes_later() -> None:
    room = Newsroom()
    asking = Preferences(EmailAddress("ada@example.org"), topics=(ROBOTS,), minimum_upvotes=10)
    room.subscribe("ada@example.org", asking)
    room.announce("Robots at sea", upvotes=1)
    room.announce("Robots on land", upvotes=20)
    assert room.titles(room.publish(SCHEDULED)) == {"ada@example.org": {"Robots on land"}}
    room.deliver()
    room.clock.move(timedelta(days=1))
    room.announce("Robots at sea", upvotes=99)
    room.announce("Robots on land", upvotes=120)
    assert room.titles(room.publish(SCHEDULED)) == {"ada@example.org": {"Robots at sea"}}
    room.deliver()
    room.clock.move(timedelta(days=1))
    assert room.titles(room.publish(SCHEDULED)) == {}


class AskedLedger(MemoryLedger):
    """Remembers about whom it was asked what they were sent."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[SubscriberId] = []

    def with_appearances(
        self, standings: Iterable[Standing], entries: Collection[EntryId]
    ) -> Mapping[SubscriberId, Standing]:
        some = list(standings)
        self.asked += [standing.subscriber for standing in some]
        return super().with_appearances(some, entries)


def test_what_was_sent_is_read_only_where_an_old_entry_can_come_again() -> None:
    ledger = AskedLedger()
    room = Newsroom(ledger)
    room.subscribe("ada@example.org")
    bob, eve = (
        Preferences(EmailAddress(f"{name}@example.org"), topics=(ROBOTS,))
        for name in ("bob", "eve")
    )
    room.subscribe(bob.email, replace(bob, minimum_upvotes=2))
    room.subscribe(eve.email, replace(eve, when_empty=WhenEmpty.CARRY))
    room.announce("Robots")

    room.publish()

    asked = {one.address for one in room.people.all() if one.id in ledger.asked}
    assert asked == {bob.email, eve.email}
