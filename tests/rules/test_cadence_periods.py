"""How long a letter may wait, told by examples."""

from datetime import UTC, datetime, time, timedelta

import pytest

from newsletter.model import Cadence, Every, Weekday
from newsletter.rules.cadence import (
    begin_by,
    look_back,
    manual_slot,
    next_slots,
    period_end,
    retry_until,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAILY = Cadence(Every.DAY, time(8, 0))
WEEKLY = Cadence(Every.WEEK, time(8, 0), days=frozenset({Weekday.MON}))


def test_a_period_lasts_until_the_next_slot() -> None:
    slot = next_slots(DAILY, after=MONDAY, count=1)[0]
    assert period_end(DAILY, slot) == MONDAY + timedelta(days=1, hours=8)
    assert begin_by(DAILY, slot) == MONDAY + timedelta(days=1, hours=7)
    assert retry_until(DAILY, slot, planned_at=slot.begins_at) == MONDAY + timedelta(
        days=1, hours=8
    )


def test_tries_for_a_weekly_letter_end_after_five_days() -> None:
    slot = next_slots(WEEKLY, after=MONDAY, count=1)[0]
    assert retry_until(WEEKLY, slot, planned_at=MONDAY) == slot.begins_at + timedelta(days=5)
    assert begin_by(WEEKLY, slot) == slot.begins_at + timedelta(days=7, hours=-1)


def test_a_letter_that_a_long_downtime_delayed_is_tried_for_five_days_from_its_plan() -> None:
    monthly = Cadence(Every.MONTH, time(8, 0), month_day=1)
    slot = next_slots(monthly, after=MONDAY, count=1)[0]
    late = slot.begins_at + timedelta(days=9)
    assert retry_until(monthly, slot, planned_at=late) == late + timedelta(days=5)
    last = period_end(monthly, slot) - timedelta(hours=2)
    assert retry_until(monthly, slot, planned_at=last) == period_end(monthly, slot)


def test_after_a_change_of_hour_the_period_lasts_until_the_slot_that_will_be_due() -> None:
    slot = next_slots(DAILY, after=MONDAY, count=1)[0]
    evening = Cadence(Every.DAY, time(20, 0))
    assert period_end(evening, slot) == MONDAY + timedelta(days=1, hours=20)


def test_the_next_scheduled_slot_does_not_swallow_a_letter_asked_for_by_hand() -> None:
    slot = manual_slot("UTC", MONDAY + timedelta(hours=7, minutes=59))
    assert period_end(DAILY, slot) == MONDAY + timedelta(days=1, hours=8)
    assert begin_by(DAILY, slot) == MONDAY + timedelta(days=1, hours=7)


@pytest.mark.parametrize(
    ("cadence", "days"),
    [
        (DAILY, 1),
        (Cadence(Every.WEEKDAY), 3),
        (WEEKLY, 7),
        (Cadence(Every.MONTH, month_day=1), 7),
        (Cadence(Every.DAYS, days=frozenset({Weekday.MON, Weekday.THU})), 4),
        (Cadence(Every.DAYS, days=frozenset({Weekday.SUN})), 7),
        (Cadence(Every.DAYS), 7),
    ],
)
def test_a_first_letter_looks_back_one_period_and_at_most_a_week(
    cadence: Cadence, days: int
) -> None:
    assert look_back(cadence) == timedelta(days=days)
