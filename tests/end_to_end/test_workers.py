"""`newsletter worker`, beside others on one database."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from newsletter.errors import ExitCode
from tests.end_to_end.house import MONDAY, House

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


def start_worker(house: House) -> "subprocess.Popen[bytes]":
    words = ["--config", str(house.folder / "config.yaml"), "--json", "worker", "--until-empty"]
    return subprocess.Popen(
        [sys.executable, "-m", "newsletter", *words, "--now", LATER],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def told_by(worker: "subprocess.Popen[bytes]") -> list[bytes]:
    """Return its lines once it ended by itself: its standard input stays open until then."""
    with worker:
        assert worker.stdout
        lines = worker.stdout.read().splitlines()
        worker.wait(timeout=120)
    return lines


def test_two_workers_share_what_waits_and_nobody_is_mailed_twice(house: House) -> None:
    plan_only(house)
    workers = [start_worker(house), start_worker(house)]
    lines = [line for one in workers for line in told_by(one)]
    assert [one.returncode for one in workers] == [0, 0]
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
