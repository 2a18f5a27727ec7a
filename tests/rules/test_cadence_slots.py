"""Which slot is due, told by examples."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import Cadence, Every, Slot, SlotKind, Weekday
from newsletter.rules.cadence import due_slot, manual_slot, next_slots

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DAILY = Cadence(Every.DAY, time(8, 0), "Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(
    cadence: Cadence, now: str, *, last: Slot | None = None, since: datetime = LONG_AGO
) -> Slot | None:
    return due_slot(cadence, last, counts_from=since, now=utc(now))


def upcoming(cadence: Cadence, after: str, count: int) -> list[str]:
    slots = next_slots(cadence, after=utc(after), count=count)
    return [f"{slot.local_date} {slot.begins_at:%d %H:%M}" for slot in slots]


def test_a_slot_is_due_from_the_moment_it_begins() -> None:
    before = due(DAILY, "2026-11-23 06:59:59")
    begun = due(DAILY, "2026-11-23 07:00:00")
    assert before is not None
    assert before.local_date == date(2026, 11, 22)
    assert begun == Slot(date(2026, 11, 23), utc("2026-11-23 07:00"), "Europe/Paris")


def test_a_slot_that_was_planned_is_not_due_again() -> None:
    last = due(DAILY, "2026-11-23 07:00")
    assert due(DAILY, "2026-11-23 23:00", last=last) is None
    following = due(DAILY, "2026-11-24 07:00", last=last)
    assert following is not None
    assert following.local_date == date(2026, 11, 24)


def test_after_a_long_pause_only_the_latest_slot_is_due() -> None:
    last = due(DAILY, "2026-11-01 08:00")
    latest = due(DAILY, "2026-11-23 12:00", last=last)
    assert latest is not None
    assert latest.local_date == date(2026, 11, 23)


def test_the_first_slot_begins_after_the_confirmation() -> None:
    confirmed = utc("2026-11-23 07:00")
    assert due(DAILY, "2026-11-23 20:00", since=confirmed) is None
    assert due(DAILY, "2026-11-24 07:00", since=confirmed) is not None


@pytest.mark.parametrize(
    ("at", "now", "is_due"),
    [
        (time(22, 0), "2026-11-23 21:30", False),  # the same local day
        (time(5, 0), "2026-11-24 04:30", True),  # the next day, 21 hours later
    ],
)
def test_a_changed_hour_makes_no_second_letter_of_a_day(
    at: time, now: str, *, is_due: bool
) -> None:
    last = due(DAILY, "2026-11-23 07:00")
    changed = Cadence(Every.DAY, at, "Europe/Paris")
    assert (due(changed, now, last=last) is not None) == is_due


def test_a_slot_less_than_twelve_hours_after_the_last_is_left_out() -> None:
    evening = Cadence(Every.DAY, time(22, 0), "UTC")
    morning = Cadence(Every.DAY, time(6, 0), "UTC")
    last = due(evening, "2026-11-23 22:00")
    assert due(morning, "2026-11-24 06:00", last=last) is None
    assert due(morning, "2026-11-25 06:00", last=last) is not None


def test_each_rhythm_has_its_days() -> None:
    weekdays = Cadence(Every.WEEKDAY, time(8, 0))
    fridays = Cadence(Every.WEEK, time(8, 0), days=frozenset({Weekday.FRI}))
    listed = Cadence(Every.DAYS, time(8, 0), days=frozenset({Weekday.MON, Weekday.THU}))
    friday = "2026-11-27 07:00"
    assert upcoming(weekdays, friday, 2) == ["2026-11-27 27 08:00", "2026-11-30 30 08:00"]
    assert upcoming(fridays, friday, 2) == ["2026-11-27 27 08:00", "2026-12-04 04 08:00"]
    assert upcoming(listed, friday, 2) == ["2026-11-30 30 08:00", "2026-12-03 03 08:00"]


def test_a_date_beyond_the_end_of_a_month_is_its_last_day() -> None:
    monthly = Cadence(Every.MONTH, time(8, 0), month_day=31)
    assert upcoming(monthly, "2027-01-31 08:00", 3) == [
        "2027-02-28 28 08:00",
        "2027-03-31 31 08:00",
        "2027-04-30 30 08:00",
    ]


def test_a_rhythm_that_names_no_day_means_monday_or_the_first() -> None:
    assert upcoming(Cadence(Every.WEEK), "2026-11-24 00:00", 1) == ["2026-11-30 30 08:00"]
    assert upcoming(Cadence(Every.MONTH), "2026-11-24 00:00", 1) == ["2026-12-01 01 08:00"]


@pytest.mark.parametrize(
    ("zone", "at", "after", "first"),
    [
        ("Europe/Paris", time(2, 30), "2026-03-28 12:00", "2026-03-29 29 01:00"),
        ("Europe/Paris", time(2, 30), "2026-10-24 12:00", "2026-10-25 25 00:30"),
        ("Australia/Lord_Howe", time(2, 10), "2026-10-03 00:00", "2026-10-04 03 15:30"),
        ("America/Havana", time(0, 30), "2026-03-07 12:00", "2026-03-08 08 05:00"),
        ("Pacific/Apia", time(8, 0), "2011-12-30 00:00", "2011-12-31 30 18:00"),
    ],
)
def test_a_skipped_hour_begins_after_the_gap_and_a_doubled_one_the_first_time(
    zone: str, at: time, after: str, first: str
) -> None:
    assert upcoming(Cadence(Every.DAY, at, zone), after, 1) == [first]


def test_a_day_that_a_zone_leaves_out_has_no_slot_or_begins_with_the_next_day() -> None:
    # Samoa went from Thursday, 2011-12-29, to Saturday, 2011-12-31.
    eight, samoa, thursday = time(8, 0), "Pacific/Apia", "2011-12-29 12:00"
    daily = Cadence(Every.DAY, eight, samoa)
    fridays = Cadence(Every.WEEK, eight, samoa, frozenset({Weekday.FRI}))
    working_days = Cadence(Every.WEEKDAY, eight, samoa)
    the_30th = Cadence(Every.MONTH, eight, samoa, month_day=30)
    assert upcoming(daily, thursday, 2) == ["2011-12-29 29 18:00", "2011-12-31 30 18:00"]
    assert upcoming(fridays, thursday, 2) == ["2011-12-30 30 10:00", "2012-01-06 05 18:00"]
    assert upcoming(working_days, "2011-12-30 00:00", 1) == ["2011-12-30 30 10:00"]
    assert upcoming(the_30th, thursday, 2) == ["2011-12-30 30 10:00", "2012-01-30 29 18:00"]


def test_a_slot_of_the_day_after_can_begin_before_the_clocks_go_back_over_midnight() -> None:
    # Havana, 2026-11-01: 01:00 is 00:00 again. Azores, 2026-10-25: 01:00 is 00:00 again.
    cadence = Cadence(Every.DAY, time(0, 15), "America/Havana")
    slot = due(cadence, "2026-11-01 05:30")
    assert slot == Slot(date(2026, 11, 1), utc("2026-11-01 04:15"), "America/Havana")
    assert due(cadence, "2026-11-01 06:00", last=slot) is None


def test_a_slot_by_hand_belongs_to_the_local_day_and_the_moment() -> None:
    slot = manual_slot("Asia/Tokyo", utc("2026-11-23 20:00"))
    assert slot.local_date == date(2026, 11, 24)
    assert slot.begins_at == utc("2026-11-23 20:00")
    assert slot.begins_at.utcoffset() == timedelta(0)
    assert slot.kind is SlotKind.MANUAL


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../../etc/passwd", "America", "", "\0"])
def test_a_zone_that_nobody_knows_is_named(name: str) -> None:
    with pytest.raises(PreferencesError, match="no time zone known here"):
        manual_slot(name, utc("2026-11-23 20:00"))
