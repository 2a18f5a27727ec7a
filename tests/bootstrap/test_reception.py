"""What a form of the subscribe page comes to, over a real newsroom."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.bootstrap import (
    Newsroom,
    Reception,
    Showroom,
    enquiries_of,
    open_newsroom,
    receiving,
)
from newsletter.errors import AddressError
from newsletter.model import Cadence, Every, Topic, Weekday
from newsletter.ports import EnquiryKind
from tests.end_to_end.house import House

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FULL = {
    "form": "1",
    "email": " ada@example.org ",
    "topic.robotics": "on",
    "topic.agents": "on",
    "own.0.name": "",
    "own.0.about": "how people come to\r\ntrust what machines tell them",
    "send.every": "days",
    "send.days.mon": "on",
    "send.days.thu": "on",
    "send.weekday": "fri",
    "send.date": "3",
    "send.at": "07:30",
    "send.timezone": "Europe/Paris",
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reception")
    return House(folder / "news", folder / "mailbox", 25).folder / "config.yaml"


@pytest.fixture(scope="module")
def room(config: Path) -> Iterator[Newsroom]:
    with open_newsroom(config, now=NOW) as room:
        yield room


@pytest.fixture(scope="module")
def desk(room: Newsroom) -> Reception:
    return Reception(room, receiving(room), Showroom(room))


def test_the_form_begins_with_the_defaults_and_no_complaint(desk: Reception) -> None:
    wish = desk.read({})
    assert wish.problems == {}
    assert wish.address == ""
    assert wish.form.words["send.timezone"] == "Europe/Paris"
    assert wish.preferences


def test_a_full_form_becomes_a_document(desk: Reception) -> None:
    wish = desk.read(FULL)
    assert wish.problems == {}
    assert wish.preferences
    cadence = Cadence(
        Every.DAYS, time(7, 30), "Europe/Paris", frozenset({Weekday.MON, Weekday.THU})
    )
    assert wish.preferences.cadence == cadence
    assert wish.preferences.email == "ada@example.org"
    own = "how people come to trust what machines…"
    *chosen, last = wish.preferences.topics
    assert [one.name for one in chosen] == ["robotics", "agents"]
    assert last == Topic(own, own, None, "how people come to trust what machines tell them")
    assert wish.preferences.learns
    assert wish.document.startswith("email: ada@example.org\n")


def test_the_day_of_another_rhythm_is_no_mistake(desk: Reception) -> None:
    wish = desk.read({**FULL, "send.every": "week"})
    assert wish.problems == {}
    assert wish.preferences
    assert wish.preferences.cadence.days == {Weekday.FRI}


def test_every_mistake_is_told_at_once_at_its_field(desk: Reception) -> None:
    wrong = {
        **FULL,
        "email": "ada(at)example.org",
        "send.at": "25:00",
        "send.timezone": "Mars/Olympus",
        "send.every": "sometimes",
        "topic.no-such-topic": "on",
    }
    wish = desk.read(wrong)
    asked = {"email", "send.at", "send.timezone", "send.every", "own.0.name"}
    assert asked <= wish.problems.keys()
    assert wish.preferences is None
    assert wish.address == "ada(at)example.org"
    assert wish.form.words["send.timezone"] == "Mars/Olympus"
    assert "robotics" in wish.form.topics.chosen


def test_the_letter_does_not_wait_for_the_address(desk: Reception) -> None:
    wish = desk.read({**FULL, "email": ""})
    assert wish.problems.keys() == {"email"}
    assert wish.preferences


def test_no_more_than_fifty_topics(desk: Reception) -> None:
    many = {f"own.{number}.about": f"words number {number}" for number in range(51)}
    wish = desk.read({"form": "1", "email": "ada@example.org", **many})
    assert "topics" in wish.problems
    assert "50" in wish.problems["topics"][0]


def test_other_keys_of_a_document_cannot_be_set_here(desk: Reception) -> None:
    wish = desk.read({**FULL, "pause_until": "2099-01-01", "mute": "robots", "name": "Ada"})
    assert wish.preferences
    assert wish.preferences.pause_until is None
    assert wish.preferences.mute == ()
    assert wish.preferences.name is None


def test_what_is_kept_is_the_whole_document(room: Newsroom, desk: Reception) -> None:
    wish = desk.read(FULL)
    desk.keep(wish, "2001:db8::/64")
    store = enquiries_of(room)
    (one,) = store.claim(5, now=NOW, patience_until=NOW)
    store.done(one.id)
    assert (one.kind, one.address) == (EnquiryKind.SUBSCRIBE, "ada@example.org")
    assert one.document == wish.document
    assert one.evidence == "page, network 2001:db8::/64"


def test_what_has_no_address_is_not_kept(desk: Reception) -> None:
    with pytest.raises(AddressError):
        desk.keep(desk.read({**FULL, "email": "x"}), "192.0.2.1/32")


def test_every_topic_is_offered_with_some_words_and_the_default_ones_first(
    desk: Reception,
) -> None:
    offered = desk.offered
    assert all(one.title and one.words for one in offered)
    defaults = [one.is_default for one in offered]
    assert defaults == sorted(defaults, reverse=True)
    assert "OR" not in offered[0].words


def test_zones_are_in_order_by_their_part_of_the_world(desk: Reception) -> None:
    assert "Europe/Paris" in desk.zones["Europe"]
    assert desk.zones["Elsewhere"] == ("UTC",)


NAMES = st.sampled_from(
    [
        *("form", "email", "send.every", "send.at", "send.timezone", "send.weekday", "send.date"),
        *("send.days.mon", "topic.robotics", "topic.", "own.0.name", "own.0.about", "own.0.query"),
        *("own.0.place", "own.0.weight", "own.7.about", "own.x", "weight.robotics", "website"),
    ]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(NAMES | st.text(max_size=12), st.text(max_size=40), max_size=9))
def test_no_form_is_too_strange(desk: Reception, fields: dict[str, str]) -> None:
    wish = desk.read({"form": "1", "email": "", **fields})
    assert wish.problems or wish.preferences


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (FULL["own.0.about"], "how people come to trust what machines…"),
        ("trust in machines. ", "trust in machines"),
    ],
)
def test_a_topic_without_a_name_gets_one_that_says_where_it_was_cut(
    desk: Reception, words: str, name: str
) -> None:
    wish = desk.read({**FULL, "own.0.about": words})
    assert not wish.problems
    assert wish.preferences
    assert wish.preferences.topics[-1].name == name
