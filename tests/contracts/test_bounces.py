"""What every book of bounces does."""

from collections.abc import Callable

import pytest

from newsletter.model import AddressKey
from newsletter.ports import BounceBook
from newsletter.storage import Bounces, Database
from newsletter.testing.bounces import MemoryBounces

ADA, BOB = AddressKey("ada@example.org"), AddressKey("bob@example.org")

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, open_stored: OpenStored) -> BounceBook:
    if request.param == "memory":
        return MemoryBounces()
    return Bounces(open_stored(request.param))


def test_of_an_address_that_never_bounced_nothing_is_known(book: BounceBook) -> None:
    assert book.standing(ADA) is None
    book.forget(ADA)


def test_the_last_standing_counts_and_that_of_others_stays(book: BounceBook) -> None:
    book.keep(ADA, '{"points": 1}')
    book.keep(BOB, '{"points": 2}')
    book.keep(ADA, '{"points": 3}')
    assert (book.standing(ADA), book.standing(BOB)) == ('{"points": 3}', '{"points": 2}')
    book.forget(ADA)
    assert (book.standing(ADA), book.standing(BOB)) == (None, '{"points": 2}')
