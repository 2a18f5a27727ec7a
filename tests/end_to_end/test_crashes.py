"""`kill -9` in the middle of a send: nothing is lost, and repeats are at most one per connection."""

import random
import signal
from collections import Counter
from email import message_from_bytes
from email.policy import compat32

from newsletter.mailboxes import read_letters
from tests.end_to_end.house import MONDAY, House
from tests.end_to_end.many_readers import Hand

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


def start_sending(house: House) -> Hand:
    words = ["--config", str(house.folder / "config.yaml"), "send", "--ignore-schedule"]
    return Hand(*words, "--now", MONDAY, "--quiet")


def kill_after(house: House, count: int, sender: Hand) -> bool:
    """Kill the process once `count` letters arrived; return whether it had not ended before."""
    while sender.is_at_work and len(list(house.mailbox.glob("*.json"))) < count:
        sender.process.join(timeout=0.002)
    sender.kill()
    return sender.process.exitcode == -signal.SIGKILL


def test_nothing_is_lost_and_repeats_are_byte_identical(house: House) -> None:
    many_readers(house)
    dice = random.Random(20261123)  # noqa: S311 - moments, not secrets
    kills = 0
    for _ in range(KILLS):
        arrived = len(read_letters(house.mailbox))
        if arrived >= READERS:
            break
        more = dice.randint(1, READERS // KILLS)
        kills += kill_after(house, arrived + more, start_sending(house))
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
