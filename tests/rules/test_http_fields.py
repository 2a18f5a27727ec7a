"""What servers say in fields: moments in three forms, waits, quotas, freshness."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.http_fields import (
    LONGEST_WAIT,
    fresh_for,
    interval_asked,
    quota_wait,
    read_http_date,
    retry_after,
)

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
SECOND = timedelta(seconds=1)

moments = st.datetimes(
    min_value=datetime(1000, 1, 1),  # noqa: DTZ001 - hypothesis asks for naive bounds
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        " sun, 6 nov 1994 08:49:37 UTC ",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
    ],
)
def test_the_three_forms_of_a_date_and_their_usual_slips_are_read(text: str) -> None:
    assert read_http_date(text, now=NOW) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "1994-11-06T08:49:37Z",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 08:49:37 GMT" + " " * 100,
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_http_date(text, now=NOW) is None


@pytest.mark.parametrize(("digits", "year"), [("26", 2026), ("76", 2076), ("77", 1977)])
def test_two_digits_are_at_most_fifty_years_ahead(digits: str, year: int) -> None:
    read = read_http_date(f"Sunday, 06-Nov-{digits} 08:49:37 GMT", now=NOW)
    assert read
    assert read.year == year


def test_a_leap_second_is_the_second_before_it() -> None:
    read = read_http_date("Sat, 31 Dec 2016 23:59:60 GMT", now=NOW)
    assert read == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@given(moments)
def test_every_moment_comes_back_from_both_forms_with_four_digits(moment: datetime) -> None:
    fixed = format_datetime(moment, usegmt=True)
    asctime = f"{fixed[:3]} {fixed[8:11]} {moment.day:2} {moment:%H:%M:%S} {fixed[12:16]}"
    assert read_http_date(fixed, now=NOW) == moment
    assert read_http_date(asctime, now=NOW) == moment


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    read_http_date(text, now=NOW)
    fresh_for(text, text)
    interval_asked(text, text)
    for wait in (retry_after(text, now=NOW), quota_wait(text)):
        assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", 120 * SECOND),
        (" 0 ", timedelta(0)),
        ("1.7", SECOND),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30 * SECOND),
        ("Sat, 21 Nov 2026 11:59:00 GMT", timedelta(0)),
        ("Sat, 21 Nov 2099 11:59:00 GMT", LONGEST_WAIT),
        ("9" * 500, LONGEST_WAIT),
        ("0" * 20 + "7", 7 * SECOND),
        ("9" * 5_000, None),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str | None, wait: timedelta | None) -> None:
    assert retry_after(text, now=NOW) == wait


@given(moments)
def test_a_retry_after_date_is_waited_for_within_bounds(moment: datetime) -> None:
    wait = retry_after(format_datetime(moment, usegmt=True), now=NOW)
    assert wait == min(max(moment - NOW, timedelta(0)), LONGEST_WAIT)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ('"api";r=0;t=55', 56 * SECOND),
        ('"api"; r=0; t=55', 56 * SECOND),
        ('"api";r=12;t=55', None),
        ('"api";r=0;t=5, "day";r=0;t=500, "hour";r=3;t=900', 501 * SECOND),
        ("limit=100, remaining=0, reset=9", 10 * SECOND),
        ("limit=100;remaining=00;reset=9", 10 * SECOND),
        ("limit=100, remaining=40, reset=9", None),
        ("remaining=0", None),
        ('"api";r=0', None),
        ('"api";r=0;t=' + "9" * 90, LONGEST_WAIT),
        ('"api";r=0;t=5' + " " * 2_000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_used_up_quota_is_waited_for_and_a_second_more(
    text: str | None, wait: timedelta | None
) -> None:
    assert quota_wait(text) == wait


@pytest.mark.parametrize(
    ("limit", "interval", "pace"),
    [
        ("50", "1s", SECOND / 50),
        ("5", "1m", 12 * SECOND),
        ("1", "10", 10 * SECOND),
        ("1", "2H", timedelta(hours=2)),
        ("1", "999999999d", LONGEST_WAIT),
        ("0", "1s", None),
        ("many", "1s", None),
        ("5", "a while", None),
        ("5", None, None),
        (None, "1s", None),
    ],
)
def test_a_limit_in_an_interval_is_a_pace(
    limit: str | None, interval: str | None, pace: timedelta | None
) -> None:
    assert interval_asked(limit, interval) == pace


@pytest.mark.parametrize(
    ("text", "age", "fresh"),
    [
        ("max-age=3600", None, timedelta(hours=1)),
        ("public, Max-Age=60, must-revalidate", "20", 40 * SECOND),
        ("max-age=60", "99", timedelta(0)),
        ('max-age="60"', "", 60 * SECOND),
        ("max-age=60, max-age=5", None, 5 * SECOND),
        ("max-age=9999999999999", None, timedelta(days=365)),
        ("max-age=soon", None, timedelta(0)),
        ("no-cache, max-age=60", None, timedelta(0)),
        ('no-cache="set-cookie"', None, timedelta(0)),
        ("no-store", None, timedelta(0)),
        ("public", None, None),
        ("", None, None),
        ("x" * 2_000, None, None),
        (None, None, None),
    ],
)
def test_freshness_is_what_cache_control_says_less_the_age(
    text: str | None, age: str | None, fresh: timedelta | None
) -> None:
    assert fresh_for(text, age) == fresh
