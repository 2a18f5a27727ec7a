"""Commands of a mail as changes of the document."""

from datetime import date

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import CatalogueTopic, Command, CommandName, EmailAddress, Preferences, Topic
from newsletter.preferences import Surroundings, begin_document, fulfil, parse_documents

ROBOTICS = CatalogueTopic(Topic("robotics", "Robotics", query="robot*"))
AROUND = Surroundings({"robotics": ROBOTICS}, Preferences(EmailAddress("x@example.org")))
TODAY = date(2026, 11, 23)
TEXT = """\
email: ada@example.org   # mine
send: {every: week, day: fri, at: "07:30"}
topics:
  - robotics   # from work
  - name: guardrails
    query: '"safety guardrail"'
"""


def read(text: str) -> Preferences:
    reading = parse_documents(
        text, "ada.yaml", catalogue=AROUND.catalogue, defaults=AROUND.defaults
    )
    assert not reading.problems, reading.problems
    return reading.documents[0].preferences


def wish(name: CommandName, *arguments: str, text: str = TEXT) -> str:
    return fulfil(text, Command(name, arguments), read(text), AROUND, today=TODAY)


def test_topics_are_added_by_name_or_in_the_persons_words() -> None:
    without = TEXT.replace("  - robotics   # from work\n", "")

    changed = wish(CommandName.ADD, "robotics", '"policy gradient" OR dqn', text=without)

    assert [one.name for one in read(changed).topics] == [
        "guardrails",
        "robotics",
        "policy gradient OR dqn",
    ]
    assert read(changed).topics[2].query == '"policy gradient" OR dqn'
    assert changed.startswith("email: ada@example.org   # mine\n")


def test_a_topic_that_is_there_is_not_added_again() -> None:
    with pytest.raises(PreferencesError, match="you follow robotics already"):
        wish(CommandName.ADD, "robotics")


@pytest.mark.parametrize("called", ["guardrails", "Guardrails", '"safety guardrail"'])
def test_a_topic_is_taken_out_by_any_of_its_names(called: str) -> None:
    changed = wish(CommandName.DELETE, called)

    assert [one.name for one in read(changed).topics] == ["robotics"]
    assert "# from work" in changed


def test_a_topic_that_is_not_there_is_said_to_be_none() -> None:
    with pytest.raises(PreferencesError, match="birds is none of your topics"):
        wish(CommandName.DELETE, "birds")


def test_a_new_rhythm_forgets_the_day_of_the_old_one() -> None:
    changed = read(wish(CommandName.CADENCE, "every", "weekday"))

    assert str(changed.cadence.every) == "weekday"
    assert f"{changed.cadence.at:%H:%M}" == "07:30"


def test_a_time_and_a_zone_leave_the_rhythm() -> None:
    arguments = ("at", "06:15", "timezone", "Europe/Paris")

    changed = read(wish(CommandName.CADENCE, *arguments)).cadence

    assert (str(changed.every), f"{changed.at:%H:%M}", changed.timezone) == (
        "week",
        "06:15",
        "Europe/Paris",
    )


def test_a_pause_is_counted_from_today_and_can_be_ended() -> None:
    paused = wish(CommandName.PAUSE, "days", "14")

    assert read(paused).pause_until == date(2026, 12, 7)
    assert read(wish(CommandName.RESUME, text=paused)).pause_until is None
    assert wish(CommandName.RESUME) == TEXT


def test_a_pause_must_end_ahead() -> None:
    with pytest.raises(PreferencesError, match="2026-11-23 is no day ahead"):
        wish(CommandName.PAUSE, "until", "2026-11-23")


def test_the_number_of_entries_is_changed() -> None:
    assert read(wish(CommandName.AT_MOST, "8")).at_most == 8


def test_what_changes_no_preferences_is_refused() -> None:
    with pytest.raises(PreferencesError, match="help: changes no preferences"):
        wish(CommandName.HELP)


def test_a_first_document_has_the_topics_that_were_asked_for() -> None:
    text = begin_document("ada@example.org", ("robotics", "climate policy"), AROUND)

    assert [one.name for one in read(text).topics] == ["robotics", "climate policy"]
    assert read(begin_document("ada@example.org", (), AROUND)).topics == ()
