"""PUBLISH for topics in free words: what is sure enough, said with how sure; else silence."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pytest

from newsletter.indexing import build_index
from newsletter.model import (
    Edition,
    Order,
    Preferences,
    SilenceReason,
    Strictness,
    Subscriber,
    Sureness,
    Topic,
    WhenEmpty,
)
from newsletter.rules.planning import Schedule
from newsletter.rules.topicality import SourceTopicality
from newsletter.workflows import PublishPorts, explain, plan_batch, publish
from tests.workflows.meaning_newsroom import (
    BREAD,
    ICE,
    NOON,
    ORDER,
    ROBOTS,
    SOURCE,
    Newsroom,
    reader,
    some_of,
)

ON_BREAD = Topic("bread", "Bread", about="sourdough crust from the oven: flour and yeast")
ON_ICE = Topic("ice", "Ice", about="the melting of arctic glacier floes")
ON_BEES = Topic("bees", "Bees", about="beekeeping hives and honey swarms")
CRUSTS = Topic("crusts", "Crusts", query="crust", about="sourdough crust from the oven")
ENGINES = Topic("engines", "Engines", query="engine OR candle", about="melting candle engines")
TOPICS = (ON_BREAD, ON_ICE, ON_BEES, CRUSTS, ENGINES, ROBOTS)


@pytest.fixture
def room() -> Newsroom:
    return filled(700)


def filled(background: int) -> Newsroom:
    """Return one with new entries on bread and ice, wholly and by the way, and many on other things."""
    room = Newsroom(background)
    room.announce_usual(60)
    room.announce("bread", some_of(BREAD, 3))
    room.announce("crust", f"crust {BREAD} anchor")
    room.announce("by the way", "crust engine candle window island kettle")
    room.announce("ice", some_of(ICE, 2))
    room.announce("hardly ice", "glacier bridge candle desert")
    room.announce("robots", "robots on melting floes")
    return room


def shown(edition: Edition | None) -> set[str]:
    return {match.entry for match in edition.matches} if edition else set()


def test_a_topic_shows_what_is_to_the_point_and_says_how_sure_it_is(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ON_BREAD))
    edition = room.letters()[ada.address]

    assert edition
    assert {"bread", "crust"} <= shown(edition) <= {"bread", "crust", "by the way"}
    assert {reason.sureness for match in edition.matches for reason in match.reasons} <= {
        Sureness.STRONG,
        Sureness.GOOD,
    }
    assert all(str(one.reasons[0]).startswith("Bread (") for one in edition.matches)


def test_where_nothing_is_to_the_point_nothing_comes(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ON_BEES))
    published = publish([ada], ORDER, room.ports)

    assert [plan.edition for plan in published.plans] == []
    assert [silence.reason for _, silence in published.silences] == [SilenceReason.NOTHING_MATCHED]


def test_with_too_few_recent_entries_a_topic_shows_at_most_three_and_no_sureness() -> None:
    room = filled(60)
    for place in range(5):
        room.announce(f"more bread {place}", some_of(BREAD, place))
    ada = room.subscribe(reader("ada", ON_BREAD))
    edition = room.letters()[ada.address]

    assert edition
    assert len(edition.matches) == 3
    assert {reason.sureness for one in edition.matches for reason in one.reasons} == {None}


@pytest.mark.parametrize("topics", [(ON_ICE,), (ON_BREAD, ON_ICE, ON_BEES), (ENGINES, ON_ICE)])
def test_who_is_less_strict_gets_all_that_who_is_stricter_gets(
    room: Newsroom, topics: tuple[Topic, ...]
) -> None:
    strict, normal, relaxed = (
        shown(next(iter(room.letters([one]).values())))
        for one in (
            room.subscribe(replace(reader(kind, *topics), at_most=50, strictness=kind))
            for kind in (Strictness.STRICT, Strictness.NORMAL, Strictness.RELAXED)
        )
    )

    assert strict <= normal <= relaxed
    assert relaxed


# Many together.


def wishes(number: int) -> Preferences:
    """Return what a reader wants: all kinds of topics, strictness, length and order."""
    chosen = tuple(dict.fromkeys(TOPICS[(number * step) % 6] for step in (1, 2, 3)))
    return replace(
        reader(f"reader{number:02}", *chosen[: 1 + number % 3]),
        strictness=list(Strictness)[number % 3],
        at_most=1 + number % 9,
        order=list(Order)[number // 3 % 3],
        when_empty=list(WhenEmpty)[number // 5 % 3],
    )


def readers(room: Newsroom, count: int = 40) -> list[Subscriber]:
    return [room.subscribe(wishes(number)) for number in range(count)]


def alone(room: Newsroom, people: list[Subscriber]) -> Mapping[str, Edition | None]:
    """Return what each would get who is planned for with too few others to work on arrays."""
    found: dict[str, Edition | None] = {}
    for start in range(0, len(people), 20):
        found |= room.letters(people[start : start + 20])
    return found


@pytest.mark.parametrize("background", [700, 60], ids=["sure", "unsure"])
def test_many_get_the_letters_that_each_would_get_alone(background: int) -> None:
    room = filled(background)
    people = readers(room)
    together = room.letters(people)

    assert together == alone(room, people)
    assert sum(len(shown(one)) for one in together.values()) > 40


def with_source_of(room: Newsroom, *topics: Topic) -> Newsroom:
    """Return the room where all entries of the source belong to `topics` as the operator wants it."""
    topicality = {SOURCE: SourceTopicality(topics=topics)}
    build = room.ports.build_index
    assert isinstance(build, partial)
    meaning = build.keywords["meaning"]
    room.ports = replace(
        room.ports, build_index=partial(build_index, topicality=topicality, meaning=meaning)
    )
    return room


@pytest.mark.parametrize("topics", [(ON_BREAD, ON_ICE), (CRUSTS, ENGINES), (ON_BEES, CRUSTS)])
def test_entries_of_a_source_that_has_the_topic_are_chosen_the_same_for_many(
    room: Newsroom, topics: tuple[Topic, ...]
) -> None:
    people = readers(with_source_of(room, *topics))

    assert room.letters(people) == alone(room, people)


# What is told before.


def test_a_preview_is_the_letter_that_is_sent(room: Newsroom) -> None:
    people = readers(room)
    previews = {one.address: preview_of(one, room.ports) for one in people[::5]}
    sent = {
        plan.edition.reader.address: plan.edition.matches
        for plan in publish(people, ORDER, room.ports).plans
        if plan.edition
    }

    assert previews == {one.address: sent.get(one.address, ()) for one in people[::5]}
    assert any(previews.values())


def preview_of(person: Subscriber, ports: PublishPorts) -> object:
    ahead = replace(ORDER, schedule=Schedule.AHEAD)
    plans, _ = plan_batch([person], ahead, ports, now=NOON, adjust=lambda standing: standing)
    return next((plan.edition.matches for plan in plans if plan.edition), ())


@pytest.mark.parametrize("entry", ["bread", "crust"])
def test_what_is_explained_is_what_is_sent(room: Newsroom, entry: str) -> None:
    ada = room.subscribe(reader("ada", ON_BREAD, CRUSTS, ON_ICE))
    now = explain(ada, entry, ORDER, room.reports)
    publish([ada], ORDER, room.ports)
    sent = explain(ada, entry, ORDER, room.reports)

    assert sent.was_sent
    assert now.match == sent.match
    assert all(gate.is_shown for gate in now.gates)


def test_what_is_too_unsure_is_explained_with_its_gate(room: Newsroom) -> None:
    ada = room.subscribe(reader("ada", ENGINES))
    found = explain(ada, "by the way", ORDER, room.reports)
    is_sent = "by the way" in room.letter(ada)

    (gate,) = found.gates
    assert found.match
    assert gate.is_shown == is_sent
    assert gate.expected is not None
