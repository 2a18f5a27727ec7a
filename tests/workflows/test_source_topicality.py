"""What a source's settings make of its entries reaches the letter, a trial of it, and the operator."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from newsletter.indexing import build_index
from newsletter.model import (
    Cadence,
    Document,
    EmailAddress,
    EntryContent,
    EntryId,
    Every,
    Follow,
    NewEntry,
    Order,
    Preferences,
    RevisionId,
    SourceName,
    Subscriber,
    SubscriptionEvent,
    Topic,
)
from newsletter.rules.planning import Schedule
from newsletter.rules.topicality import EntryField, SourceTopicality, Topicality
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.stores import MemoryEntryStore, MemorySourceLog
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.workflows import (
    PublishOrder,
    PublishPorts,
    ReportPorts,
    TrialPorts,
    explain,
    publish,
    try_out,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = EmailAddress("ada@example.org")
ROBOTS = Topic("robots", "Robots", query="robot*")
DAILY = Cadence(Every.DAY, time(8), "UTC")
WISHES = Preferences(ADA, None, DAILY, (ROBOTS,), follow=Follow(authors=("Ken Roe",)))
BLOG, JOURNAL, CLUB = SourceName("blog"), SourceName("journal"), SourceName("club")
TOPICALITY: Topicality = {
    BLOG: SourceTopicality(weight=0.5, fields=frozenset({EntryField.TITLE})),
    CLUB: SourceTopicality(topics=(ROBOTS,)),
}


class Newsroom:
    def __init__(self, topicality: Topicality) -> None:
        self.clock = FakeClock(NOON)
        self.entries = MemoryEntryStore()
        self.people = MemorySubscriberStore(MemoryLedger())
        ledger = MemoryLedger()
        outbox = MemoryOutbox(ledger)
        self.index = partial(build_index, topicality=topicality)
        self.topicality = topicality
        self.order = PublishOrder(RevisionId("d"), (), Schedule.IGNORE, topicality)
        ports = PublishPorts(
            self.entries, ledger, outbox, MemorySourceLog(), self.clock, self.index
        )
        self.ports = ReportPorts(self.people, ledger, outbox, ports)

    def announce(self, title: str, source: SourceName, abstract: str = "It rows.") -> None:
        authors = ("Ken Roe",) if title == "Followed" else ()
        content = EntryContent(title, abstract, authors=authors)
        change = NewEntry(EntryId(title), content, source, frozenset())
        self.entries.change([], lambda _: [change], now=NOON - timedelta(hours=9))

    def subscribe(self, wishes: Preferences) -> Subscriber:
        before = NOON - timedelta(days=3)
        self.people.apply(ADA, SubscriptionEvent.VOUCH, now=before, statement="a test")
        self.people.adopt([Document(wishes, "", "a.yaml:1")], now=before)
        return next(iter(self.people.all()))

    def letter(self) -> list[str]:
        published = publish(self.people.all(), self.order, self.ports.publishing)
        editions = [plan.edition for plan in published.plans if plan.edition]
        return [one.entry for edition in editions for one in edition.matches]

    def trial(self, wishes: Preferences) -> list[str]:
        ports = TrialPorts(self.entries, self.clock, self.index, self.topicality)
        editions = try_out(wishes, (), ports, span=timedelta(days=1)).editions
        return [one.entry for edition in editions for one in edition.matches]


def filled(topicality: Topicality) -> Newsroom:
    room = Newsroom(topicality)
    room.announce("Robots in a blog", BLOG)
    room.announce("A robot in a journal", JOURNAL, "It rows, and does so for a long time. " * 9)
    room.announce("Seen below", BLOG, "Robots.")
    room.announce("Tea and cake", CLUB)
    room.announce("Followed", BLOG)
    return room


def test_a_light_source_comes_later_and_a_source_of_a_topic_comes_with_it() -> None:
    room = filled(TOPICALITY)
    room.subscribe(WISHES)

    tried, sent = room.trial(WISHES), room.letter()
    assert tried == sent
    assert sent == ["Followed", "Tea and cake", "A robot in a journal", "Robots in a blog"]


def test_without_settings_every_source_counts_alike() -> None:
    room = filled({})
    room.subscribe(WISHES)

    sent = room.letter()
    assert sent == ["Followed", "Robots in a blog", "Seen below", "A robot in a journal"]


def test_mute_sees_what_topics_do_not() -> None:
    room = filled(TOPICALITY)
    muting = Preferences(ADA, None, DAILY, (ROBOTS,), mute=("abstract:rows",))
    room.subscribe(muting)

    assert room.letter() == []


def test_a_letter_by_date_keeps_its_order() -> None:
    by_date = Preferences(ADA, None, DAILY, (ROBOTS,), order=Order.NEWEST)
    light = filled({BLOG: SourceTopicality(weight=0.01)})
    light.announce("Robots of today", BLOG)
    light.subscribe(by_date)

    assert set(light.letter()) == {
        "Robots in a blog",
        "A robot in a journal",
        "Seen below",
        "Robots of today",
    }


def test_the_operator_sees_the_weight_as_a_term_before_and_after_it_is_sent() -> None:
    room = filled(TOPICALITY)
    ada = room.subscribe(WISHES)

    now = explain(ada, "Robots in a blog", room.order, room.ports)
    room.letter()
    sent = explain(ada, "Robots in a blog", room.order, room.ports)

    assert now.match
    assert [term.name for term in now.match.terms] == [
        "topic Robots",
        "source \N{MULTIPLICATION SIGN} 0.5",
    ]
    assert now.match.terms[1].value == -now.match.terms[0].value / 2
    assert sent.was_sent
    assert sent.match == now.match


def test_an_entry_that_topics_may_not_look_into_is_explained_as_no_match() -> None:
    room = filled(TOPICALITY)
    ada = room.subscribe(WISHES)

    assert explain(ada, "Seen below", room.order, room.ports).match is None
