"""Many leave at once with the links of their letters: one contract for memory, SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from newsletter.model import (
    AddressKey,
    EditionId,
    EmailAddress,
    Key,
    KeyPurpose,
    OutboxState,
    Reply,
    ReplyKind,
    Subscriber,
    SubscriptionEvent,
    SubscriptionState,
    TokenHash,
)
from newsletter.ports import (
    Correspondence,
    Ledger,
    Outbox,
    PartingNotice,
    Partings,
    SubscriberStore,
)
from newsletter.storage import (
    Database,
    Letterbox,
    LetterPartings,
    MessageOutbox,
    SlotLedger,
    Subscribers,
)
from newsletter.testing.correspondence import MemoryLetterbox
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import begin, claim_one
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.partings import MemoryPartings
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_slot
from newsletter.testing.subscribers import MemorySubscriberStore

NOW = FIRST_SLOT_AT
HOUR = timedelta(hours=1)
PRESSED = "Pressed."
OpenStored = Callable[[str], Database]
E = SubscriptionEvent


@dataclass
class House:
    people: SubscriberStore
    ledger: Ledger
    outbox: Outbox
    letterbox: Correspondence
    partings: Partings

    def subscribe(self, name: str, *events: SubscriptionEvent) -> Subscriber:
        person = None
        for event in events or (E.VOUCH,):
            address = EmailAddress(f"{name}@example.org")
            person = self.people.apply(address, event, now=NOW - HOUR, statement="They asked.")
        assert person
        return person

    def letter(self, name: str, day: int = 0) -> EditionId:
        """Subscribe somebody who is not there yet, and plan a letter for them."""
        key = AddressKey(f"{name}@example.org")
        person = self.people.find(key) or self.subscribe(name)
        plan = make_plan(person.id, [f"entry of {day}"], slot=make_slot(day=day))
        assert len(self.ledger.plan([plan])) == 1
        assert plan.edition
        return plan.edition.id

    def end(self, *letters: EditionId, how: str = "by page", hours: int = 0) -> object:
        evidence = {one: f"{one}, {how}" for one in letters}
        return self.partings.end(evidence, now=NOW + hours * HOUR, statement=PRESSED)

    def person(self, name: str) -> Subscriber:
        found = self.people.find(AddressKey(f"{name}@example.org"))
        assert found
        return found

    def untold(self, *, limit: int = 9) -> list[str]:
        since = NOW - 24 * HOUR
        found = self.partings.untold(since=since, statement=PRESSED, limit=limit)
        return [one.address.partition("@")[0] for one in found]

    def notice(self, name: str, kind: ReplyKind = ReplyKind.NOTICE) -> PartingNotice:
        person = self.person(name)
        token = TokenHash(f"token of {name}")
        key = Key(token, KeyPurpose.UNDO, person.id, AddressKey(person.address), NOW, NOW + HOUR)
        reply = Reply(
            kind=kind,
            subscriber=person.id,
            recipient=person.address,
            to_key=AddressKey(person.address),
            sender="",
            message_id=f"<{name}@news.example.org>",
            message=b"Gone.\r\n",
            holds_token=True,
        )
        return PartingNotice(reply, (key,), person.since_at)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    if request.param == "memory":
        ledger, letterbox = MemoryLedger(), MemoryLetterbox()
        people, outbox = MemorySubscriberStore(ledger), MemoryOutbox(ledger)
        partings = MemoryPartings(people, ledger, outbox, letterbox)
        return House(people, ledger, outbox, letterbox, partings)
    database = open_stored(request.param)
    return House(
        Subscribers(database),
        SlotLedger(database),
        MessageOutbox(database),
        Letterbox(database),
        LetterPartings(database),
    )


def test_many_leave_at_once_and_what_waits_for_them_is_cancelled(house: House) -> None:
    ada, bob = house.letter("ada"), house.letter("bob")
    house.letter("eve")

    ended = house.partings.end({ada: "a", bob: "b"}, now=NOW, statement=PRESSED)

    assert {one: parting.can_return for one, parting in ended.items()} == {ada: True, bob: True}
    assert ended[ada].subscriber == house.person("ada").id
    states = {item.edition: (item.state, item.last_reply) for item in house.outbox.find()}
    assert states[ada] == states[bob] == (OutboxState.CANCELLED, "unsubscribed")
    assert house.person("ada").state is SubscriptionState.UNSUBSCRIBED
    assert house.person("ada").since_at == ended[ada].left_at == NOW
    assert house.person("eve").state is SubscriptionState.CONFIRMED
    last = house.people.consents(AddressKey("bob@example.org"))[-1]
    assert (last.event, last.at, last.statement, last.evidence) == (
        E.UNSUBSCRIBE,
        NOW,
        PRESSED,
        "b",
    )
    assert house.ledger.standings([ended[ada].subscriber])[ended[ada].subscriber].given_back


def test_a_letter_that_nobody_knows_ends_nothing(house: House) -> None:
    ada = house.letter("ada")
    assert set(house.partings.end({EditionId(""): "x"}, now=NOW, statement=PRESSED)) == set()
    both = house.partings.end({EditionId("b" * 20): "x", ada: "a"}, now=NOW, statement=PRESSED)
    assert set(both) == {ada}
    assert house.partings.end({}, now=NOW, statement=PRESSED) == {}


def test_a_second_time_changes_nothing_and_may_be_taken_back_as_the_first(house: House) -> None:
    ada = house.letter("ada")
    first = house.end(ada)
    log = house.people.consents(AddressKey("ada@example.org"))

    assert house.end(ada, hours=1) == first
    assert house.people.consents(AddressKey("ada@example.org")) == log


def test_two_letters_of_one_reader_end_it_once_and_only_the_first_may_take_it_back(
    house: House,
) -> None:
    first, second = house.letter("ada"), house.letter("ada", day=1)
    evidence = {first: "1", second: "2"}
    ended = house.partings.end(evidence, now=NOW, statement=PRESSED)
    assert [ended[one].can_return for one in (first, second)] == [True, False]
    again = house.partings.end(evidence, now=NOW + HOUR, statement=PRESSED)
    assert again == ended


def test_who_left_in_another_way_does_not_come_back_by_a_letter(house: House) -> None:
    ada = house.letter("ada")
    house.subscribe("ada", E.UNSUBSCRIBE)
    ended = house.partings.end({ada: "a"}, now=NOW, statement=PRESSED)
    assert not ended[ada].can_return
    assert ended[ada].left_at == NOW - HOUR
    assert house.untold() == []


def test_who_was_only_asked_does_not_become_a_subscriber_by_taking_back(house: House) -> None:
    ada = house.letter("ada")
    house.subscribe("ada", E.UNSUBSCRIBE, E.SUBSCRIBE)
    for hours in (0, 1):
        ended = house.partings.end({ada: "a"}, now=NOW + hours * HOUR, statement=PRESSED)
        assert not ended[ada].can_return
    assert house.person("ada").state is SubscriptionState.UNSUBSCRIBED


def test_a_letter_whose_final_dot_may_be_sent_is_left_alone(house: House) -> None:
    ada = house.letter("ada")
    item = claim_one(house.outbox)
    assert begin(house.outbox, item)
    house.end(ada)
    (item,) = house.outbox.find()
    assert item.state is OutboxState.IN_DATA


def test_a_letter_that_a_worker_holds_is_cancelled(house: House) -> None:
    ada = house.letter("ada")
    item = claim_one(house.outbox)
    house.end(ada)
    assert not begin(house.outbox, item)
    (item,) = house.outbox.find()
    assert item.state is OutboxState.CANCELLED


def test_who_left_is_told_once_with_the_token(house: House) -> None:
    letters = [house.letter(name) for name in ("ada", "bob", "eve")]
    for hours, letter in enumerate(letters):
        house.end(letter, hours=hours)
    assert house.untold(limit=2) == ["ada", "bob"]
    notices = [house.notice("ada"), house.notice("bob")]

    assert house.partings.tell(notices, now=NOW + 3 * HOUR) == 2
    assert house.partings.tell([*notices, house.notice("eve")], now=NOW + 4 * HOUR) == 1
    assert house.partings.tell([], now=NOW + 4 * HOUR) == 0

    assert house.untold() == []
    told = [one for one in ("ada", "bob", "eve") if house.letterbox.posted_as(f"{one}@news")]
    assert told == ["ada", "bob", "eve"]
    assert house.letterbox.find_key(TokenHash("token of bob"), KeyPurpose.UNDO)
    assert house.letterbox.count(since=NOW - HOUR) == 3


def test_who_came_back_before_is_not_told(house: House) -> None:
    ada, bob = house.letter("ada"), house.letter("bob")
    house.end(ada, bob)
    house.people.apply(
        EmailAddress("ada@example.org"), E.UNDO, now=NOW + HOUR, statement="They came back."
    )
    assert house.untold() == ["bob"]


def test_who_leaves_a_second_time_is_told_again(house: House) -> None:
    ada = house.letter("ada")
    house.end(ada)
    house.partings.tell([house.notice("ada")], now=NOW)
    house.people.apply(
        EmailAddress("ada@example.org"), E.UNDO, now=NOW + HOUR, statement="They came back."
    )
    house.end(ada, hours=2)
    assert house.untold() == ["ada"]


def test_what_is_long_ago_is_told_to_nobody(house: House) -> None:
    house.end(house.letter("ada"), hours=-30)
    house.end(house.letter("bob"))
    assert house.untold() == ["bob"]


def test_nobody_is_forgotten_while_another_one_waits_to_be_told(house: House) -> None:
    ada, bob = house.letter("ada"), house.letter("bob")
    house.end(ada)
    assert house.untold() == ["ada"]
    house.end(bob, hours=1)
    assert house.untold() == ["ada", "bob"]
    house.partings.tell([house.notice("bob")], now=NOW + 2 * HOUR)
    assert house.untold() == ["ada"]


def test_a_goodbye_by_mail_tells_as_well(house: House) -> None:
    ada = house.letter("ada")
    house.end(ada)
    house.letterbox.post(house.notice("ada", ReplyKind.ANSWER).reply, now=NOW)
    assert house.untold() == []


def test_tokens_of_a_page_are_kept_without_a_message(house: House) -> None:
    house.letter("ada")
    house.letterbox.give(house.notice("ada").keys)
    found = house.letterbox.find_key(TokenHash("token of ada"), KeyPurpose.UNDO)
    assert found == house.notice("ada").keys[0]
    assert house.letterbox.count(since=NOW - HOUR) == 0
