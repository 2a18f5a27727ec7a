"""The geometry of the charts."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.operating.charts import HEIGHT, MOST_KINDS, OTHERS, WIDTH, draw, most_common
from newsletter.web.operating.times import Times, lasting
from newsletter.workflows import DayLine

FIRST = date(2026, 11, 1)
COUNTS = st.lists(st.tuples(*[st.integers(0, 10**9)] * 3), min_size=1, max_size=31)


def days(counts: list[tuple[int, ...]]) -> list[DayLine]:
    return [
        DayLine(FIRST + timedelta(days=place), dict(zip("abc", row, strict=False)))
        for place, row in enumerate(counts)
    ]


@given(COUNTS, st.sets(st.sampled_from("abc")))
def test_every_bar_lies_within_the_drawing_and_none_over_another(
    counts: list[tuple[int, ...]], down: set[str]
) -> None:
    chart = draw("x", "X", days(counts), ("a", "b", "c"), down)
    for column in chart.columns:
        assert 0 <= column.x <= WIDTH
        ends = sorted((bar.y, bar.y + bar.height) for bar in column.bars)
        for top, bottom in ends:
            assert -0.1 <= top <= bottom <= HEIGHT
        for (_, bottom), (top, _) in pairwise(ends):
            assert top >= bottom - 0.02
    assert all(0 <= line.y <= HEIGHT for line in chart.lines)
    assert len(chart.lines) <= 12
    assert chart.totals == tuple(map(sum, zip(*counts, strict=True)))


@given(COUNTS)
def test_heights_are_to_scale(counts: list[tuple[int, ...]]) -> None:
    chart = draw("x", "X", days(counts), ("a", "b", "c"))
    largest = max(map(sum, counts))
    tallest = max((sum(bar.height for bar in one.bars) for one in chart.columns), default=0)
    for column in chart.columns:
        height = sum(bar.height for bar in column.bars)
        if largest:
            assert height == pytest.approx(tallest * sum(column.counts) / largest, abs=0.1)


def test_of_nothing_there_is_nothing_to_see() -> None:
    assert draw("x", "X", days([(0, 0, 0)] * 30), ("a", "b", "c")).is_empty
    assert draw("x", "X", [], ("a",)).totals == ()


def test_of_many_kinds_the_small_ones_are_one() -> None:
    many = [DayLine(FIRST, {f"s{number}": number for number in range(1, 10)})]
    fewer, kinds = most_common(many)
    assert kinds == ("s9", "s8", "s7", "s6", "s5", OTHERS)
    assert len(kinds) == MOST_KINDS
    assert fewer[0].counts[OTHERS] == 1 + 2 + 3 + 4
    assert most_common([DayLine(FIRST, {"a": 1, "b": 2})])[1] == ("b", "a")


def test_times_are_written_for_people_and_for_machines() -> None:
    times = Times("Asia/Tokyo", datetime(2026, 11, 21, 19, 50, tzinfo=UTC))
    at = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
    assert times.local(at) == "22 Nov 00:30"
    assert times.local(at.replace(year=2024)) == "22 Nov 2024 00:30"
    assert times.iso(at) == "2026-11-21T15:30:00Z"
    assert times.utc(at) == "2026-11-21 15:30:00 UTC"
    assert times.ago(at) == "4 h"
    assert times.day(date(2026, 11, 22)) == "Sun 22 Nov"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7_199, "1 h"), (172_800, "2 days")],
)
def test_spans_are_written_in_one_unit(seconds: int, words: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == words
