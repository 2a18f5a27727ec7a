"""What every audit log does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.ports import AuditBook, AuditId, Deed
from newsletter.storage import Audit, Database
from newsletter.testing.audit import MemoryAudit

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RETRY = Deed("ada", "retry", "message 7", "queued again")

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def audit(request: pytest.FixtureRequest, open_stored: OpenStored) -> AuditBook:
    if request.param == "memory":
        return MemoryAudit()
    return Audit(open_stored(request.param))


def test_lines_are_numbered_as_they_come_and_read_the_latest_first(audit: AuditBook) -> None:
    numbers = [audit.note(Deed("ada", f"deed {place}"), now=NOW) for place in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    assert [line.id for line in audit.latest(limit=3)] == [5, 4, 3]
    assert [line.deed.action for line in audit.latest(limit=3, below=AuditId(3))] == [
        "deed 1",
        "deed 0",
    ]


def test_a_line_is_kept_as_it_was_written(audit: AuditBook) -> None:
    number = audit.note(RETRY, now=NOW)
    line = audit.get(number)
    assert line
    assert (line.id, line.at, line.deed) == (number, NOW, RETRY)
    assert line in audit.latest(limit=1)


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**62])
def test_there_is_no_other_line(audit: AuditBook, number: int) -> None:
    audit.note(RETRY, now=NOW)
    assert audit.get(AuditId(number)) is None


def test_a_number_beyond_all_reads_from_the_end(audit: AuditBook) -> None:
    audit.note(RETRY, now=NOW)
    assert len(audit.latest(limit=5, below=AuditId(2**62))) == 1


def test_it_tells_what_was_done_lately(audit: AuditBook) -> None:
    audit.note(Deed("ada", "log out", "s1"), now=NOW - 3 * HOUR)
    audit.note(Deed("ada", "log out", "s2"), now=NOW - HOUR)
    for _ in range(700):
        audit.note(RETRY, now=NOW)
    since = NOW - 2 * HOUR
    assert audit.has("log out", "s2", since=since)
    assert not audit.has("log out", "s1", since=since)
    assert not audit.has("log in", "s2", since=since)
    assert not audit.has("log out", "s3", since=since)


def test_what_is_endless_or_cannot_be_stored_is_cut(audit: AuditBook) -> None:
    line = audit.get(
        audit.note(Deed("ada", "suppress", "a\ud800\0" + "b" * 5_000, "c" * 5_000), now=NOW)
    )
    assert line
    assert len(line.deed.subject) <= 1_000
    assert len(line.deed.detail) == 1_000


def test_there_is_no_way_to_change_a_line_or_to_take_one_out() -> None:
    offered = {name for name in dir(AuditBook) if not name.startswith("_")}
    assert offered == {"note", "get", "latest", "has"}
