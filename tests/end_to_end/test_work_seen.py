"""Who works on which machine, and what does not go on, by the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
import pytest

from newsletter import __version__
from newsletter.bootstrap import Controls, OperatorDesk, open_newsroom, receiving
from newsletter.errors import ExitCode
from newsletter.model import Queue
from newsletter.workflows import Concern
from tests.conftest import NewDatabase
from tests.end_to_end.house import House
from tests.end_to_end.many_readers import Hand

PATIENCE_S = 20
FAILED = (
    "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
    " VALUES ('sources', 'collect-source', '{\"source\": \"blog\"}') RETURNING id) SELECT id FROM job"
)


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database("postgresql")


@pytest.fixture
def on_server(house: House, url: str) -> House:
    house.edit_config("database: sqlite:///data/newsletter.db", f"database: {url}")
    assert house.run("migrate").code == 0
    return house


@contextmanager
def at_work(house: House, *words: str) -> Iterator[Hand]:
    """Let one process work, and end it politely."""
    hand = Hand("--config", str(house.folder / "config.yaml"), *words)
    try:
        yield hand
        assert hand.end() == 0
    finally:
        hand.kill()


def get(url: str, path: str) -> tuple[int, str]:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def fail_job(url: str) -> int:
    """Write a job down that was tried for the last time; return its number."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(FAILED).fetchone()
        assert row
        for status in ("doing", "failed"):
            change = "UPDATE procrastinate_jobs SET status = %s WHERE id = %s"
            connection.execute(change, (status, row[0]))
    return int(row[0])


def test_a_worker_is_seen_from_every_machine_while_it_works(on_server: House) -> None:
    with at_work(on_server, "worker", "--metrics", "0") as hand:
        where = hand.await_line(r"Numbers: \S+").split()[-1]
        told = hand.await_line(r"collected source=samples")
        (worker,) = on_server.run("status", "--json").json["workers"]
        health, numbers = get(where, "/healthz"), get(where, "/metrics")
        shown = on_server.run("status").out
        examined = on_server.run("doctor", "--json").json["findings"]
    assert (worker["pid"], worker["version"]) == (hand.pid, __version__)
    assert (worker["kind"], worker["is_lost"]) == ("worker", False)
    assert worker["queues"] == sorted(Queue)
    assert f"worker={worker['name']} job=" in told
    assert "work=collect-source source=samples collected" in told
    assert health == (200, "ok\n")
    assert numbers[0] == 200
    assert 'newsletter_worker_jobs_total{work="look",result="done"}' in numbers[1]
    assert "newsletter_worker_lanes_open 1" in numbers[1]
    assert "process_resident_memory_bytes" in numbers[1]
    assert "Workers" in shown
    assert str(hand.pid) in shown
    assert {"1 process works, nothing is stuck"} == {
        one["fact"] for one in examined if one["subject"] == "work"
    }
    assert on_server.run("status", "--json").json["workers"] == []


def test_serve_is_seen_too(house: House) -> None:
    with at_work(house, "serve", "--port", "0") as hand:
        hand.await_line("Stop with Ctrl-C")
        hand.await_line("collected source=samples")
        status = house.run("status", "--json").json
    assert [(one["kind"], one["pid"]) for one in status["workers"]] == [("serve", hand.pid)]
    assert status["jobs"] is None
    assert house.run("status", "--json").json["workers"] == []


def test_what_failed_is_told_with_the_way_out(on_server: House, url: str) -> None:
    number = fail_job(url)
    status = on_server.run("status", "--json").json
    (stuck,) = status["stuck"]
    assert stuck["fact"] == f"1 job failed for good: {number} (collect-source source=blog)"
    assert f"{stuck['fact']}; {stuck['remedy']}" in status["alarms"]
    assert [(one["work"], one["failed"]) for one in status["jobs"]] == [("collect-source", 1)]
    shown = on_server.run("status").out
    assert "Stuck" in shown
    assert "Jobs" in shown
    findings = on_server.run("doctor", "--json").json["findings"]
    assert stuck["fact"] in {one["fact"] for one in findings if one["subject"] == "work"}
    with open_newsroom(on_server.folder / "config.yaml") as room:
        worries = OperatorDesk(room, receiving(room), Controls()).overview().worries
    assert [one.alarm.fact for one in worries if one.concern is Concern.WORK] == [stuck["fact"]]

    (job,) = on_server.run("jobs", "--failed", "--json").json["jobs"]
    assert (job["id"], job["about"], job["state"]) == (number, "source=blog", "failed")
    assert "collect-source" in on_server.run("jobs").out
    assert on_server.run("jobs", "--retry", str(number)).out == f"{number}: retried\n"
    assert on_server.run("jobs", "--failed").out == "No jobs.\n"
    again = on_server.run("jobs", "--retry", str(number), "--drop", str(number), "--json")
    assert again.code == ExitCode.DATA
    assert again.json == {"retried": [], "dropped": [number], "unknown": [number]}
    assert on_server.run("status", "--json").json["stuck"] == []


def test_jobs_are_shared_on_postgresql_alone(house: House, url: str) -> None:
    outcome = house.run("jobs")
    assert outcome.code == ExitCode.CONFIG
    assert "jobs are shared on PostgreSQL alone" in outcome.err
    house.edit_config("database: sqlite:///data/newsletter.db", f"database: {url}")
    outcome = house.run("jobs")
    assert outcome.code == ExitCode.CONFIG
    assert "`newsletter migrate` makes them" in outcome.err


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (("--metrics", "here"), "'here' is no place"),
        (("--until-empty", "--metrics", "0"), "leave one of the two out"),
    ],
)
def test_numbers_need_a_place_and_somebody_who_stays(
    house: House, words: tuple[str, ...], fact: str
) -> None:
    outcome = house.run("worker", *words)
    assert outcome.code == ExitCode.CONFIG
    assert fact in outcome.err
