"""A newsletter moves from its file to PostgreSQL: no letter twice, none lost, all history there."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from newsletter.bootstrap import open_newsroom
from newsletter.model import Beginning, OutboxEvent, Settlement
from tests.conftest import NewDatabase
from tests.end_to_end.house import MONDAY, House
from tests.end_to_end.test_pages_apart import uvicorn
from tests.end_to_end.test_resolve import point_at
from tests.end_to_end.test_serving import one_reader_due_now, serving, wait_for

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER: Final = "2026-11-23T13:00+00:00"
FILE: Final = "database: sqlite:///data/newsletter.db"
READERS: Final = ("ada@example.org", "bob@example.org", "eve@example.org", "kim@example.org")
DOCUMENT: Final = "topics: [{name: robots, query: robot*}]\nsend: {every: day, at: '08:00'}\n"
PATIENCE_S: Final = 60.0


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database("postgresql")


@pytest.fixture
def lived_in(house: House) -> House:
    """A house with history: a letter to ada is sent, bob's is uncertain, eve's was in data, kim's waits."""
    house.edit_config("delivery:", "delivery:\n  on_uncertain: hold")
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    for reader in READERS:
        house.subscribe(reader, DOCUMENT)
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0
    words = ("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert house.run(*words, "--subscriber", READERS[0]).json["sent"] == 1
    former = point_at(house, 1)
    assert house.run(*words).json["waiting"] == 3
    point_at(house, former)
    leave_in_the_middle(house)
    entry = house.run("entries", "--json").json["entries"][0]["id"]
    assert house.run("likes", "add", READERS[0], entry).code == 0
    assert house.run("suppressions", "add", "gone@example.org").code == 0
    return house


def leave_in_the_middle(house: House) -> None:
    """Lose the answer to bob's letter, and end a worker that has eve's in data."""
    with open_newsroom(house.folder / "config.yaml", now=NOW) as room:
        outbox = room.outbox
        waiting = {str(one.recipient): one.id for one in outbox.find()}
        outbox.retry([waiting[reader] for reader in READERS[1:]], now=NOW)
        claimed = {str(one.recipient): one.id for one in outbox.claim(now=NOW, limit=10)}
        bob, eve, kim = (claimed[reader] for reader in READERS[1:])
        outbox.record(begun=[Beginning(one, f"<{one}@x>", "ab") for one in (bob, eve)], now=NOW)
        lost = Settlement(bob, OutboxEvent.LOSE_REPLY, "connection lost")
        given_back = Settlement(kim, OutboxEvent.DEFER, "450 later")
        outbox.record(ended=[lost, given_back], now=NOW)


def move_in(house: House, url: str) -> None:
    house.edit_config(FILE, f"database: {url}")


def history(house: House) -> dict[str, Any]:
    """Return what the program says of its past."""
    asked = [
        ("subscribers", "list"),
        ("suppressions", "list"),
        ("deliveries",),
        *(("why", one, "--now", MONDAY) for one in READERS),
        *(("subscribers", "data", one) for one in READERS),
        *(("subscribers", "show", one) for one in READERS),
        ("likes", "show", READERS[0]),
        ("entries",),
    ]
    answers = {}
    for words in asked:
        outcome = house.run(*words, "--json")
        answers[" ".join(words)] = (outcome.code, outcome.json)
    return answers


def test_a_house_moves_with_all_that_it_sent_and_has_to_send(lived_in: House, url: str) -> None:
    before = history(lived_in)
    letters = lived_in.deliveries()

    moved = lived_in.run("migrate", "--to", url, "--json")

    assert (moved.code, moved.json["equal"], moved.json["different"]) == (0, True, [])
    tables = {one["name"]: one for one in moved.json["tables"]}
    assert tables["consents"]["rows"] == tables["consents"]["rows_there"] == len(READERS)
    assert all(one["checksum"] == one["checksum_there"] for one in tables.values())
    setting = moved.json["setting"]
    assert setting.startswith("database: postgresql://")

    lived_in.edit_config(FILE, setting)
    assert history(lived_in) == before
    assert lived_in.deliveries() == letters

    sent = lived_in.run("send", "--now", LATER, "--json").json
    assert sent["sent"] == 1, "kim's, which waited"
    again = lived_in.run("send", "--ignore-schedule", "--now", LATER, "--json").json
    assert (again["sent"], again["skipped"]) == (0, {"nothing-new": 2}), again
    came = Counter(one.recipient for one in lived_in.deliveries())
    assert came == {READERS[0]: 1, READERS[3]: 1}
    uncertain = lived_in.run("deliveries", "--state", "uncertain", "--json").json["deliveries"]
    assert {one["subscriber"] for one in uncertain} == set(READERS[1:3]), "held for the operator"


def test_the_file_refuses_to_send_afterwards(lived_in: House, url: str) -> None:
    assert lived_in.run("migrate", "--to", url).code == 0
    for words in (("send",), ("serve",), ("worker", "--until-empty"), ("collect",), ("migrate",)):
        refused = lived_in.run(*words)
        assert refused.code == 78, words
        assert "was moved from here to postgresql://" in refused.err, words
        assert "config.yaml" in refused.err, words
    assert len(lived_in.deliveries()) == 1

    assert lived_in.run("migrate", "--stay").code == 78, (
        "what was sent from there is not known here"
    )
    assert lived_in.run("migrate", "--stay", "--yes").code == 0
    assert lived_in.run("send", "--now", LATER, "--json").json["sent"] == 1


def test_a_second_call_copies_nothing_and_a_person_is_told_what_to_do(
    lived_in: House, url: str
) -> None:
    first = lived_in.run("migrate", "--to", url)
    again = lived_in.run("migrate", "--to", url, "--json")
    assert first.code == again.code == 0
    assert "All equal" in first.out
    assert "serve" in first.out
    assert again.json["was_there"]
    assert again.json["copied"] == 0

    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DELETE FROM consents WHERE address_key = %s", [READERS[0]])
    third = lived_in.run("migrate", "--to", url, "--json")
    assert (third.code, third.json["different"]) == (65, ["consents"])
    assert third.json["setting"] is None
    assert "Different: consents" in lived_in.run("migrate", "--to", url).out


def refuses_to_move(house: House, url: str, why: str) -> None:
    refused = house.run("migrate", "--to", url)
    assert refused.code == 75
    assert why in refused.err


def test_a_move_is_refused_while_serve_runs(house: House, url: str) -> None:
    one_reader_due_now(house)
    house.run("collect")
    with serving(house) as (_, lines, _process):
        wait_for(lines, "delivered sent=1")
        refuses_to_move(house, url, "running; stop it and repeat")
    assert house.run("migrate", "--to", url).code == 0


def test_a_move_is_refused_while_serve_runs_that_never_sent(house: House, url: str) -> None:
    with serving(house) as (_, lines, _process):
        wait_for(lines, "Stop with Ctrl-C")
        refuses_to_move(house, url, "running; stop it and repeat")
    assert house.run("migrate", "--to", url).code == 0


def test_a_move_is_refused_while_the_pages_are_served_alone(house: House, url: str) -> None:
    with uvicorn(house, 1):
        refuses_to_move(house, url, "a server of its pages, is running; stop it and repeat")
    assert house.run("migrate", "--to", url).code == 0


def test_a_move_that_was_killed_is_repeated(lived_in: House, url: str) -> None:
    many = 40_000
    votes = [(f"p{n}", "e", 1, "2026-11-23 07:00:00.000000") for n in range(many)]
    with sqlite3.connect(lived_in.folder / "data" / "newsletter.db") as file:
        file.executemany("INSERT INTO votes VALUES (?, ?, ?, ?)", votes)
    words = ["--config", str(lived_in.folder / "config.yaml"), "migrate", "--to", url, "--quiet"]
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", *words], cwd=Path(__file__).parents[2]
    )
    there = votes_after_kill(url, process)
    assert process.returncode == -signal.SIGKILL
    assert 0 < there < many
    move_in(lived_in, url)
    half = lived_in.run("send")
    assert half.code == 78
    assert "does not hold everything yet" in half.err
    lived_in.edit_config(f"database: {url}", FILE)
    assert "is being moved from here" in lived_in.run("send").err

    moved = lived_in.run("migrate", "--to", url, "--json")

    assert (moved.code, moved.json["equal"]) == (0, True)
    tables = {one["name"]: one for one in moved.json["tables"]}
    assert tables["votes"]["copied"] == many + 1 - there, "what was there is not copied again"
    assert tables["votes"]["rows_there"] == many + 1
    move_in(lived_in, url)
    assert lived_in.run("send", "--now", LATER, "--json").json["sent"] == 1


