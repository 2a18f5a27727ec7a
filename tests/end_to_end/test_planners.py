"""`send` for very many people: processes that plan side by side, each for a share of them."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.bootstrap import open_newsroom
from newsletter.cli import planning, sending
from newsletter.cli.planning import plan_share, read_share, shares, write_share
from newsletter.errors import ExitCode
from newsletter.workers import Crew
from tests.end_to_end.house import MONDAY, House
from tests.end_to_end.many_readers import Hand

READERS = 150
"""More than one batch."""
TOPICS = "send: {every: day, at: '08:00', timezone: UTC}\ntopics: [{name: robots, query: robot*}]\n"
SUNDAY = "2026-11-22T07:00+00:00"


@pytest.fixture
def readership(house: House) -> House:
    """Readers whose slot of Monday has begun, and one who has nothing to read in it."""
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    for number in range(READERS):
        house.subscribe(f"reader{number}@example.org", TOPICS)
    house.subscribe("quiet@example.org", TOPICS.replace("robot*", "sourdough"))
    folder = str(house.folder / "subscribers")
    consent = ["--consent", "a test", "--now", SUNDAY]
    assert house.run("subscribers", "import", folder, *consent).code == 0
    assert house.run("collect", "--now", MONDAY).code == 0
    house.edit_config("\ndelivery:\n", "\ndelivery:\n  workers: 3\n")
    return house


def start_planner(house: House, share: str) -> Hand:
    words = ["--config", str(house.folder / "config.yaml"), "--json", "worker", "--plan", share]
    return Hand(*words, "--now", MONDAY)


def planned_by(house: House, share: str) -> Counter[str]:
    """Return what a planner of a share tells, all batches together."""
    planner = start_planner(house, share)
    try:
        lines = planner.rest()
        assert planner.wait() == 0
    finally:
        planner.kill()
    total: Counter[str] = Counter()
    for told in map(json.loads, lines):
        total.update({"people": told["people"], "letters": told["letters"]})
        total.update({f"silent: {why}": count for why, count in told["silences"].items()})
    return total


def everybody() -> str:
    (share,) = shares(1)
    return write_share(share)


def test_a_crew_plans_for_everybody_and_nobody_is_mailed_twice(
    readership: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "WORTH_A_PLANNER", 10)
    sent = readership.run("--json", "send", "--now", MONDAY)
    assert sent.code == 0, sent.err
    assert sent.json["planned"] == READERS
    assert sent.json["skipped"] == {"nothing-matched": 1}
    recipients = [letter.recipient for letter in readership.deliveries()]
    assert len(recipients) == len(set(recipients)) == READERS

    again = readership.run("--json", "send", "--now", MONDAY)

    assert again.code == 0, again.err
    assert again.json["planned"] == 0
    assert len(readership.deliveries()) == READERS


def test_who_takes_the_place_of_a_planner_that_died_plans_what_is_left(readership: House) -> None:
    (first, second) = map(write_share, shares(2))
    before = planned_by(readership, first)
    assert 0 < before["letters"] < READERS
    everything = planned_by(readership, everybody())
    assert everything["people"] == READERS + 1
    assert before["letters"] + everything["letters"] == READERS
    assert planned_by(readership, second)["letters"] == 0


def test_a_planner_that_is_killed_loses_nothing_and_plans_nothing_twice(readership: House) -> None:
    planner = start_planner(readership, everybody())
    try:
        told = json.loads(planner.await_line("people"))
    finally:
        planner.kill()
    assert 0 < told["letters"] < READERS
    planned_by(readership, everybody())
    assert readership.run("status", "--json").json["waiting"] == READERS
    assert planned_by(readership, everybody())["letters"] == 0


def test_a_send_that_is_told_to_end_while_it_plans_says_so_and_the_next_goes_on(
    readership: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def stopped() -> Iterator[threading.Event]:
        told = threading.Event()
        told.set()
        yield told

    monkeypatch.setattr(sending, "politely_stopped", stopped)
    sent = readership.run("--json", "send", "--now", MONDAY)
    assert sent.code == ExitCode.TEMPORARY, sent.err
    assert sent.json["interrupted"]
    assert 0 < sent.json["planned"] < READERS
    assert "goes on" in readership.run("send", "--now", MONDAY).out

    monkeypatch.undo()
    again = readership.run("--json", "send", "--now", MONDAY)

    assert (again.code, again.json["interrupted"]) == (0, False)
    recipients = [letter.recipient for letter in readership.deliveries()]
    assert len(recipients) == len(set(recipients)) == READERS


def test_a_planner_that_is_told_to_end_has_not_done_its_share(readership: House) -> None:
    planner = start_planner(readership, everybody())
    try:
        planner.await_line("people")
        assert planner.end() in {0, ExitCode.TEMPORARY}  # 0 where it came to the end meanwhile
    finally:
        planner.kill()
    stopped = threading.Event()
    stopped.set()
    with open_newsroom(
        readership.folder / "config.yaml", now=datetime.fromisoformat(MONDAY)
    ) as room:
        assert not plan_share(room, shares(1)[0], stopped)


def test_a_share_that_nobody_wrote_is_refused(readership: House) -> None:
    outcome = readership.run("worker", "--plan", "everybody")
    assert outcome.code == ExitCode.CONFIG
    assert "ABOVE:BELOW" in outcome.err


@given(st.integers(1, 64), st.integers(0, 2**64 - 1))
def test_everybody_is_in_one_share(count: int, number: int) -> None:
    cut = shares(count)
    for name in (f"{number:016x}", *(share.above for share in cut[1:])):
        above = [share for share in cut if name > share.above]
        assert len([share for share in above if share.below is None or name < share.below]) == 1
    assert [read_share(write_share(share)) for share in cut] == cut


def test_who_plans_nothing_has_nobody_to_tell_what_it_learned(readership: House) -> None:
    told = readership.run("worker", "--until-empty", "--exchange", "folder", "--now", MONDAY)

    assert told.code == ExitCode.CONFIG
    assert "--plan" in told.err


def test_planners_of_a_crew_have_a_folder_that_goes_with_it(
    readership: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []

    class Listening(Crew):
        async def work(
            self, hear: Callable[[bytes], None], is_stopping: Callable[[], bool]
        ) -> None:
            folders.extend(Path(one[one.index("--exchange") + 1]) for one in self.commands)
            assert folders[0].is_dir()
            await super().work(hear, is_stopping)

    monkeypatch.setattr(planning, "WORTH_A_PLANNER", 10)
    monkeypatch.setattr(planning, "Crew", Listening)
    assert readership.run("send", "--now", MONDAY).code == 0

    assert len(folders) > 1
    assert len(set(folders)) == 1
    assert not folders[0].exists()


def test_without_a_temporary_folder_each_plans_for_itself(
    readership: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_to_be_had(**_: object) -> None:
        raise OSError

    monkeypatch.setattr(planning, "WORTH_A_PLANNER", 10)
    monkeypatch.setattr(planning, "TemporaryDirectory", none_to_be_had)

    sent = readership.run("--json", "send", "--now", MONDAY)

    assert (sent.code, sent.json["planned"]) == (0, READERS)
