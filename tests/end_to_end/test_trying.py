"""`preferences try` says what a real run would have sent, slot by slot, and writes nothing."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.cli.session import hoist
from tests.end_to_end.house import House

START = datetime(2026, 11, 13, 12, tzinfo=UTC)
END = START + timedelta(days=10)
DAILY = """send: {every: day, at: "08:00", timezone: Europe/Paris}
topics: [{name: robots, query: robot*, weight: 2}, {name: sea, about: ships and tides}]
mute: ["title:survey"]
entries: {at_most: 2}
when_empty: carry
"""
WORKING_DAYS = """send: {every: weekday, at: "19:30", timezone: Asia/Tokyo}
topics: [{name: robots, query: robot*}]
follow: {authors: [Jane Doe]}
entries: {at_most: 3, order: newest}
when_empty: note
"""
TITLES = [
    "A robot that walks", "Robots that swim in tides", "Ships and tides", "A survey of robots",
    "Reading old letters", "A robotic hand", "Tides near ships", "Robots on ships", "Bread",
]  # fmt: skip


def announce(house: House, day: int) -> None:
    """Some entries a day, on two days none; no two so alike that they would be one paper."""
    at = START + timedelta(days=day, hours=5)
    count = (0, 4, 2, 0, 3, 5, 1, 3, 2, 4)[day]
    with (house.folder / "entries.jsonl").open("a") as file:
        for number in range(count):
            title = f"{TITLES[(day * 4 + number) % len(TITLES)]}, part {day * 10 + number}"
            authors = ["Jane Doe"] if number == 3 else ["Wei Li"]
            words = " ".join(f"w{day}x{number}x{place}" for place in range(12))
            entry = {"id": title, "title": title, "abstract": words, "authors": authors}
            file.write(json.dumps({**entry, "published_on": f"2026-11-{10 + day}"}) + "\n")
    assert house.run("collect", "--now", at.isoformat()).code == 0


def live(house: House, document: str) -> list[dict[str, Any]]:
    """Let ten days pass, looked at three times a day; return what each look brought."""
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    house.subscribe("dora@example.org", document)
    house.edit_config("samples/entries.yaml", "entries.jsonl")
    (house.folder / "entries.jsonl").touch()
    folder = str(house.folder / "subscribers")
    words = ["subscribers", "import", folder, "--consent", "x", "--now", START.isoformat()]
    assert house.run(*words).code == 0
    told = []
    for day in range(10):
        announce(house, day)
        for hour in (7, 10, 22):
            now = START.replace(hour=0) + timedelta(days=day + 1, hours=hour, minutes=40)
            if now < END:
                told.append(house.run("send", "--now", now.isoformat(), "--json").json)
    return told


def try_out(house: House, *words: str, text: str | None = None) -> Any:
    line = ["--config", str(house.folder / "config.yaml"), "preferences", "try", *words]
    return CliRunner().invoke(app, hoist(line), input=text)


@pytest.mark.parametrize("document", [DAILY, WORKING_DAYS], ids=["daily", "working days"])
def test_a_trial_says_what_ten_real_days_brought(house: House, document: str) -> None:
    told = live(house, document)
    file = str(house.folder / "subscribers" / "dora@example.org.yaml")
    result = try_out(house, file, "--days", "10", "--now", END.isoformat(), "--json")
    assert result.exit_code == 0
    (trial,) = json.loads(result.stdout)["documents"]

    sent = [edition for run in told for edition in run["editions"]]
    letters = [slot for slot in trial["slots"] if slot["has_letter"]]
    assert [letter["slot"] for letter in letters] == [edition["slot"] for edition in sent]
    assert [letter["entries"] for letter in letters] == [edition["entries"] for edition in sent]
    assert any(len(letter["entries"]) > 1 for letter in letters)
    silent = [slot["silence"]["reason"] for slot in trial["slots"] if not slot["has_letter"]]
    skipped = [reason for run in told for reason in run["skipped"] if reason != "not-due"]
    assert silent == skipped


def test_a_trial_writes_nothing(ready: House) -> None:
    files = {path: path.read_bytes() for path in ready.folder.rglob("*") if path.is_file()}
    file = str(ready.folder / "subscribers" / "ken@example.net.yaml")
    assert try_out(ready, file).exit_code == 0
    kept = {path for path in files if path.suffix not in {".db-wal", ".db-shm"}}
    assert {path for path in kept if path.read_bytes() != files[path]} == set()
    assert json.loads(ready.run("deliveries", "--json").out) == {"deliveries": []}


def test_a_trial_names_entries_reasons_and_what_was_cut(ready: House) -> None:
    document = "email: a@example.org\ntopics: [robotics]\nentries: {at_most: 1}\n"
    shown = try_out(ready, "-", "--now", "2026-11-25T12:00Z", text=document)
    assert "Robots: “" in shown.stdout
    assert "Also matched, by title alone: " in shown.stdout
    assert "no letter (nothing-new). No new entry has come." in shown.stdout
    assert "entries a week. Nothing was written." in shown.stdout


def test_people_who_name_no_topic_are_tried_with_the_default_topics(ready: House) -> None:
    shown = try_out(ready, "-", "--now", "2026-11-25T12:00Z", text="email: a@example.org\n")
    assert "[Reinforcement learning: “" in shown.stdout


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("email: a@example.org\nsend: {evry: day}\n", "standard input:2: send.evry: unknown key; did"),
        ("# nothing\n", "-: holds no document; begin with email: ADDRESS"),
        ("email: a@example.org\ntopics: [{name: x, query: 'a ('}]\n", "standard input:2: topics.1.query"),
    ],
)  # fmt: skip
def test_a_broken_document_is_refused_with_its_problems(
    ready: House, text: str, problem: str
) -> None:
    refused = try_out(ready, "-", text=text)
    assert refused.exit_code == 65
    assert problem in refused.stderr
    as_json = try_out(ready, "-", "--json", text=text)
    assert json.loads(as_json.stdout)["problems"]


def test_a_file_that_is_not_text_or_far_too_long_is_refused(ready: House) -> None:
    file = ready.folder / "odd.yaml"
    file.write_bytes(b"email: \xff\n")
    assert "odd.yaml:1: is not UTF-8" in try_out(ready, str(file)).stderr
    file.write_bytes(b"#" * 1_048_577)
    assert "holds more than 1,048,576 bytes" in try_out(ready, str(file)).stderr