def votes_after_kill(url: str, process: "subprocess.Popen[bytes]") -> int:
    """Kill the process once the first votes are there; return how many are."""
    deadline = time.monotonic() + PATIENCE_S
    with psycopg.connect(url, autocommit=True) as server:
        while process.poll() is None and time.monotonic() < deadline:
            known = server.execute("SELECT to_regclass('votes') IS NOT NULL").fetchone()
            if known and known[0] and server.execute("SELECT 1 FROM votes LIMIT 1").fetchone():
                break
        process.kill()
        process.wait(timeout=PATIENCE_S)
        row = server.execute("SELECT count(*) FROM votes").fetchone()
    assert row
    return int(row[0])


def test_the_schema_alone_is_brought_up_to_date(house: House, url: str) -> None:
    new = house.run("migrate", "--json").json
    assert (new["before"], new["copy"]) == (0, None)
    assert new["after"] > 0
    assert "Nothing to do" in house.run("migrate").out
    move_in(house, url)
    assert house.run("migrate", "--json").json["after"] == new["after"]
    assert "Nothing to do" in house.run("migrate").out, "the tables of jobs are there too"
    with psycopg.connect(url) as server:
        known = server.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()
        assert known == (True,)
    assert house.run("migrate", "--to", url).code == 78, "it lives on a server already"


def test_wrong_addresses_are_refused_without_their_password(house: House) -> None:
    assert house.run("migrate").code == 0
    for wrong, code in (
        ("sqlite:///data/other.db", 78),
        ("postgresql://me:s3cret@localhost:1/news", 75),
        ("postgresql://me:s3cret@localhost:1", 78),
        ("postgresql://me:s3cret@localhost:port/news", 78),
        ("somewhere", 78),
    ):
        refused = house.run("migrate", "--to", wrong)
        assert refused.code == code, wrong
        assert "s3cret" not in refused.out + refused.err
        assert refused.err
    assert house.run("migrate", "--stay", "--json").code == 78
    assert json.loads(house.run("status", "--json").out)
