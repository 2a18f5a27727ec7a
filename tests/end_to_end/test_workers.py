"""`newsletter worker`, beside others on one database."""

import json
from collections import Counter

from newsletter.errors import ExitCode
from tests.end_to_end.house import MONDAY, House
from tests.end_to_end.many_readers import Hand

READERS = 40
LATER = "2026-11-23T14:00+00:00"


def plan_only(house: House) -> None:
    """Plan letters while the relay is away, so that they wait."""
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    for number in range(READERS):
        house.subscribe(f"reader{number}@example.org", "topics: [{name: robots, query: robot*}]\n")
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0
    config = house.folder / "config.yaml"
    as_written = config.read_text(encoding="utf-8")
    port = as_written.split("port: ")[1].split(",")[0]
    house.edit_config(f"port: {port}", "port: 1")
    assert house.run("send", "--ignore-schedule", "--now", MONDAY).code == ExitCode.TEMPORARY
    config.write_text(as_written, encoding="utf-8")


def start_worker(house: House) -> Hand:
    words = ["--config", str(house.folder / "config.yaml"), "--json", "worker", "--until-empty"]
    return Hand(*words, "--now", LATER)


def told_by(worker: Hand) -> list[str]:
    """Return its lines once it ended by itself: its standard input stays open until then."""
    try:
        lines = worker.rest()
        assert worker.wait() == 0
    finally:
        worker.kill()
    return lines


def test_two_workers_share_what_waits_and_nobody_is_mailed_twice(house: House) -> None:
    plan_only(house)
    workers = [start_worker(house), start_worker(house)]
    lines = [line for one in workers for line in told_by(one)]
    assert Counter(json.loads(line)["event"] for line in lines) == {"accept": READERS}
    recipients = [letter.recipient for letter in house.deliveries()]
    assert len(recipients) == len(set(recipients)) == READERS
    status = house.run("status", "--json").json
    assert (status["sent"], status["waiting"]) == (READERS, 0)


def test_a_worker_has_nothing_to_do_with_the_server_inside_the_program(house: House) -> None:
    config = house.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    begin = text.index("relays: [")
    end = text.index("]", begin) + 1
    config.write_text(text[:begin] + "relays: embedded" + text[end:], encoding="utf-8")
    outcome = house.run("worker", "--until-empty")
    assert outcome.code == ExitCode.CONFIG
    assert "name a relay" in outcome.err
