from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from newsletter.errors import StorageError
from newsletter.model import (
    Accounting,
    AddressKey,
    Beginning,
    EmailAddress,
    OutboxEvent,
    Settlement,
    Standing,
    SubscriptionEvent,
)
from newsletter.ports import Ledger, Outbox, SubscriberStore
from newsletter.storage import Database, MessageOutbox, SlotLedger, Subscribers
from newsletter.storage.message_rows import write_moves
from newsletter.storage.messages import Message, cancel
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import make_plan, make_silence, make_slot
from newsletter.testing.subscribers import MemorySubscriberStore

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ADA = EmailAddress("ada@example.org")
BOB = EmailAddress("bob@example.org")

Admit = Callable[[Database, Iterable[str]], None]
House = tuple[SubscriberStore, Ledger, Outbox]
OpenStored = Callable[[str], Database]


@pytest.fixture
def database(any_database: Database) -> Database:
    return any_database


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    if request.param == "memory":
        memory = MemoryLedger()
        return MemorySubscriberStore(memory), memory, MemoryOutbox(memory)
    database = open_stored(request.param)
    return Subscribers(database), SlotLedger(database), MessageOutbox(database)


def test_erase_removes_all_that_was_planned_and_spares_the_others(house: House) -> None:
    subscribers, ledger, outbox = house
    ada = subscribers.apply(ADA, SubscriptionEvent.VOUCH, now=NOW, statement="They asked.")
    bob = subscribers.apply(BOB, SubscriptionEvent.VOUCH, now=NOW, statement="They asked.")
    assert ada
    assert bob
    plan = make_plan(ada.id, ["a"])
    assert plan.edition
    ledger.plan([plan, make_silence(ada.id, slot=make_slot(day=1)), make_plan(bob.id, ["a"])])
    held = [item for item in outbox.claim(now=NOW, limit=5) if item.subscriber == ada.id]

    subscribers.apply(ADA, SubscriptionEvent.ERASE, now=NOW, statement="They asked.")

    assert ledger.standings([ada.id]) == {ada.id: Standing(ada.id)}
    assert list(ledger.slots(ada.id)) == []
    assert ledger.editions([plan.edition.id]) == {}
    assert outbox.accounting() == Accounting(waiting=1)
    (item,) = held
    assert not outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
    outbox.record(ended=[Settlement(item.id, OutboxEvent.DEFER, "451")], now=NOW)


def test_nothing_of_the_erased_stays_in_the_file(open_stored: OpenStored) -> None:
    database = open_stored("sqlite")
    assert database.path
    subscribers, ledger = Subscribers(database), SlotLedger(database)
    subscribers.apply(ADA, SubscriptionEvent.VOUCH, now=NOW, statement="They asked.")
    person = subscribers.find(AddressKey(ADA))
    assert person
    ledger.plan([make_plan(person.id, ["a"])])
    subscribers.apply(ADA, SubscriptionEvent.ERASE, now=NOW, statement="They asked.")

    database.close()  # the last connection folds the write-ahead log into the file

    stored = database.path.read_bytes()
    assert person.id.encode() not in stored
    assert ADA.encode() not in stored


def test_many_people_are_read_page_by_page(database: Database) -> None:
    numbers = iter(range(10_000))
    subscribers = Subscribers(database, new_id=lambda: f"id-{next(numbers)}")
    with database.writing() as connection:
        insert = text(
            "INSERT INTO subscribers (id, address_key, address, state, since_at)"
            " VALUES (:id, :key, :key, 'pending', '2026-11-23 07:00:00')"
        )
        rows = [{"id": f"p{n}", "key": f"{n:04}@example.org"} for n in range(2000)]
        connection.execute(insert, rows)
    subscribers.apply(ADA, SubscriptionEvent.SUBSCRIBE, now=NOW, statement="They asked.")

    people = list(subscribers.all())

    assert len({person.id for person in people}) == 2001
    assert people[-1].id == "id-0"


def test_a_move_from_a_state_that_is_no_more_is_refused(database: Database, admit: Admit) -> None:
    admit(database, ["ada"])
    SlotLedger(database).plan([make_plan("ada", ["a"])])
    outbox = MessageOutbox(database)
    stale = Message(outbox.find()[0])
    outbox.claim(now=NOW, limit=1)

    with pytest.raises(StorageError, match="moved by another"), database.writing() as connection:
        write_moves(connection, [(stale, cancel(stale, "left", NOW))])


def test_a_naive_moment_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        MessageOutbox(database).claim(now=naive, limit=1)
