"""What differs between two preferences, in words."""

from dataclasses import replace
from datetime import date, time

import pytest

from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    Follow,
    LetterFormat,
    Order,
    Preferences,
    Strictness,
    Topic,
    Weekday,
    WhenEmpty,
)
from newsletter.preferences import differences

ROBOTS = Topic("robots", "Robots", "robot*")
BIRDS = Topic("birds", "birds", None, "birds that sing")
OLD = Preferences(EmailAddress("ada@example.org"), topics=(ROBOTS,), mute=("a",))


def told(new: Preferences, old: Preferences = OLD) -> list[str]:
    return [str(one) for one in differences(old, new)]


def test_equal_preferences_have_no_difference() -> None:
    assert told(OLD) == []


def test_another_order_of_a_list_is_none() -> None:
    both = replace(OLD, topics=(ROBOTS, BIRDS), mute=("a", "b"))
    assert told(replace(OLD, topics=(BIRDS, ROBOTS), mute=("b", "a")), both) == []


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (replace(OLD, name="Ada"), ["name: + Ada"]),
        (replace(OLD, cadence=Cadence(at=time(7, 30))), ["send.at: 08:00 → 07:30"]),
        (replace(OLD, cadence=Cadence(timezone="Asia/Tokyo")), ["send.timezone: UTC → Asia/Tokyo"]),
        (
            replace(OLD, cadence=Cadence(Every.WEEK, days=frozenset({Weekday.FRI}))),
            ["send.every: weekday → week (day: fri)"],
        ),
        (
            replace(OLD, cadence=Cadence(Every.MONTH, month_day=31)),
            ["send.every: weekday → month (day: 31)"],
        ),
        (
            replace(OLD, cadence=Cadence(Every.DAYS, days=frozenset({Weekday.THU, Weekday.MON}))),
            ["send.every: weekday → [mon, thu]"],
        ),
        (replace(OLD, topics=(BIRDS,)), ["topics: - robots", "topics: + birds"]),
        (
            replace(OLD, topics=(replace(ROBOTS, weight=2.0, query="drone"),)),
            ["topics.robots.query: robot* → drone", "topics.robots.weight: 1 → 2"],
        ),
        (replace(OLD, mute=()), ["mute: - a"]),
        (
            replace(OLD, follow=Follow(("A",), ("B",))),
            ["follow.authors: + A", "follow.organizations: + B"],
        ),
        (
            replace(
                OLD,
                at_most=5,
                order=Order.NEWEST,
                minimum_upvotes=3,
                wants_revisions=True,
                learns=False,
            ),
            [
                "entries.at_most: 10 → 5",
                "entries.order: relevance → newest",
                "entries.minimum_upvotes: 0 → 3",
                "entries.revisions: false → true",
                "entries.learn: true → false",
            ],
        ),
        (
            replace(
                OLD,
                strictness=Strictness.STRICT,
                when_empty=WhenEmpty.NOTE,
                format=LetterFormat.TEXT,
                pause_until=date(2027, 1, 4),
            ),
            [
                "strictness: normal → strict",
                "when_empty: skip → note",
                "format: html → text",
                "pause_until: + 2027-01-04",
            ],
        ),
    ],
)
def test_each_key_is_told_in_words(new: Preferences, words: list[str]) -> None:
    assert told(new) == words
