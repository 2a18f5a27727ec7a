"""Somebody leaves while their letter is on its way: one suite for memory and database."""

from collections.abc import Callable

import pytest

from newsletter.model import (
    EmailAddress,
    OutboxState,
    Subscriber,
    SubscriptionEvent,
)
from newsletter.ports import Ledger, Outbox, SubscriberStore
from newsletter.storage import Database, MessageOutbox, SlotLedger, Subscribers
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import begin, claim_one, only_message
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_silence
from newsletter.testing.subscribers import MemorySubscriberStore

NOW = FIRST_SLOT_AT
E = SubscriptionEvent
OpenStored = Callable[[str], Database]
House = tuple[SubscriberStore, Ledger, Outbox]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    if request.param == "memory":
        memory = MemoryLedger()
        return MemorySubscriberStore(memory), memory, MemoryOutbox(memory)
    database = open_stored(request.param)
    return Subscribers(database), SlotLedger(database), MessageOutbox(database)


def tell(house: House, event: SubscriptionEvent, name: str = "ada") -> Subscriber | None:
    address = EmailAddress(f"{name}@example.org")
    return house[0].apply(address, event, now=NOW, statement="They asked.")


def subscriber(house: House, name: str = "ada") -> Subscriber:
    person = tell(house, E.VOUCH, name)
    assert person
    return person


@pytest.mark.parametrize("event", [E.UNSUBSCRIBE, E.ERASE])
def test_who_left_before_the_plan_is_written_gets_no_letter(
    house: House, event: SubscriptionEvent
) -> None:
    _, ledger, outbox = house
    ada, bob = subscriber(house), subscriber(house, "bob")
    tell(house, event)
    other = make_plan(bob.id, ["a"])

    assert list(ledger.plan([make_plan(ada.id, ["a"]), other])) == [other]

    assert [item.subscriber for item in outbox.find()] == [bob.id]
    assert list(ledger.slots(ada.id)) == []


def test_who_is_not_confirmed_yet_gets_no_letter(house: House) -> None:
    person = tell(house, E.SUBSCRIBE)
    assert person
    assert list(house[1].plan([make_plan(person.id, ["a"])])) == []


def test_a_silence_is_written_for_whoever_it_is(house: House) -> None:
    ada = subscriber(house)
    tell(house, E.UNSUBSCRIBE)
    assert len(house[1].plan([make_silence(ada.id)])) == 1


def test_who_left_after_the_claim_gets_no_letter(house: House) -> None:
    _, ledger, outbox = house
    ada = subscriber(house)
    ledger.plan([make_plan(ada.id, ["a"])])
    item = claim_one(outbox)
    tell(house, E.UNSUBSCRIBE)

    assert not begin(outbox, item)

    after = only_message(outbox)
    assert (after.state, after.last_reply) == (OutboxState.CANCELLED, "unsubscribed")
    assert after.message_sha256 is None
    assert ledger.standings([ada.id])[ada.id].given_back == {"a"}
    assert not begin(outbox, item)


def test_what_another_worker_holds_is_not_cancelled_by_asking(house: House) -> None:
    _, ledger, outbox = house
    ada = subscriber(house)
    ledger.plan([make_plan(ada.id, ["a"])])
    tell(house, E.UNSUBSCRIBE)
    assert not begin(outbox, only_message(outbox))
    assert only_message(outbox).state is OutboxState.QUEUED
