"""PUBLISH for many: whoever else is in the batch, everybody gets the letter that they would get alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from newsletter.indexing import build_index
from newsletter.model import (
    Document,
    EmailAddress,
    EntryContent,
    FetchedEntry,
    Follow,
    Order,
    Preferences,
    RevisionId,
    SlotPlan,
    SourceName,
    Subscriber,
    SubscriptionEvent,
    Topic,
    WhenEmpty,
)
from newsletter.rules.identity import keys_of, reconcile
from newsletter.rules.planning import Schedule
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.stores import MemoryEntryStore, MemorySourceLog
from newsletter.testing.subscribers import MemorySubscriberStore
from newsletter.workflows import PublishOrder, PublishPorts, publish

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = PublishOrder(RevisionId("dress"), schedule=Schedule.IGNORE)
SUBJECTS = ("robots", "proteins", "speech", "graphs", "privacy", "weather")
TOPICS = [Topic(name, name.title(), query=name) for name in SUBJECTS]
MANY = 40


@pytest.fixture
def ports() -> PublishPorts:
    ledger = MemoryLedger()
    entries = MemoryEntryStore()
    for number in range(60):
        one, other = SUBJECTS[number % 6], SUBJECTS[number % 5]
        # Of some papers a second one has nearly the same title.
        title = f"Study {number - number % 20 % 2} of {one} with {other} for all who know both of them well"
        content = EntryContent(
            title, f"On {one}.", upvotes=number % 9, authors=(f"A {number % 4}",)
        )
        fetched = (FetchedEntry(SourceName("s"), str(number), content),)
        entries.change(keys_of(fetched[0]), partial(reconcile, fetched), now=NOON)
    outbox = MemoryOutbox(ledger)
    log = MemorySourceLog()
    return PublishPorts(entries, ledger, outbox, log, FakeClock(NOON), build_index)


def wishes(number: int) -> Preferences:
    """Return what a reader wants: most are the usual ones, every tenth is another special one."""
    address = EmailAddress(f"reader{number:02}@example.org")
    usual = Preferences(
        address,
        topics=tuple(TOPICS[(number * step) % 6] for step in (1, 2, 3)[: 1 + number % 3]),
        at_most=1 + number % 12,
        order=list(Order)[number % 3],
    )
    topics = tuple(dict.fromkeys(usual.topics))
    nothing = (Topic("none", "None", query="unheard"),)
    special = {
        5: replace(usual, topics=(Topic("x", "X", query="((robots"),)),
        15: replace(usual, mute=("proteins",)),
        25: replace(usual, follow=Follow(authors=("A 1",))),
        35: replace(usual, topics=nothing, when_empty=WhenEmpty.NOTE),
        36: replace(usual, topics=nothing, when_empty=WhenEmpty.CARRY),
        37: replace(usual, topics=nothing),
        38: replace(usual, topics=()),
        39: replace(usual, minimum_upvotes=5),
    }
    return special.get(number, replace(usual, topics=topics))


@pytest.fixture
def people(ports: PublishPorts) -> list[Subscriber]:
    assert isinstance(ports.ledger, MemoryLedger)
    store = MemorySubscriberStore(ports.ledger)
    before = NOON - timedelta(days=3)
    for number in range(MANY):
        preferences = wishes(number)
        store.apply(preferences.email, SubscriptionEvent.VOUCH, now=before, statement="a test")
        store.adopt([Document(preferences, "", "a.yaml:1")], now=before)
    return list(store.all())


def test_many_get_the_letters_that_each_would_get_alone(
    ports: PublishPorts, people: list[Subscriber]
) -> None:
    alone: dict[str, SlotPlan] = {}
    reasons: dict[str, str] = {}
    fresh = replace(ports, ledger=MemoryLedger())
    for person in people:
        published = publish([person], ORDER, fresh)
        alone |= {plan.subscriber: plan for plan in published.plans}
        reasons |= {one.id: silence.detail for one, silence in published.silences}

    together = publish(people, ORDER, ports)

    assert {plan.subscriber: plan for plan in together.plans} == alone
    assert {one.id: silence.detail for one, silence in together.silences} == reasons
    assert len(alone) > MANY / 2
    assert len(reasons) > 2
