"""Who need not be looked at for a while: one contract for SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text

from newsletter.model import (
    Cadence,
    Document,
    EmailAddress,
    Every,
    Preferences,
    Subscriber,
    SubscriptionEvent,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.planning import LONGEST_REST
from newsletter.storage import Database, StoredRests, Subscribers, resting
from newsletter.testing.plans import FIRST_SLOT_AT

NOW = FIRST_SLOT_AT
HOUR = timedelta(hours=1)
SOON = NOW + HOUR
ADA, BOB, EVE = (EmailAddress(f"{name}@example.org") for name in ("ada", "bob", "eve"))
E = SubscriptionEvent


@dataclass
class House:
    people: Subscribers
    rests: StoredRests

    def admit(self, *addresses: EmailAddress) -> list[Subscriber]:
        for address in addresses:
            self.people.apply(address, E.SUBSCRIBE, now=NOW - HOUR, statement="a test")
            self.people.apply(address, E.CONFIRM, now=NOW - HOUR, statement="a test")
        self.adopt(*(self.document(address) for address in addresses), now=NOW - HOUR)
        return [self.find(address) for address in addresses]

    def document(self, address: EmailAddress, at: time = time(7)) -> Preferences:
        return Preferences(address, cadence=Cadence(Every.DAY, at=at))

    def adopt(self, *documents: Preferences, now: datetime = NOW) -> None:
        self.people.adopt([Document(one, "a test", "") for one in documents], now=now)

    def find(self, address: EmailAddress) -> Subscriber:
        found = self.people.find(address_key(address))
        assert found
        return found

    def awake(self, now: datetime = NOW) -> set[EmailAddress]:
        return {one.address for one in self.rests.awake(now=now)}


@pytest.fixture
def house(any_database: Database) -> House:
    return House(Subscribers(any_database), StoredRests(any_database))


def test_who_is_new_is_looked_at(house: House) -> None:
    assert not house.rests.has_awake(now=NOW)
    house.admit(ADA, BOB)

    assert house.awake() == {ADA, BOB}
    assert house.rests.has_awake(now=NOW)


def test_who_rests_is_looked_at_from_that_moment_on(house: House) -> None:
    ada, _ = house.admit(ADA, BOB)
    house.rests.rest([(ada, SOON)])

    assert house.awake() == {BOB}
    assert house.awake(SOON - timedelta(microseconds=1)) == {BOB}
    assert house.awake(SOON) == {ADA, BOB}


def test_nobody_rests_for_long_however_the_clock_was_set(house: House) -> None:
    (ada,) = house.admit(ADA)
    house.rests.rest([(ada, NOW + 10 * LONGEST_REST)])

    assert house.awake() == {ADA}


CHANGES: dict[str, Callable[[House], object]] = {
    "leaves": lambda house: house.people.apply(ADA, E.UNSUBSCRIBE, now=NOW, statement="a test"),
    "leaves by a batch": lambda house: house.people.apply_all(
        [(ADA, "")], E.UNSUBSCRIBE, now=NOW, statement="a test"
    ),
    "changes the schedule": lambda house: house.adopt(house.document(ADA, time(9))),
    "changes anything": lambda house: house.adopt(replace(house.document(ADA), name="Ada")),
    "has no document any more": lambda house: house.people.disown([address_key(ADA)]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_somebody_ends_the_rest(
    house: House, change: Callable[[House], object]
) -> None:
    ada, bob = house.admit(ADA, BOB)
    house.rests.rest([(ada, SOON), (bob, SOON)])
    assert house.awake() == set()
    change(house)

    assert house.awake() == {ADA}


COLUMNS = (
    "state", "since_at", "confirmed_at", "preferences", "cadence_since_at", "is_disowned",
)  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_a_program_that_knows_nothing_of_rests_ends_them_too(
    house: House, any_database: Database, column: str
) -> None:
    ada, bob = house.admit(ADA, BOB)
    house.rests.rest([(ada, SOON), (bob, SOON)])
    with any_database.writing() as connection:
        connection.execute(
            text(f"UPDATE subscribers SET {column} = {column} WHERE id = :id"),  # noqa: S608 - ours
            {"id": ada.id},
        )

    assert house.awake() == {ADA}


SCHEDULING = ["leaves", "leaves by a batch", "changes the schedule", "has no document any more"]


@pytest.mark.parametrize("name", SCHEDULING)
def test_what_was_found_out_before_a_change_is_not_written_after_it(
    house: House, name: str
) -> None:
    (ada,) = house.admit(ADA)
    CHANGES[name](house)
    house.rests.rest([(ada, SOON)])

    assert house.awake() == {ADA}


def test_shares_hold_everybody_who_is_awake_once(house: House) -> None:
    people = house.admit(*(EmailAddress(f"reader{number}@example.org") for number in range(25)))
    resting, awake = people[:5], people[5:]
    house.rests.rest((one, SOON) for one in resting)
    bounds = ["", *house.rests.bounds(now=NOW, size=6)]
    ends = [f"{one} " for one in bounds[1:]] + [None]
    shares = [
        [one.id for one in house.rests.awake(now=NOW, above=above, below=below)]
        for above, below in zip(bounds, ends, strict=True)
    ]

    assert [len(one) for one in shares] == [6, 6, 6, 2]
    assert [id_ for share in shares for id_ in share] == sorted(one.id for one in awake)


def test_many_are_read_page_by_page_while_they_are_put_to_rest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "_FEW", 3)
    monkeypatch.setattr(resting, "_PAGE", 4)
    people = house.admit(*(EmailAddress(f"reader{number}@example.org") for number in range(11)))
    read = []
    for person in house.rests.awake(now=NOW):
        read.append(person.id)
        house.rests.rest([(person, SOON)])

    assert read == sorted(one.id for one in people)
    assert house.awake() == set()
