"""The pages alone under a server of one's own, in two processes; and an end in the middle of a press."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.request import Request

import pytest

from newsletter.bootstrap import open_newsroom
from newsletter.model import SubscriptionState
from newsletter.rules.addresses import TokenPurpose, letter_token
from tests.end_to_end.house import MONDAY, House
from tests.end_to_end.test_serving import serving, status_of
from tests.forks import PATIENCE_S

ROOT = Path(__file__).parents[2]
PEOPLE = 12
DOCUMENT = 'send: {every: day, at: "08:00", timezone: UTC}\ntopics: [{name: all, query: "the"}]\n'


def planned(house: House) -> list[str]:
    """Leave letters that wait, and return the paths of their one-click addresses."""
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    for number in range(PEOPLE):
        house.subscribe(f"reader{number}@example.org", DOCUMENT)
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0
    assert house.run("send", "--now", "2026-11-24T12:00+00:00").code == 0
    with open_newsroom(house.folder / "config.yaml") as room:
        editions = [one.edition for one in room.outbox.find(limit=None) if one.edition]
        assert len(editions) == PEOPLE
        return [
            f"/unsubscribe/{letter_token(TokenPurpose.UNSUBSCRIBE, one, room.press.secrets)}"
            for one in editions
        ]


def gone(house: House) -> int:
    with open_newsroom(house.folder / "config.yaml") as room:
        states = [person.state for person in room.subscribers.all()]
    return states.count(SubscriptionState.UNSUBSCRIBED)


def click(url: str) -> int:
    return status_of(Request(url, data=b"List-Unsubscribe=One-Click"))  # noqa: S310 - our own


@contextmanager
def uvicorn(house: House, workers: int) -> Iterator[str]:
    """Run the real server with its factory, and yield where its pages are."""
    line = [sys.executable, "-m", "uvicorn", "--factory", "newsletter.web:asgi", "--port", "0"]
    config = str(house.folder / "config.yaml")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NEWSLETTER_CONFIG": config}
    with subprocess.Popen(
        [*line, "--workers", str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout
        try:
            yield _address(process, workers)
        finally:
            process.send_signal(signal.SIGTERM)
            told, _ = process.communicate(timeout=PATIENCE_S)
            assert "Traceback" not in told


def _address(process: "subprocess.Popen[str]", workers: int) -> str:
    """Return where the pages are, once every process has opened its newsroom."""
    assert process.stdout
    seen = ""
    for line in process.stdout:
        seen += line
        found = re.search(r"running on (http://[\d.:]+)", seen)
        if found and seen.count("Application startup complete") == workers:
            return found[1]
    raise AssertionError(seen)


@pytest.mark.parametrize("workers", [1, 2])
def test_pages_alone_take_what_is_pressed_in_one_process_or_two(house: House, workers: int) -> None:
    paths = planned(house)
    with uvicorn(house, workers) as url, ThreadPoolExecutor(6) as providers:
        statuses = list(providers.map(lambda path: click(url + path), paths * 2))
    assert statuses == [200] * PEOPLE * 2
    assert gone(house) == PEOPLE


def test_an_end_in_the_middle_answers_what_was_taken(house: House) -> None:
    paths = planned(house)
    answered: list[int] = []

    def press(url: str) -> None:
        for path in paths:
            try:
                answered.append(click(url + path))
            except OSError:  # the program has ended: the provider tries again later
                return

    with serving(house) as (url, _, program):
        presses = [Thread(target=press, args=(url,)) for _ in range(3)]
        for one in presses:
            one.start()
        while len(answered) < 3:
            presses[0].join(timeout=0.01)
        program.tell_to_end()
        for one in presses:
            one.join(timeout=PATIENCE_S)
    assert set(answered) == {200}
    assert gone(house) >= len(answered) / len(presses)
