"""`newsletter serve` as a real process: it sends what is due, shows its pages and stops politely."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import Queue
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.end_to_end.house import House
from tests.end_to_end.many_readers import Hand
from tests.forks import PATIENCE_S


@contextmanager
def serving(
    house: House, *options: str, ready: str = r"Pages: (\S+)"
) -> Iterator[tuple[str, "Queue[str | None]", Hand]]:
    """Start `serve` and yield the address of its pages, its log lines and the process."""
    config = str(house.folder / "config.yaml")
    hand = Hand("--config", config, "serve", "--port", "0", *options)
    try:
        yield wait_for(hand.lines, ready), hand.lines, hand
        assert hand.end() == 0
    finally:
        hand.kill()


def wait_for(lines: "Queue[str | None]", pattern: str) -> str:
    seen = []
    while (line := lines.get(timeout=PATIENCE_S)) is not None:
        seen.append(line)
        found = re.search(pattern, line)
        if found:
            return found[found.lastindex or 0]
    raise AssertionError(seen)


def one_reader_due_now(house: House) -> None:
    """Leave one subscriber, whose slot of today began after their confirmation."""
    for path in (house.folder / "subscribers").glob("*.yaml"):
        path.unlink()
    begun = datetime.now(UTC).replace(second=0, microsecond=0)
    every = 'send: {every: day, at: "%s", timezone: UTC}\ntopics: [{name: robots, query: robot*}]\n'
    house.subscribe("dora@example.org", every % f"{begun:%H:%M}")
    folder = str(house.folder / "subscribers")
    earlier = (begun - timedelta(hours=1)).isoformat()
    words = ["subscribers", "import", folder, "--consent", "a test", "--now", earlier]
    assert house.run(*words).code == 0


def status_of(request: Request | str) -> int:
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_serve_collects_publishes_delivers_and_answers_one_click(house: House) -> None:
    one_reader_due_now(house)
    house.run("collect")
    with serving(house) as (url, lines, _):
        wait_for(lines, "delivered sent=1")
        (letter,) = house.deliveries()
        assert letter.recipient == "dora@example.org"
        assert status_of(f"{url}/healthz") == 200
        token = re.search(rb"List-Unsubscribe: <https://[^/]+(/unsubscribe/[^>]+)>", letter.octets)
        assert token
        page = url + token[1].decode()
        assert status_of(page) == 200
        states = house.run("subscribers", "list", "--json").json["subscribers"]
        assert states[0]["state"] == "confirmed", "looking at the page changes nothing"
        click = Request(page, data=b"List-Unsubscribe=One-Click")  # noqa: S310 - a POST to our own
        assert status_of(click) == 200
        assert status_of(click) == 200, "twice is fine"
        states = house.run("subscribers", "list", "--json").json["subscribers"]
        assert states[0]["state"] == "unsubscribed"
    first, *others = house.deliveries()
    assert first == letter
    assert all(b"Subject: Your letters from Paper Round have ended" in one.octets for one in others)
    assert len(others) <= 1, "told once, with the way back"


def test_serve_can_leave_the_pages_to_others(house: House) -> None:
    one_reader_due_now(house)
    house.run("collect")
    with serving(house, "--no-pages", ready="^.*Ctrl-C") as (first_line, lines, _):
        assert "Pages" not in first_line
        wait_for(lines, "delivered sent=1")


def test_serve_writes_its_log_as_json_when_asked(house: House) -> None:
    house.edit_config("format: text", "format: json")
    with serving(house) as (_, lines, _process):
        line = wait_for(lines, r"(.*collected source=samples.*)")
        assert json.loads(line)["level"] == "info"
