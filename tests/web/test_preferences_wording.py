"""What was changed is told in the words of the form."""

from dataclasses import replace

import pytest

from newsletter.model import Cadence, EmailAddress, Every, Follow, Preferences, Topic, Weekday
from newsletter.preferences import differences
from newsletter.web.preferring.wording import told

TITLES = {"robotics": "Robotics"}
BEFORE = Preferences(
    EmailAddress("ada@example.org"),
    topics=(Topic("guardrails", "guardrails", query="guardrail*"),),
    follow=Follow(authors=("Ada Owl",)),
    at_most=12,
)


def said(**changes: object) -> list[str]:
    after = replace(BEFORE, **changes)  # type: ignore[arg-type]
    return [told(one, TITLES) for one in differences(BEFORE, after)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at_most": 7}, ["Entries at most: 12 → 7"]),
        ({"name": "Ada"}, ["Your name: Ada"]),
        ({"learns": not BEFORE.learns}, ["Learn from my votes: yes → no"]),
        ({"wants_revisions": True}, ["Show new versions of what I got before: no → yes"]),
        (
            {"topics": (*BEFORE.topics, Topic("robotics", "Robotics", query="x"))},
            ["Topics: “Robotics” added"],
        ),
        ({"topics": ()}, ["Topics: “guardrails” removed"]),
        (
            {"topics": (replace(BEFORE.topics[0], weight=2.5, about="how to hold"),)},
            ["guardrails, in your own words: how to hold", "guardrails, weight: 1 → 2.5"],
        ),
        (
            {"topics": (replace(BEFORE.topics[0], query="rail"),)},
            ["guardrails, words that must be there: guardrail* → rail"],
        ),
        ({"follow": Follow()}, ["Authors to follow: “Ada Owl” removed"]),
        ({"mute": ("title:survey",)}, ["Never show: “title:survey” added"]),
        (
            {"cadence": replace(BEFORE.cadence, timezone="Asia/Tokyo")},
            ["Time zone: UTC → Asia/Tokyo"],
        ),
    ],
)
def test_each_change_says_what_the_form_calls_it(
    changes: dict[str, object], words: list[str]
) -> None:
    assert said(**changes) == words


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        (Cadence(every=Every.DAY), "every day"),
        (
            Cadence(every=Every.DAYS, days=frozenset({Weekday.MON, Weekday.THU})),
            "every Monday and Thursday",
        ),
        (Cadence(every=Every.WEEK, days=frozenset({Weekday.FRI})), "once a week, on Friday"),
        (Cadence(every=Every.MONTH, month_day=3), "once a month, on day 3"),
    ],
)
def test_a_rhythm_is_told_as_people_say_it(cadence: Cadence, words: str) -> None:
    old = Preferences(EmailAddress("ada@example.org"), cadence=Cadence(every=Every.WEEKDAY))
    (found,) = differences(old, replace(old, cadence=cadence))
    assert told(found, {}) == f"How often: Monday to Friday → {words}"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("format", "text", "Looks: designed, with colour → plain text"),
        ("order", "newest", "First comes: what fits my topics best → what is newest"),
        ("when_empty", "note", "When nothing was found: no letter → a short letter that says so"),
    ],
)
def test_choices_are_told_in_the_words_of_the_list(key: str, value: str, words: str) -> None:
    old = Preferences(EmailAddress("ada@example.org"))
    (found,) = differences(old, replace(old, **{key: type(getattr(old, key))(value)}))
    assert told(found, {}) == words
