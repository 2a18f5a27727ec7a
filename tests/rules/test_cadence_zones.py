"""The law of slots, in every time zone: one per local day of the rhythm, never in a gap, never twice."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import Cadence, Every, Slot, Weekday
from newsletter.rules.cadence import begin_by, due_slot, next_slots, period_end, retry_until

ZONES = sorted(available_timezones())
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
HALF_A_DAY = timedelta(hours=12)

days = st.frozensets(st.sampled_from(Weekday), min_size=1)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
cadences = st.builds(
    Cadence,
    every=st.sampled_from(Every),
    # Clocks change at night: most of the examples belong there.
    at=times | st.builds(time, st.integers(0, 3), st.integers(0, 59)),
    timezone=st.sampled_from(ZONES),
    days=days,
    month_day=st.integers(1, 31),
)
moments = st.datetimes(datetime(1970, 1, 3), datetime(2060, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


def is_left_out(day: date, slot: Slot) -> bool:
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(slot.timezone))
    return noon.astimezone(UTC).astimezone(ZoneInfo(slot.timezone)).date() != day


def wall(moment: datetime, slot: Slot) -> datetime:
    return moment.astimezone(ZoneInfo(slot.timezone)).replace(tzinfo=None)


@settings(max_examples=150, deadline=None)
@given(cadences, moments)
def test_a_slot_begins_when_the_clocks_first_show_its_time_or_pass_it(
    cadence: Cadence, after: datetime
) -> None:
    for slot in next_slots(cadence, after=after, count=20):
        named = datetime.combine(slot.local_date, cadence.at)
        assert wall(slot.begins_at, slot) >= named
        assert wall(slot.begins_at - SECOND, slot) < named
        assert slot.begins_at.astimezone(ZoneInfo(slot.timezone)).fold == 0


@settings(max_examples=60, deadline=None)
@given(cadences, moments)
def test_no_day_of_the_rhythm_is_left_out_or_comes_twice(cadence: Cadence, after: datetime) -> None:
    slots = next_slots(cadence, after=after, count=40)
    assert all(slot.begins_at > after for slot in slots)
    for earlier, later in pairwise(slots):
        assert earlier.begins_at <= later.begins_at
        between = (later.local_date - earlier.local_date).days
        match cadence.every:
            case Every.DAY:
                assert between == 1 or is_left_out(earlier.local_date + DAY, earlier)
            case Every.WEEKDAY:
                usual = 3 if earlier.local_date.weekday() == Weekday.FRI else 1
                assert between == usual or is_left_out(earlier.local_date + DAY, earlier)
            case Every.WEEK | Every.DAYS:
                assert 1 <= between <= 7
                assert later.local_date.weekday() in cadence.days
            case Every.MONTH:
                assert (
                    earlier.local_date + timedelta(days=between)
                ).month != earlier.local_date.month


@settings(max_examples=60, deadline=None)
@given(
    cadences,
    moments,
    st.lists(st.timedeltas(timedelta(0), timedelta(days=4)), max_size=40),
)
def test_however_often_the_program_looks_or_sleeps_no_letter_comes_twice_and_the_latest_comes(
    cadence: Cadence, start: datetime, sleeps: list[timedelta]
) -> None:
    now, last = start, None
    for sleep in sleeps:
        now += sleep
        slot = due_slot(cadence, last, counts_from=start, now=now)
        if slot is None:
            continue
        following = next_slots(cadence, after=slot.begins_at, count=1)[0]
        assert start < slot.begins_at <= now < following.begins_at
        if last is not None:
            assert slot.local_date > last.local_date
            assert slot.begins_at - last.begins_at >= HALF_A_DAY
        last = slot
        assert due_slot(cadence, last, counts_from=start, now=now) is None


@settings(max_examples=60, deadline=None)
@given(cadences, moments)
def test_a_program_that_looks_in_time_sends_every_slot(cadence: Cadence, start: datetime) -> None:
    last: Slot | None = None
    for slot in next_slots(cadence, after=start, count=15):
        due = due_slot(cadence, last, counts_from=start, now=slot.begins_at)
        assert due == slot
        last = due


@settings(max_examples=60, deadline=None)
@given(cadences, moments)
def test_a_letter_has_begun_before_its_tries_and_its_period_end(
    cadence: Cadence, after: datetime
) -> None:
    slot = next_slots(cadence, after=after, count=1)[0]
    assert slot.begins_at < begin_by(cadence, slot) < period_end(cadence, slot)
    until = retry_until(cadence, slot, planned_at=slot.begins_at)
    assert slot.begins_at < until <= period_end(cadence, slot)
