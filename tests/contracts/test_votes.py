"""What every box of votes does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import EntryId, SubscriberId
from newsletter.ports import Vote, Votes
from newsletter.storage import Ballots, Database
from newsletter.testing.votes import MemoryVotes

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READER, OTHER = SubscriberId("a1"), SubscriberId("b2")
PAPER, SECOND = EntryId("arxiv:2611.00001"), EntryId("arxiv:2611.00002")

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def votes(request: pytest.FixtureRequest, open_stored: OpenStored) -> Votes:
    if request.param == "memory":
        return MemoryVotes()
    return Ballots(open_stored(request.param))


def test_the_last_vote_for_an_entry_counts(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    votes.vote(READER, SECOND, 1, now=NOW + MINUTE)
    votes.vote(READER, PAPER, -1, now=NOW + 2 * MINUTE)
    assert list(votes.votes(READER)) == [
        Vote(SECOND, 1, NOW + MINUTE),
        Vote(PAPER, -1, NOW + 2 * MINUTE),
    ]


def test_the_same_vote_again_stays_as_old_as_it_is(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    votes.vote(READER, PAPER, 1, now=NOW + MINUTE)
    assert list(votes.votes(READER)) == [Vote(PAPER, 1, NOW)]


def test_a_vote_is_of_one_person(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    assert list(votes.votes(OTHER)) == []


def test_a_vote_can_be_taken_back(votes: Votes) -> None:
    votes.vote(READER, PAPER, 1, now=NOW)
    votes.vote(READER, PAPER, 0, now=NOW)
    votes.vote(READER, SECOND, 0, now=NOW)
    assert list(votes.votes(READER)) == []


@pytest.mark.parametrize("vote", [2, -2, 100])
def test_what_is_no_vote_is_refused(votes: Votes, vote: int) -> None:
    with pytest.raises(ValueError, match="no vote"):
        votes.vote(READER, PAPER, vote, now=NOW)


def test_many_entries_are_voted_for_and_taken_back_at_once(votes: Votes) -> None:
    papers = [EntryId(f"arxiv:2611.{number:05}") for number in range(900)]
    votes.vote(READER, papers[7], 1, now=NOW)
    votes.vote(READER, papers[8], -1, now=NOW)
    votes.vote_all(READER, [*papers, papers[0]], 1, now=NOW + MINUTE)
    kept = {one.entry: one for one in votes.votes(READER)}
    assert kept.keys() == set(papers)
    assert kept[papers[7]] == Vote(papers[7], 1, NOW)
    assert kept[papers[8]] == Vote(papers[8], 1, NOW + MINUTE)
    votes.vote_all(READER, papers[1:], 0, now=NOW + MINUTE)
    assert [one.entry for one in votes.votes(READER)] == papers[:1]


def test_the_votes_of_many_people_are_read_at_once(votes: Votes) -> None:
    votes.vote(READER, SECOND, -1, now=NOW + MINUTE)
    votes.vote(READER, PAPER, 1, now=NOW)
    votes.vote(OTHER, PAPER, 1, now=NOW)
    nobody = [SubscriberId(f"n{number}") for number in range(1_200)]
    found = votes.votes_of([*nobody, READER, OTHER, READER])
    assert {person: list(theirs) for person, theirs in found.items()} == {
        READER: [Vote(PAPER, 1, NOW), Vote(SECOND, -1, NOW + MINUTE)],
        OTHER: [Vote(PAPER, 1, NOW)],
    }


def test_of_nobody_there_are_no_votes(votes: Votes) -> None:
    assert votes.votes_of([]) == {}
