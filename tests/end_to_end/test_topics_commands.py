"""`topics list`, `topics explain`, and a source that does not exist."""

from tests.end_to_end.house import MONDAY, House

NOW = ("--now", "2026-11-24T12:00+00:00")


def test_the_catalogue_is_listed_with_entries_a_day_and_followers(ready: House) -> None:
    lines = ready.run("topics", "list", *NOW, "--json").json["topics"]
    by_name = {line["name"]: line for line in lines}
    assert len(lines) == 50
    assert by_name["robotics"]["followers"] == 1
    assert by_name["robotics"]["found"] == by_name["robotics"]["per_day"] > 0
    assert [line["name"] for line in lines if line["default"]] == [
        "language-model-safety",
        "agents",
        "reinforcement-learning",
    ]
    table = ready.run("topics", "list", *NOW).out
    assert "Entries a day" in table
    assert "Robots" in table


def test_people_who_name_no_topic_follow_the_default_ones(ready: House) -> None:
    ready.subscribe("eve@example.org", "name: Eve\n")
    ready.vouch()
    lines = ready.run("topics", "list", *NOW, "--json").json["topics"]
    assert [line["followers"] for line in lines if line["default"]] == [1, 1, 2]


def test_without_a_catalogue_the_list_says_how_to_get_one(house: House) -> None:
    house.edit_config("catalogue: research", "catalogue:")
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    assert "catalogue: research" in house.run("topics", "list").out


def test_a_query_is_explained_with_forms_counts_and_examples(ready: House) -> None:
    shown = ready.run("topics", "explain", 'robots -title:"a survey"', *NOW).out
    assert 'Understood as: robots AND NOT title:"a survey"' in shown
    assert "(stem robot): robot" in shown
    assert "It finds 7 of 61 entries stored since 2026-10-25, for example:" in shown

    record = ready.run("topics", "explain", 'robots -title:"a survey"', *NOW, "--json").json
    assert record["understood"] == 'robots AND NOT title:"a survey"'
    assert (record["found"], record["entries"], len(record["examples"])) == (7, 61, 3)
    assert [(part["depth"], part["found"]) for part in record["parts"]] == [
        (0, 7),
        (1, 7),
        (1, 61),
        (2, 0),
    ]
    assert record["parts"][1]["words"] == [
        {"word": "robots", "stem": "robot", "forms": ["robot", "robotic", "robots"]}
    ]


def test_a_catalogue_topic_is_explained_by_its_name_or_title(ready: House) -> None:
    assert ready.run("topics", "explain", "Robots", *NOW, "--json").json["topic"] == "robotics"
    shown = ready.run("topics", "explain", "robotics", *NOW).out
    assert "robotics: Robots, a topic of the catalogue." in shown


def test_a_topic_in_plain_words_shows_the_words_that_count(ready: House) -> None:
    ready.edit_config("# topics:\n", "topics: {sea: {about: papers on climate laws}}\n")
    shown = ready.run("topics", "explain", "sea", *NOW).out
    assert "Words that count: climate, laws" in shown


def test_a_broken_query_is_shown_with_a_mark_below_the_character(ready: House) -> None:
    refused = ready.run("topics", "explain", "policy autor:x")
    assert refused.code == 65
    assert refused.err.splitlines()[:2] == ["policy autor:x", "       ^"]
    assert "did you mean author:?" in refused.err
    as_json = ready.run("topics", "explain", "policy autor:x", "--json")
    assert (as_json.code, as_json.json["problem"]["position"]) == (65, 7)


def test_before_anything_is_collected_the_explanation_says_so(house: House) -> None:
    assert "run `newsletter collect`" in house.run("topics", "explain", "robot", *NOW).out


def test_entries_of_a_source_that_does_not_exist_are_a_usage_error(ready: House) -> None:
    refused = ready.run("entries", "--source", "nope")
    assert refused.code == 2  # the command line turns it into 64
    assert "'nope' is no source; there are: samples" in refused.err
    assert ready.run("entries", "--source", "samples", "--json").json["entries"]
    since = ready.run("entries", "--source", "samples", "--since", MONDAY.replace("23", "24"))
    assert since.code == 0
