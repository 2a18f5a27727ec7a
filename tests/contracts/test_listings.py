"""What every listing of what is stored does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from newsletter.model import (
    Admission,
    EmailAddress,
    EntryContent,
    EntryId,
    IdentityKey,
    NewEntry,
    OutboxId,
    OutboxState,
    ReleaseNo,
    SourceName,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
)
from newsletter.ports import EntryStore, Ledger, Listings, SubscriberStore
from newsletter.rules.addresses import Secrets
from newsletter.storage import (
    Database,
    Entries,
    SlotLedger,
    StoredListings,
    Subscribers,
)
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.listings import MemoryListings
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import make_plan
from newsletter.testing.stores import MemoryEntryStore
from newsletter.testing.subscribers import MemorySubscriberStore

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NOBODY, NOTHING = SubscriberId(""), ReleaseNo(0)

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]


@dataclass(frozen=True)
class Shelf:
    entries: EntryStore
    subscribers: SubscriberStore
    ledger: Ledger
    listings: Listings


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, open_stored: OpenStored, admit: Admit) -> Shelf:
    if request.param == "memory":
        entries, people, ledger = MemoryEntryStore(), MemorySubscriberStore(), MemoryLedger()
        return Shelf(entries, people, ledger, MemoryListings(entries, people, MemoryOutbox(ledger)))
    database = open_stored(request.param)
    admit(database, ("ada", "bob"))
    return Shelf(
        Entries(database),
        Subscribers(database, Secrets((b"0123456789abcdef",))),
        SlotLedger(database),
        StoredListings(database),
    )


def announce(shelf: Shelf, name: str, source: str, admission: Admission) -> None:
    new = NewEntry(
        EntryId(name),
        EntryContent(name),
        SourceName(source),
        frozenset({IdentityKey(name)}),
        admission=admission,
    )
    shelf.entries.change([IdentityKey(name)], lambda _: [new], now=NOW)


def test_entries_come_in_the_order_of_release_and_only_what_is_released(shelf: Shelf) -> None:
    for number in range(5):
        admission = Admission.HELD if number == 2 else Admission.RELEASED
        announce(shelf, f"e{number}", "odd" if number % 2 else "even", admission)
    first = shelf.listings.entries(above=NOTHING, limit=3)
    assert [one.id for one in first] == ["e0", "e1", "e3"]
    (rest,) = shelf.listings.entries(above=first[-1].release_no, limit=3)
    assert rest.id == "e4"
    odd = shelf.listings.entries(above=NOTHING, limit=9, source=SourceName("odd"))
    assert [one.id for one in odd] == ["e1", "e3"]


def test_people_come_by_id(shelf: Shelf) -> None:
    before = {one.id for one in shelf.listings.people(above=NOBODY, limit=99)}
    for name in ("x", "y", "z"):
        address = EmailAddress(f"{name}@example.org")
        shelf.subscribers.apply(address, SubscriptionEvent.SUBSCRIBE, now=NOW, statement="a test")
    everybody = shelf.listings.people(above=NOBODY, limit=99)
    ids = [one.id for one in everybody]
    assert ids == sorted(ids)
    assert len(ids) == len(before) + 3
    assert shelf.listings.people(above=ids[0], limit=1) == everybody[1:2]
    pending = shelf.listings.people(above=NOBODY, limit=99, state=SubscriptionState.PENDING)
    assert [one.address[0] for one in sorted(pending, key=lambda one: one.address)] == list("xyz")


def test_messages_come_the_newest_first(shelf: Shelf) -> None:
    shelf.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["a"])])
    both = shelf.listings.messages(below=None, limit=9)
    assert [one.id for one in both] == sorted((one.id for one in both), reverse=True)
    assert shelf.listings.messages(below=None, limit=1) == both[:1]
    assert shelf.listings.messages(below=both[0].id, limit=9) == both[1:]
    of_ada = shelf.listings.messages(below=None, limit=9, subscriber=SubscriberId("ada"))
    assert [one.subscriber for one in of_ada] == ["ada"]
    sent = frozenset({OutboxState.SENT})
    assert not shelf.listings.messages(below=OutboxId(9**9), limit=9, states=sent)
