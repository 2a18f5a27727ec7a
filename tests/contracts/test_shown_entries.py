"""Which entries a letter had, by their numbers: the links to vote on them outlive the letter."""

from collections.abc import Callable

import pytest

from newsletter.model import EditionId, EmailAddress, OutboxEvent, SubscriberId
from newsletter.ports import Deadlines, Shown
from newsletter.storage import Database
from newsletter.testing.office import begin, claim_one, settle
from newsletter.testing.plans import make_plan
from tests.contracts.filled_house import DAY, NOW, House, key_of, open_house

ADA, BOB = EmailAddress("ada@example.org"), EmailAddress("bob@example.org")
OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    return open_house(request.param, open_stored)


def sent_letter(house: House, person: SubscriberId) -> EditionId:
    (plan,) = house.ledger.plan([make_plan(person, ["c", "a"], also=["d", "b"])])
    item = claim_one(house.outbox)
    begin(house.outbox, item)
    settle(house.outbox, item, OutboxEvent.ACCEPT, "250 taken")
    assert plan.edition
    return plan.edition.id


def asked(house: House, person: SubscriberId, beginning: str) -> Shown | None:
    found = house.ledger.entries_in(person, beginning)
    return (found[0], list(found[1])) if found else None


def test_entries_are_told_by_their_numbers_also_when_the_edition_is_forgotten(
    house: House,
) -> None:
    ada = house.admit(ADA)
    edition = sent_letter(house, ada)
    assert asked(house, ada, edition[:8]) == (edition, ["c", "a", "d", "b"])
    much_later = NOW + 200 * DAY
    house.archive.purge(Deadlines(*[much_later] * 5))
    assert house.ledger.editions([edition]) == {}
    assert asked(house, ada, edition[:8]) == (edition, ["c", "a", "d", "b"])


def test_an_edition_that_never_was_and_that_of_somebody_else_are_not_told(house: House) -> None:
    ada, bob = house.admit(ADA), house.admit(BOB)
    edition = sent_letter(house, ada)
    assert asked(house, ada, "%" * 8) is None
    assert asked(house, ada, "_" * 8) is None
    assert asked(house, bob, edition[:8]) is None
    house.subscribers.forget(key_of(ADA))
    assert asked(house, ada, edition[:8]) is None
