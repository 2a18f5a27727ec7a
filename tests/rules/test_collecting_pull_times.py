"""When a source is due, also after a clock was wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.rules.collecting import due_at, due_sources

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = SourceName("feed")


def pulled(at: datetime | None) -> SourceReport:
    return SourceReport(FEED, "feed", SourceState.FRESH, pulled_at=at)


def is_due(report: SourceReport | None) -> bool:
    return FEED in due_sources({FEED: HOUR}, {FEED: report} if report else {}, now=NOW)


@pytest.mark.parametrize("report", [None, pulled(None)])
def test_a_source_that_was_never_pulled_is_due_at_once(report: SourceReport | None) -> None:
    assert due_at(report, HOUR, now=NOW) is None
    assert is_due(report)


@pytest.mark.parametrize("ago", [HOUR, timedelta(days=9)])
def test_a_source_is_due_when_its_interval_is_over(ago: timedelta) -> None:
    assert due_at(pulled(NOW - ago), HOUR, now=NOW) == NOW - ago + HOUR
    assert is_due(pulled(NOW - ago))


def test_a_source_is_not_due_before() -> None:
    recently = NOW - timedelta(minutes=59)
    assert due_at(pulled(recently), HOUR, now=NOW) == recently + HOUR
    assert not is_due(pulled(recently))


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), HOUR, timedelta(days=3650)])
def test_a_pull_in_the_future_counts_as_none(ahead: timedelta) -> None:
    assert due_at(pulled(NOW + ahead), HOUR, now=NOW) is None
    assert is_due(pulled(NOW + ahead))


def test_a_clock_of_another_machine_that_is_ahead_by_seconds_makes_no_second_pull() -> None:
    just_now = NOW + timedelta(seconds=3)
    assert due_at(pulled(just_now), HOUR, now=NOW) == just_now + HOUR
    assert not is_due(pulled(just_now))


def test_sources_are_due_in_the_order_of_the_config() -> None:
    names = [SourceName(one) for one in ("c", "a", "b")]
    last = {SourceName("a"): pulled(NOW)}
    assert due_sources(dict.fromkeys(names, HOUR), last, now=NOW) == ("c", "b")
