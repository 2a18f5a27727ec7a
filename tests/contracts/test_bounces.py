"""What every book of bounces and every box of votes does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import AddressKey, EntryId, SubscriberId
from newsletter.ports import BounceBook, Vote, Votes
from newsletter.storage import Ballots, Bounces, Database
from newsletter.testing.bounces import MemoryBounces, MemoryVotes

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA, BOB = AddressKey("ada@example.org"), AddressKey("bob@example.org")
READER, OTHER = SubscriberId("a1"), SubscriberId("b2")
PAPER, SECOND = EntryId("arxiv:2611.00001"), EntryId("arxiv:2611.00002")

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, open_stored: OpenStored) -> BounceBook:
    if request.param == "memory":
        return MemoryBounces()
    return Bounces(open_stored(request.param))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def votes(request: pytest.FixtureRequest, open_stored: OpenStored) -> Votes:
    if request.param == "memory":
        return MemoryVotes()
    return Ballots(open_stored(request.param))


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


def test_the_last_vote_for_an_entry_counts(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    votes.vote(READER, SECOND, 1, now=NOW + MINUTE)
    votes.vote(READER, PAPER, -1, now=NOW + 2 * MINUTE)
    assert votes.votes(READER) == [
        Vote(SECOND, 1, NOW + MINUTE),
        Vote(PAPER, -1, NOW + 2 * MINUTE),
    ]


def test_a_vote_is_of_one_person(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    assert votes.votes(OTHER) == []


def test_a_vote_can_be_taken_back(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    votes.vote(READER, PAPER, 0, now=NOW)
    votes.vote(READER, SECOND, 0, now=NOW)
    assert votes.votes(READER) == []


@pytest.mark.parametrize("vote", [2, -2, 100])
def test_what_is_no_vote_is_refused(votes: Votes, vote: int) -> None:
    with pytest.raises(ValueError, match="no vote"):
        votes.vote(READER, PAPER, vote, now=NOW)
