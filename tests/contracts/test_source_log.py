from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.ports import SourceLog
from newsletter.storage import Database, SourceReports
from newsletter.testing.stores import MemorySourceLog

OpenStored = Callable[[str], Database]
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, open_stored: OpenStored) -> SourceLog:
    if request.param == "memory":
        return MemorySourceLog()
    return SourceReports(open_stored(request.param))


def test_nothing_is_known_of_sources_never_pulled(log: SourceLog) -> None:
    assert log.last() == {}


def test_the_last_report_of_each_source_is_kept_whole(log: SourceLog) -> None:
    pages, feed = SourceName("pages"), SourceName("feed")
    report = SourceReport(
        name=pages,
        kind="saved-page",
        state=SourceState.DEGRADED,
        fetched=47,
        new=40,
        merged=6,
        revised=1,
        problems=("pages/may.txt: an entry has no title",),
        duration=timedelta(milliseconds=1500),
        pulled_at=datetime(2026, 11, 23, 7, 0, 0, 5, tzinfo=UTC),
    )

    log.record(SourceReport(pages, "saved-page", SourceState.FAILED))
    log.record(SourceReport(feed, "feed", SourceState.EMPTY))
    log.record(report)

    assert log.last() == {pages: report, feed: SourceReport(feed, "feed", SourceState.EMPTY)}


def test_held_and_passed_and_the_note_are_kept(log: SourceLog) -> None:
    report = SourceReport(
        SourceName("feed"),
        "feed",
        SourceState.EMPTY,
        held=600,
        passed=40,
        note="no list on a Saturday",
    )

    log.record(report)

    assert log.last() == {report.name: report}


def test_a_source_remembers_what_it_said_last(log: SourceLog) -> None:
    feed, blog = SourceName("feed"), SourceName("blog")
    assert log.memory(feed) == {}

    log.remember(feed, {"etag": "a", "gone": "x"})
    log.remember(blog, {"etag": "b"})
    log.remember(feed, {"etag": '"\xe4\ud800\0', "seen": "1 2"})

    assert log.memory(feed) == {"etag": '"\xe4\ud800\0', "seen": "1 2"}
    assert log.memory(blog) == {"etag": "b"}


def test_a_pull_counts_as_the_first_once_it_brought_entries(log: SourceLog) -> None:
    feed = SourceName("feed")
    first, second, third = (NOW + timedelta(hours=hours) for hours in (1, 2, 3))
    assert log.last_stored(feed) is None

    log.record(SourceReport(feed, "feed", SourceState.FAILED, pulled_at=NOW))
    log.record(SourceReport(feed, "feed", SourceState.EMPTY, pulled_at=NOW))
    assert log.last_stored(feed) is None

    log.record(SourceReport(feed, "feed", SourceState.FRESH, fetched=3, pulled_at=first))
    assert log.last_stored(feed) == first
    log.record(SourceReport(feed, "feed", SourceState.UNCHANGED, pulled_at=second))
    assert log.last_stored(feed) == second
    log.record(SourceReport(feed, "feed", SourceState.FAILED, pulled_at=third))
    assert log.last_stored(feed) == second
    assert log.last_stored(SourceName("blog")) is None
