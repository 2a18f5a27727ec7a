"""`kill -9` in the middle of a send: nothing is lost, and repeats are at most one per connection."""

import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path

from newsletter.mailboxes import read_letters
from tests.end_to_end.house import MONDAY, House

READERS = 60
KILLS = 4
CONNECTIONS = 10


def many_readers(house: House) -> None:
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    for number in range(READERS):
        house.subscribe(f"reader{number}@example.org", "topics: [{name: robots, query: robot*}]\n")
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0


def start_sending(house: House) -> "subprocess.Popen[bytes]":
    words = ["--config", str(house.folder / "config.yaml"), "send", "--ignore-schedule"]
    return subprocess.Popen(
        [sys.executable, "-m", "newsletter", *words, "--now", MONDAY, "--quiet"],
        cwd=Path(__file__).parents[2],
    )


def kill_after(house: House, count: int, process: "subprocess.Popen[bytes]") -> None:
    """Kill the process once `count` letters arrived; it may have ended before."""
    while process.poll() is None and len(list(house.mailbox.glob("*.json"))) < count:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.002)
    process.kill()
    process.wait(timeout=60)


def test_nothing_is_lost_and_repeats_are_byte_identical(house: House) -> None:
    many_readers(house)
    dice = random.Random(20261123)  # noqa: S311 - moments, not secrets
    kills = 0
    for _ in range(KILLS):
        arrived = len(read_letters(house.mailbox))
        if arrived >= READERS:
            break
        process = start_sending(house)
        kill_after(house, arrived + dice.randint(1, READERS // KILLS), process)
        kills += process.returncode == -9
    final = house.run("send", "--now", MONDAY, "--json")
    again = house.run("send", "--now", MONDAY, "--json")
    assert again.json["planned"] == again.json["waiting"] == 0, final

    letters = house.deliveries()
    by_reader = Counter(letter.recipient for letter in letters)
    assert len(by_reader) == READERS, "nobody is left out"
    assert kills
    assert len(letters) - READERS <= kills * CONNECTIONS
    for reader, count in by_reader.items():
        copies = {one.octets for one in letters if one.recipient == reader}
        assert len(copies) == 1, f"{reader} got {count} letters that differ"
        ids = {message_from_bytes(one, policy=compat32)["Message-ID"] for one in copies}
        assert len(ids) == 1
    status = house.run("status", "--json").json
    assert status["sent"] == status["planned"] == READERS
