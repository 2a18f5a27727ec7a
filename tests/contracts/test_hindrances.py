"""Letters that were decided before their readers bounced, left or paused: one suite for all stores."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from newsletter.model import (
    AddressKey,
    Document,
    EmailAddress,
    Limits,
    OutboxItem,
    OutboxState,
    Preferences,
    SubscriberId,
    SubscriptionEvent,
    Suppression,
    SuppressionCause,
    Throttle,
)
from newsletter.ports import Ledger, Outbox, SubscriberStore
from newsletter.storage import Database, MessageOutbox, SlotLedger, Subscribers
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import begin, claim_one, lose_reply
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from newsletter.testing.subscribers import MemorySubscriberStore

NOW = FIRST_SLOT_AT
DAY = timedelta(days=1)
E = SubscriptionEvent
OpenStored = Callable[[str], Database]


@dataclass(frozen=True)
class House:
    """Ada and Bob, each with a document and a letter that waits."""

    people: SubscriberStore
    ledger: Ledger
    outbox: Outbox

    def admit(self, name: str) -> SubscriberId:
        address = EmailAddress(f"{name}@example.org")
        person = self.people.apply(address, E.VOUCH, now=NOW, statement="They asked.")
        assert person
        self.people.adopt([self.document(name)], now=NOW)
        self.ledger.plan([make_plan(person.id, ["x"])])
        return person.id

    def document(self, name: str) -> Document:
        return Document(Preferences(EmailAddress(f"{name}@example.org")), "", f"{name}.yaml:1")

    def pause(self, name: str, days: int) -> None:
        document = self.document(name)
        until = NOW.date() + timedelta(days=days)
        paused = replace(document.preferences, pause_until=until)
        self.people.adopt([replace(document, preferences=paused)], now=NOW)

    def suppress(self, name: str) -> None:
        key = AddressKey(f"{name}@example.org")
        self.people.suppress(Suppression(key, SuppressionCause.COMPLAINT, "they said so", NOW))

    def of(self, subscriber: SubscriberId) -> OutboxItem:
        (item,) = self.outbox.find(subscriber=subscriber)
        return item


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> Iterator[House]:
    if request.param == "memory":
        memory = MemoryLedger()
        yield House(MemorySubscriberStore(memory), memory, MemoryOutbox(memory))
        return
    database = open_stored(request.param)
    yield House(Subscribers(database), SlotLedger(database), MessageOutbox(database))


def suppress(house: House) -> None:
    house.suppress("ada")


def unsubscribe(house: House) -> None:
    house.people.apply(
        EmailAddress("ada@example.org"), E.UNSUBSCRIBE, now=NOW, statement="They left."
    )


def disown(house: House) -> None:
    house.people.disown([AddressKey("ada@example.org")])


def pause(house: House) -> None:
    house.pause("ada", 1)


WAYS = [
    pytest.param(suppress, "the address is suppressed (complaint)", id="suppressed"),
    pytest.param(unsubscribe, "unsubscribed", id="unsubscribed"),
    pytest.param(disown, "the preferences document is gone", id="document gone"),
    pytest.param(pause, "paused until 2026-11-24", id="paused"),
]


@pytest.mark.parametrize(("way", "reason"), WAYS)
def test_who_is_not_to_be_written_to_any_more_is_passed_over_by_the_claim(
    house: House, way: Callable[[House], None], reason: str
) -> None:
    ada, bob = house.admit("ada"), house.admit("bob")
    way(house)

    assert [item.subscriber for item in house.outbox.claim(now=NOW, limit=1)] == [bob]

    after = house.of(ada)
    assert (after.state, after.last_reply, after.attempts) == (OutboxState.CANCELLED, reason, 0)
    assert house.ledger.standings([ada])[ada].given_back == {"x"}


@pytest.mark.parametrize(("way", "reason"), WAYS)
def test_the_same_holds_where_letters_are_claimed_by_turns(
    house: House, way: Callable[[House], None], reason: str
) -> None:
    ada, bob = house.admit("ada"), house.admit("bob")
    way(house)
    claim = house.outbox.claim_in_turn(now=NOW, limit=1, throttle=Throttle(NOW, Limits(60)))
    assert [turn.item.subscriber for turn in claim.turns] == [bob]
    assert claim.turns[0].due_at == NOW, "whoever is passed over takes no moment"
    assert house.of(ada).last_reply == reason


@pytest.mark.parametrize(("way", "reason"), WAYS[:3])
def test_between_claim_and_final_dot_it_is_not_too_late(
    house: House, way: Callable[[House], None], reason: str
) -> None:
    ada = house.admit("ada")
    item = claim_one(house.outbox)
    way(house)
    assert not begin(house.outbox, item)
    after = house.of(ada)
    assert (after.state, after.last_reply) == (OutboxState.CANCELLED, reason)


def test_what_may_have_arrived_is_not_sent_again_to_who_left(house: House) -> None:
    ada = house.admit("ada")
    lose_reply(house.outbox)
    unsubscribe(house)
    assert list(house.outbox.claim(now=NOW, limit=1)) == []
    assert house.of(ada).state is OutboxState.CANCELLED
    assert house.ledger.standings([ada])[ada].given_back == set(), "it counts as sent"


def test_a_pause_that_begins_with_a_later_letter_stops_this_one_not(house: House) -> None:
    house.admit("ada")
    house.pause("ada", 0)
    assert claim_one(house.outbox)


def test_who_comes_back_before_the_claim_gets_the_letter(house: House) -> None:
    house.admit("ada")
    suppress(house)
    house.people.unsuppress(AddressKey("ada@example.org"))
    assert begin(house.outbox, claim_one(house.outbox))


def test_many_who_left_hold_up_nobody(house: House) -> None:
    for number in range(25):
        house.admit(f"gone{number}")
        house.suppress(f"gone{number}")
    bob = house.admit("bob")
    assert [item.subscriber for item in house.outbox.claim(now=NOW, limit=10)] == [bob]
