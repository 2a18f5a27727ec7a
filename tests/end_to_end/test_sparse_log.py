"""However often strangers do the same, the log stays short and says how often it was."""

import io
import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from newsletter.cli.logs import set_up_logging
from newsletter.cli.sparse_lines import SparseHandler
from newsletter.config import LogSettings
from newsletter.web import Health, Site, WebServer, make_app


class Minute:
    """A clock that the test sets, and what is to be done later."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self.waiting.append((self.now + seconds, do))

    def go_on(self, seconds: float) -> None:
        self.now += seconds
        due = [one for one in self.waiting if one[0] <= self.now]
        self.waiting = [one for one in self.waiting if one[0] > self.now]
        for _, do in due:
            do()


@pytest.fixture
def clock() -> Minute:
    return Minute()


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def handler(clock: Minute, written: io.StringIO) -> SparseHandler:
    return SparseHandler(written, clock=clock, later=clock.later)


def say(handler: SparseHandler, name: str, text: str, *args: object) -> None:
    handler.handle(logging.LogRecord(name, logging.WARNING, "", 0, text, args, None))


def lines(written: io.StringIO) -> list[str]:
    return written.getvalue().splitlines()


def test_the_first_line_of_a_kind_is_written_and_the_others_are_counted(
    handler: SparseHandler, written: io.StringIO, clock: Minute
) -> None:
    for _ in range(500):
        say(handler, "uvicorn.error", "Invalid HTTP request received.")
    assert lines(written) == ["Invalid HTTP request received."]
    clock.go_on(60)
    assert lines(written)[1:] == ["Invalid HTTP request received. (499 more within a minute)"]
    say(handler, "uvicorn.error", "Invalid HTTP request received.")
    assert len(lines(written)) == 3


def test_what_is_filled_in_makes_no_other_kind(
    handler: SparseHandler, written: io.StringIO, clock: Minute
) -> None:
    for number in range(3):
        say(handler, "newsletter.web.voting", "likes: %s", f"database says {number}")
    say(handler, "newsletter.web.reading", "letter: %s", "database says 3")
    clock.go_on(60)
    assert lines(written) == [
        "likes: database says 0",
        "letter: database says 3",
        "likes: %s (2 more within a minute)",
    ]


def test_a_line_a_minute_is_written_as_it_comes(
    handler: SparseHandler, written: io.StringIO, clock: Minute
) -> None:
    for number in range(3):
        say(handler, "newsletter.web.voting", "likes: %s", number)
        clock.go_on(60)
    assert lines(written) == ["likes: 0", "likes: 1", "likes: 2"]


def test_lines_that_no_stranger_causes_are_never_counted(
    handler: SparseHandler, written: io.StringIO
) -> None:
    for _ in range(3):
        say(handler, "newsletter.serve", "the same")
    assert lines(written) == ["the same"] * 3


@pytest.fixture
def program_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Set up logging as `serve` does, and put all back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logging(LogSettings(format="json"), is_verbose=False, is_quiet=False)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_a_hundred_invalid_requests_make_one_line(program_log: io.StringIO) -> None:
    server = WebServer(make_app(Site(name="Papers", health=lambda: Health(is_well=True))), port=0)
    server.start()
    try:
        for _ in range(100):
            place = urlsplit(server.url)
            with socket.create_connection((place.hostname, place.port), timeout=5) as connection:
                connection.sendall(b"\0\0\0 / HTTP/9\r\n\r\n")
                while connection.recv(4096):
                    pass
    finally:
        server.stop()
    said = [json.loads(line) for line in lines(program_log)]
    assert [one["logger"] for one in said] == ["uvicorn.error"]
