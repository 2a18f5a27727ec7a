"""`sources list`, `test`, `release`, `drop`, and what a held flood keeps out of letters."""

import pytest

from tests.end_to_end.house import MONDAY, House

NOW = ("--now", "2026-11-24T12:00+00:00")
COUNT = 61
SAMPLES = "kind: file, path: samples/entries.yaml"


@pytest.fixture
def flooded(house: House) -> House:
    """A house whose one source gave more than its operator takes at once."""
    house.edit_config(SAMPLES, f"{SAMPLES}, at_most_new: 10")
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0
    return house


def test_sources_are_listed_before_and_after_their_first_pull(house: House) -> None:
    (line,) = house.run("sources", "list", "--json").json["sources"]
    assert (line["name"], line["kind"], line["state"]) == ("samples", "file", None)
    assert (line["pulled_at"], line["next_pull_at"], line["every_s"]) == (None, None, 3600)
    assert "never pulled" in house.run("sources", "list").out

    house.run("collect", "--now", MONDAY)

    (line,) = house.run("sources", "list", "--json").json["sources"]
    assert (line["state"], line["new"], line["held"]) == ("fresh", COUNT, 0)
    assert line["next_pull_at"] == "2026-11-23T13:00:00+00:00"


def test_a_source_is_tried_without_storing_anything(house: House) -> None:
    told = house.run("sources", "test", "samples", "--json").json
    assert (told["state"], told["new"], len(told["entries"])) == ("fresh", COUNT, COUNT)
    assert {entry["outcome"] for entry in told["entries"]} == {"new"}
    assert all(entry["title"] for entry in told["entries"])
    shown = house.run("sources", "test", "samples").out
    assert "Nothing was stored" in shown
    assert f"… and {COUNT - 20} more." in shown

    assert house.run("entries", "--json").json["entries"] == []
    assert house.run("status", "--json").json["sources"] == []

    house.run("collect")
    again = house.run("sources", "test", "samples", "--json").json
    assert {entry["outcome"] for entry in again["entries"]} == {"known"}


def test_a_source_that_fails_its_trial_exits_75(house: House) -> None:
    (house.folder / "samples" / "entries.yaml").unlink()
    outcome = house.run("sources", "test", "samples", "--json")
    assert (outcome.code, outcome.json["state"]) == (75, "failed")
    assert outcome.json["entries"] == []


@pytest.mark.parametrize("verb", ["test", "release", "drop"])
def test_a_name_that_is_no_source_is_refused_with_those_there_are(house: House, verb: str) -> None:
    outcome = house.run("sources", verb, "sample")
    assert outcome.code == 78
    assert "there are: samples" in outcome.err


def test_a_held_flood_is_told_everywhere_and_offered_nowhere(flooded: House) -> None:
    status = flooded.run("status", "--json").json
    (report,) = status["sources"]
    assert (report["state"], report["new"], report["held"]) == ("degraded", 0, COUNT)
    assert "newsletter sources release samples" in report["problems"][0]
    assert any("61 entries wait that came in a flood" in alarm for alarm in status["alarms"])
    assert "61 held" in flooded.run("collect").out

    stored = flooded.run("entries", "--json").json["entries"]
    assert {(one["release_no"], one["admission"]) for one in stored} == {(0, "held")}
    assert len(stored) == COUNT
    assert "no: held" in flooded.run("entries").out

    topics = flooded.run("topics", "list", *NOW, "--json").json["topics"]
    assert {line["found"] for line in topics} == {0}
    sent = flooded.run("send", "--ignore-schedule", *NOW, "--json").json
    assert sent["planned"] == 0
    explained = flooded.run("explain", "ada@example.org", stored[0]["id"])
    assert "It is held: no letter shows it." in explained.out


def test_a_flood_that_is_let_go_is_news_from_then_on(flooded: House) -> None:
    flooded.run("send", "--ignore-schedule", *NOW)

    assert flooded.run("sources", "release", "samples", "--json").json == {
        "source": "samples",
        "released": COUNT,
    }

    alarms = flooded.run("status", *NOW, "--json").json["alarms"]
    assert not any("flood" in alarm for alarm in alarms)
    later = "2026-11-24T13:00+00:00"
    assert flooded.run("send", "--ignore-schedule", "--now", later, "--json").json["sent"] > 0
    assert "Nothing of samples is held." in flooded.run("sources", "release", "samples").out


def test_a_flood_that_is_dropped_stays_known_and_is_never_sent(flooded: House) -> None:
    assert "61 of samples dropped" in flooded.run("sources", "drop", "samples").out

    assert flooded.run("collect", "--json").json["sources"][0]["new"] == 0
    assert flooded.run("send", "--ignore-schedule", *NOW, "--json").json["planned"] == 0
    stored = flooded.run("entries", "--json").json["entries"]
    assert {one["admission"] for one in stored} == {"passed"}


def test_what_a_source_left_that_is_gone_can_still_be_settled(flooded: House) -> None:
    flooded.edit_config("  samples: {", "  others: {")

    listed = flooded.run("sources", "list", "--json").json
    assert listed["held_of_others"] == {"samples": COUNT}
    assert "no source any more" in flooded.run("sources", "list").out
    assert flooded.run("sources", "drop", "samples", "--json").json["dropped"] == COUNT
