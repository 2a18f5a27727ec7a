"""Addresses of topics, names of entries, and months of an archive."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import EntryId
from newsletter.rules.public import entry_tag, feed_tag, months, topic_slugs

NAMES = st.lists(st.text(max_size=80), unique=True, max_size=12)
DAYS = st.lists(st.dates(date(1999, 1, 1), date(2040, 12, 31)), max_size=30)


def test_a_topic_stands_under_its_name_in_small_letters() -> None:
    slugs = topic_slugs(["robots", "Vision & Language", "Ada's Pick/AI", "量子 計算", "Ökologie"])
    assert list(slugs.values()) == [
        *("robots", "vision-language", "adas-pick-ai", "量子-計算", "ökologie"),
    ]


def test_names_that_would_share_an_address_get_numbers_and_days_are_no_topics() -> None:
    slugs = topic_slugs(["Vision", "vision", "2026", "2026-11-21", "!!", "vision!"])
    assert list(slugs.values()) == [
        *("vision", "vision-2", "topic-2026", "topic-2026-11-21", "topic", "vision-3"),
    ]


@given(NAMES)
def test_every_topic_has_an_address_of_its_own_that_no_other_page_has(names: list[str]) -> None:
    slugs = topic_slugs(names)
    assert list(slugs) == names
    assert len(set(slugs.values())) == len(names)
    for slug in slugs.values():
        assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", slug)
        assert not re.fullmatch(r"\d{4}(-\d{2}-\d{2})?", slug)


@given(st.text(st.characters(codec=None), max_size=40))
def test_a_name_for_ever_is_a_uri(entry: str) -> None:
    tag = entry_tag(EntryId(entry), "news.example.org")
    assert re.fullmatch(r"tag:news\.example\.org,2026:entry/[!-~]*", tag)


def test_feeds_and_entries_never_share_a_name() -> None:
    assert feed_tag("archive/", "x.org") == "tag:x.org,2026:archive/"
    assert entry_tag(EntryId("arxiv:2611.1"), "x.org") == "tag:x.org,2026:entry/arxiv:2611.1"


@given(DAYS)
def test_months_hold_every_day_once_under_its_weekday(days: list[date]) -> None:
    laid_out = months(days)
    found = [
        day for month in laid_out for week in month.weeks for _, day in week if day is not None
    ]
    assert sorted(found) == sorted(set(days))
    for month in laid_out:
        for week in month.weeks:
            assert len(week) == 7
            for place, (number, day) in enumerate(week):
                assert day is None or (day.weekday(), day.day) == (place, number)


def test_the_latest_month_comes_first() -> None:
    last = date(2026, 11, 21)
    titles = [month.title for month in months([last, last - timedelta(days=30)])]
    assert titles == ["November 2026", "October 2026"]
    assert months([]) == []
