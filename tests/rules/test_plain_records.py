from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.model import Silence, SilenceReason, Weekday
from newsletter.rules.plain_records import plain


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    days: frozenset[Weekday]
    notes: tuple[Silence, ...] = ()


def test_a_noun_becomes_a_mapping_by_its_fields() -> None:
    silence = Silence(SilenceReason.PAUSED, "until Friday")
    paper = Paper("Walking", frozenset({Weekday.THU, Weekday.MON}), (silence,))
    assert plain(paper) == {
        "title": "Walking",
        "days": sorted([plain(Weekday.MON), plain(Weekday.THU)], key=str),
        "notes": [{"reason": "paused", "detail": "until Friday"}],
    }


def test_times_are_written_as_the_world_writes_them() -> None:
    moment = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    values = {"at": moment, "on": date(2026, 11, 23), "by": time(7, 30), "for": timedelta(hours=1)}
    assert plain(values) == {
        "at": "2026-11-23T07:00:00+00:00",
        "on": "2026-11-23",
        "by": "07:30:00",
        "for": 3600.0,
    }


def test_plain_values_stay_as_they_are() -> None:
    assert plain([None, True, 1, 1.5, "x"]) == [None, True, 1, 1.5, "x"]


@pytest.mark.parametrize("value", [b"octets", Paper, object()])
def test_what_has_no_plain_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no plain form"):
        plain(value)
