"""What config.yaml says of a source and topics holds in letters, trials, explanations and lists."""

import json
from typing import Any

from tests.end_to_end.house import MONDAY, House

LATER = ("--now", "2026-11-24T12:00+00:00")
ROBOTS = (
    'send: {every: day, at: "08:00", timezone: UTC}\ntopics: [{name: robots, query: robot*}, tea]\n'
)
SETTINGS = """  samples: {kind: file, path: journal.jsonl}
  blog: {kind: file, path: blog.jsonl, weight: 0.5, fields: [title]}
  club: {kind: file, path: club.jsonl, topics: [tea]}
"""
JOURNAL = [("A robot at work", "One of many that were built last year."), ("Seen twice", "Robots.")]
BLOG = [
    ("Robots, robots, robots", "Robots for robots."),
    ("Seen twice", "Robots."),
    ("Nothing above", "A robot below."),
]
CLUB = [("Monday evening", "We met at five.")]


def write(house: House, name: str, entries: list[tuple[str, str]]) -> None:
    rows = [
        {"id": title, "title": title, "abstract": abstract, "published_on": "2026-11-20"}
        for title, abstract in entries
    ]
    for row in rows:
        if row["title"] == "Seen twice":
            row["doi"] = "10.1000/twice"
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    (house.folder / f"{name}.jsonl").write_text(text)


def settle(house: House) -> None:
    house.edit_config("  samples: {kind: file, path: samples/entries.yaml}", SETTINGS)
    house.edit_config("# topics:\n", "topics: {tea: {query: teapot}}\n")
    write(house, "journal", JOURNAL)
    write(house, "blog", BLOG)
    write(house, "club", CLUB)
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    house.subscribe("eve@example.org", ROBOTS)
    assert house.vouch().code == 0
    assert house.run("collect", "--now", MONDAY).code == 0


def titles(editions: list[dict[str, Any]]) -> list[str]:
    return [entry["title"] for edition in editions for entry in edition["entries"]]


def test_weight_fields_and_topics_of_a_source_hold_everywhere(house: House) -> None:
    settle(house)
    entries = {one["title"]: one for one in house.run("entries", "--json").json["entries"]}
    ids = {title: one["id"] for title, one in entries.items()}
    assert sorted(entries["Seen twice"]["sources"]) == ["blog", "samples"]
    robots = ids["Robots, robots, robots"]

    explained = house.run("explain", "eve@example.org", robots, "--json").json
    terms = {term["name"]: term["value"] for term in explained["terms"]}
    unseen = house.run("explain", "eve@example.org", ids["Nothing above"], "--json").json
    listed = house.run("topics", "list", *LATER, "--json").json["topics"]
    understood = house.run("topics", "explain", "robot*", *LATER, "--json").json
    document = str(house.folder / "subscribers" / "eve@example.org.yaml")
    trial = house.run("preferences", "try", document, "--days", "2", *LATER, "--json").json
    sent = house.run("send", *LATER, "--json").json

    assert terms["source \N{MULTIPLICATION SIGN} 0.5"] == -terms["topic robots"] / 2
    assert sum(terms.values()) == explained["score"]
    assert unseen["terms"] == []
    assert {one["name"]: one["found"] for one in listed}["tea"] == 1
    assert understood["found"] == 3
    shown = titles(sent["editions"])
    assert set(shown) == {
        "A robot at work",
        "Seen twice",
        "Robots, robots, robots",
        "Monday evening",
    }
    assert shown.index("Seen twice") < shown.index("Robots, robots, robots")
    assert titles(trial["documents"][0]["slots"]) == shown
