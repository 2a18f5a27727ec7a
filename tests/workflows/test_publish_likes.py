"""PUBLISH for readers who voted: their letters learn from it, and nobody else's do."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest

from newsletter.model import (
    Edition,
    EntryId,
    Match,
    Preferences,
    ReasonKind,
    Subscriber,
    Topic,
    WhenEmpty,
)
from newsletter.rules.planning import Schedule
from newsletter.workflows import explain, plan_batch, publish
from tests.workflows.meaning_newsroom import (
    BREAD,
    ICE,
    NOON,
    ORDER,
    ROBOTS,
    Newsroom,
    reader,
    some_of,
)

ON_BREAD = ("old bread 0", "old bread 1", "old bread 2")
PLAIN = Topic("plain", "Plain", query="goblet OR anchor")


@pytest.fixture
def room() -> Newsroom:
    """Return one with a new entry on bread, one on robots, one on both, and many on other things."""
    room = Newsroom()
    room.announce_usual(40)
    room.announce("bread", some_of(BREAD, 3))
    room.announce("robots", "robots painting fences")
    room.announce("both", f"robots {some_of(BREAD, 4)}")
    return room


def match_of(edition: Edition | None, entry: str) -> Match:
    assert edition
    return next(one for one in edition.matches if one.entry == entry)


def fan(room: Newsroom, wishes: Preferences | None = None) -> Subscriber:
    """Take in somebody who liked three entries on bread."""
    person = room.subscribe(wishes or reader("ada", ROBOTS))
    room.vote(person, 1, *ON_BREAD)
    return person


def test_who_liked_three_entries_gets_one_like_them_and_reads_why(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ROBOTS))
    assert sorted(room.letter(ada)) == ["both", "robots"]

    room.vote(ada, 1, *ON_BREAD)
    edition = room.letters()[ada.address]

    assert edition
    assert [one.entry for one in edition.matches] == ["both", "bread", "robots"]
    (why,) = match_of(edition, "bread").reasons
    assert why.kind is ReasonKind.LIKED
    assert why.subject.removeprefix("On ") in {some_of(BREAD, place) for place in range(3)}
    assert [one.kind for one in match_of(edition, "both").reasons] == [
        ReasonKind.TOPIC,
        ReasonKind.LIKED,
    ]


def test_two_likes_bring_nothing_alone_but_tell_what_stands_first(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ROBOTS))
    room.vote(ada, 1, *ON_BREAD[:2])

    assert room.letter(ada) == ["both", "robots"]


def test_a_dislike_puts_its_like_behind(room: Newsroom) -> None:
    ada = fan(room, reader("ada", ROBOTS, Topic("all", "All", query="crust OR glacier")))
    room.announce("ice", some_of(ICE, 3))
    room.vote(ada, -1, "old ice 0", "old ice 1")

    assert room.letter(ada)[-1] == "ice"


def test_dislikes_alone_change_no_letter(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ROBOTS))
    before = room.letters()
    room.vote(ada, -1, *ON_BREAD)

    assert room.letters() == before


def test_who_switched_the_learning_off_gets_the_same_as_without_votes(room: Newsroom) -> None:
    wishes = replace(reader("ada", ROBOTS), learns=False)
    ada = room.subscribe(wishes)
    before = room.letters()
    room.vote(ada, 1, *ON_BREAD)

    assert room.letters() == before


def test_a_vote_for_an_entry_that_is_no_more_stored_says_nothing(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ROBOTS))
    before = room.letters()
    room.vote(ada, 1, "gone", "long gone", "forgotten")
    assert room.letters() == before

    room.vote(ada, 1, *ON_BREAD)
    with_gone = room.letters()
    room.vote(ada, 0, "gone", "long gone", "forgotten")
    assert room.letters() == with_gone != before


def test_a_vote_that_was_taken_back_is_forgotten(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ROBOTS))
    before = room.letters()
    room.vote(ada, 1, *ON_BREAD)
    room.vote(ada, 0, *ON_BREAD)

    assert room.letters() == before


def test_mute_and_what_was_sent_count_for_likes_too(room: Newsroom) -> None:
    ada = fan(room, replace(reader("ada", ROBOTS), mute=("crust",)))
    assert room.letter(ada) == ["robots"]

    bob = fan(room, reader("bob", ROBOTS))
    publish([bob], ORDER, room.ports)
    room.clock.move(timedelta(days=1))
    room.announce("more bread", some_of(BREAD, 1), at=NOON + timedelta(hours=9))
    assert room.letter(bob) == ["more bread"]


def test_the_likes_of_who_names_no_topic_count(room: Newsroom) -> None:
    ada = fan(room, reader("ada"))

    assert set(room.letter(ada)[:2]) == {"bread", "both"}


def test_likes_bring_a_letter_where_no_topic_does(room: Newsroom) -> None:
    nothing = Topic("none", "None", query="unheard")
    bob = room.subscribe(reader("bob", nothing))
    ada = fan(room, reader("ada", nothing))

    assert room.letter(bob) == []
    assert set(room.letter(ada)) == {"bread", "both"}


# Who else is in the batch.


def crowd(room: Newsroom) -> list[Subscriber]:
    return [
        room.subscribe(
            replace(
                reader(f"reader{number:02}", *(ROBOTS, PLAIN)[number % 2 :]),
                at_most=1 + number % 7,
                when_empty=WhenEmpty.NOTE if number % 3 else WhenEmpty.SKIP,
            )
        )
        for number in range(40)
    ]


def test_the_letters_of_others_are_the_same_whether_somebody_voted_or_not(room: Newsroom) -> None:
    people = crowd(room)
    before = room.letters(people)
    voters = people[::7]
    for person in voters:
        room.vote(person, 1, *ON_BREAD)
        room.vote(person, -1, "old ice 0")

    after = room.letters(people)

    changed = {address for address, letter in after.items() if letter != before[address]}
    assert changed
    assert changed <= {person.address for person in voters}


def test_together_voters_get_what_each_would_get_alone(room: Newsroom) -> None:
    people = crowd(room)
    for number, person in enumerate(people):
        room.vote(person, 1, *chain(ON_BREAD, ["old 3"], ["old ice 1"] * (number % 2)))

    together = room.letters(people)

    some = people[::6]
    assert {one.address: together[one.address] for one in some} == {
        one.address: room.letters([one])[one.address] for one in some
    }


def test_a_letter_does_not_depend_on_older_entries_that_are_read_for_others(room: Newsroom) -> None:
    ada = fan(room)
    longago = NOON - timedelta(days=200)
    alone = room.letters([ada])[ada.address]
    for place in range(20):
        room.announce(
            f"ancient {place}", f"sourdough relic{place} {some_of(ICE, place)}", at=longago
        )

    beside = room.letters([ada])[ada.address]

    assert alone
    assert beside
    assert [one.entry for one in beside.matches] == [one.entry for one in alone.matches]
    assert [one.reasons for one in beside.matches] == [one.reasons for one in alone.matches]
    assert [one.score for one in beside.matches] == pytest.approx(
        [one.score for one in alone.matches], abs=1e-5
    )


# What the operator and the reader are told before.


@pytest.mark.parametrize("entry", ["bread", "both", "robots"])
def test_what_is_explained_is_what_is_sent(room: Newsroom, entry: str) -> None:
    ada = fan(room)
    now = explain(ada, entry, ORDER, room.reports)
    (plan,) = publish([ada], ORDER, room.ports).plans
    sent = explain(ada, entry, ORDER, room.reports)

    assert now.match == match_of(plan.edition, entry)
    assert sent.was_sent
    assert sent.match == now.match
    assert sum(term.value for term in now.match.terms) == now.match.score


def test_what_likes_are_not_sure_of_is_explained_as_no_match(room: Newsroom) -> None:
    ada = fan(room)

    assert explain(ada, "new 1", ORDER, room.reports).match is None


def test_without_votes_the_explanation_names_no_like(room: Newsroom) -> None:
    ada = fan(room, replace(reader("ada", ROBOTS), learns=False))
    found = explain(ada, "both", ORDER, room.reports)

    assert found.match
    assert not any("like" in term.name for term in found.match.terms)


def test_a_preview_is_the_letter_that_is_sent(room: Newsroom) -> None:
    ada = fan(room)
    ahead = replace(ORDER, schedule=Schedule.AHEAD)
    plans, _ = plan_batch([ada], ahead, room.ports, now=NOON, adjust=lambda standing: standing)
    (sent,) = publish([ada], ORDER, room.ports).plans

    (shown,) = plans
    assert shown.edition
    assert sent.edition
    assert shown.edition.matches == sent.edition.matches
    assert EntryId("bread") in {one.entry for one in sent.edition.matches}
