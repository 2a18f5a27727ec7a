"""What a letter's token may do to preferences: bring less, never more."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Cadence, EmailAddress, Every, Order, Preferences, Topic, Weekday
from newsletter.rules.narrowing import brings_less, can_go_weekly, droppable_topics

TOPICS = tuple(Topic(name, name.title(), query=name) for name in ("robots", "proofs", "speech"))
ADA = Preferences(EmailAddress("ada@example.org"), topics=TOPICS, cadence=Cadence(Every.DAY))
MONDAY = date(2026, 11, 23)


def test_what_stays_the_same_brings_no_more() -> None:
    assert brings_less(ADA, ADA)


@given(st.sets(st.sampled_from(TOPICS)))
def test_any_topics_may_be_left_out_but_all(gone: set[Topic]) -> None:
    rest = tuple(topic for topic in TOPICS if topic not in gone)
    assert brings_less(ADA, replace(ADA, topics=rest)) == bool(rest)


@given(st.permutations(TOPICS))
def test_topics_may_not_change_places(order: list[Topic]) -> None:
    assert brings_less(ADA, replace(ADA, topics=tuple(order))) == (tuple(order) == TOPICS)


def test_a_topic_may_be_neither_added_nor_changed() -> None:
    new = Topic("new", "New", query="new")
    assert not brings_less(ADA, replace(ADA, topics=(*TOPICS, new)))
    assert not brings_less(ADA, replace(ADA, topics=(new,)))
    wider = replace(TOPICS[0], query="robot* OR model*")
    assert not brings_less(ADA, replace(ADA, topics=(wider, *TOPICS[1:])))


def test_who_follows_one_topic_cannot_leave_it() -> None:
    assert droppable_topics(ADA) == TOPICS
    assert droppable_topics(replace(ADA, topics=TOPICS[:1])) == ()
    assert droppable_topics(replace(ADA, topics=())) == ()


@given(st.none() | st.integers(0, 400), st.none() | st.integers(0, 400))
def test_a_pause_may_only_become_longer(before: int | None, after: int | None) -> None:
    old, new = (
        replace(ADA, pause_until=None if days is None else MONDAY + timedelta(days=days))
        for days in (before, after)
    )
    is_longer = after is not None and (before is None or after > before)
    assert brings_less(old, new) == (is_longer or before == after)


CADENCES = [
    Cadence(Every.MONTH),
    Cadence(Every.WEEK, days=frozenset({Weekday.MON})),
    Cadence(Every.DAYS, days=frozenset({Weekday.MON, Weekday.THU})),
    Cadence(Every.WEEKDAY),
    Cadence(Every.DAY),
]


@pytest.mark.parametrize("old", range(len(CADENCES)))
@pytest.mark.parametrize("new", range(len(CADENCES)))
def test_letters_may_only_become_rarer(old: int, new: int) -> None:
    before, after = replace(ADA, cadence=CADENCES[old]), replace(ADA, cadence=CADENCES[new])
    assert brings_less(before, after) == (new <= old)
    assert can_go_weekly(CADENCES[old]) == (old > 1)


def test_one_day_for_another_is_no_less_and_no_other_hour_either() -> None:
    weekly = Cadence(Every.WEEK, days=frozenset({Weekday.MON}))
    old = replace(ADA, cadence=weekly)
    friday = replace(weekly, days=frozenset({Weekday.FRI}))
    assert not brings_less(old, replace(old, cadence=friday))
    assert not brings_less(ADA, replace(ADA, cadence=replace(weekly, at=time(3, 0))))
    assert not brings_less(ADA, replace(ADA, cadence=replace(weekly, timezone="Asia/Tokyo")))


@pytest.mark.parametrize(
    "other",
    [
        replace(ADA, email=EmailAddress("eve@example.org")),
        replace(ADA, at_most=11),
        replace(ADA, at_most=1),
        replace(ADA, mute=("survey",)),
        replace(ADA, order=Order.NEWEST),
        replace(ADA, learns=False),
        replace(ADA, name="Eve"),
    ],
)
def test_nothing_else_may_change(other: Preferences) -> None:
    assert not brings_less(ADA, other)
