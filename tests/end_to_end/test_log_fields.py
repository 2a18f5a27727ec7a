"""Each line of the log says what it is about: in text, and as fields for programs."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest

from newsletter.cli.logs import set_up_logging
from newsletter.config import LogSettings
from newsletter.workers import logging_about

LOG = logging.getLogger("newsletter.jobs")
Begin = Callable[[str], io.StringIO]


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Set up logging as a worker called "one" does, and put all back."""
    root, ours = logging.getLogger(), logging.getLogger("newsletter")
    before = root.handlers[:], root.level, ours.level

    def set_up(form: str) -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        fields = {"worker": "one"}
        set_up_logging(LogSettings(format=form), is_verbose=False, is_quiet=False, fields=fields)
        return stream

    yield set_up
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def test_lines_of_a_job_carry_it_in_text(begin: Begin) -> None:
    written = begin("text")
    with logging_about(job=12, work="collect-source", source="blog"):
        LOG.info("collected new=%d", 3, extra={"item": 4})
    LOG.info("and on")
    first, second = written.getvalue().splitlines()
    assert first.endswith(
        "newsletter.jobs: worker=one job=12 work=collect-source source=blog collected new=3"
    )
    assert second.endswith("newsletter.jobs: worker=one and on")


def test_lines_of_a_job_carry_it_as_fields(begin: Begin) -> None:
    written = begin("json")
    with logging_about(job=12, work="deliver-batch"):
        LOG.warning("delivery item=%s", 4, extra={"item": 4, "event": "defer"})
    LOG.info("and on")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert list(first) == [
        "at",
        "level",
        "logger",
        "message",
        "item",
        "event",
        "worker",
        "job",
        "work",
    ]
    assert (first["item"], first["job"], first["message"]) == (4, "12", "delivery item=4")
    assert list(second) == ["at", "level", "logger", "message", "worker"]


def test_what_is_long_or_has_parts_or_another_meaning_is_no_field(begin: Begin) -> None:
    written = begin("json")
    LOG.info("it", extra={"job": {"args": 1}, "text": "x" * 201, "level": "none", "worker": "two"})
    line = json.loads(written.getvalue())
    assert (line["level"], line["worker"]) == ("info", "one")
    assert not {"job", "text"} & line.keys()
