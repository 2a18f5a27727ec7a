from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.ports import SourceLog
from newsletter.storage import Database, SourceReports
from newsletter.testing.stores import MemorySourceLog

OpenStored = Callable[[str], Database]


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
