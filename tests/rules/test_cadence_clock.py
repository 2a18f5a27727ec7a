"""A clock that was wrong, or is wrong now, silences nobody for long and makes no second letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    Preferences,
    Silence,
    SilenceReason,
    Slot,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.rules.cadence import is_ahead, last_of, latest_slot, next_slots
from newsletter.rules.planning import Occasion, Schedule, coming_slots, find_occasion
from newsletter.rules.planning import counts_from as slots_count_from

ADA = SubscriberId("ada")
DAILY = Cadence(Every.DAY, time(8), "Europe/Paris")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TEN_YEARS = timedelta(days=3653)


def ada(confirmed_at: datetime = NOON - 30 * DAY, cadence: Cadence = DAILY) -> Subscriber:
    return Subscriber(
        ADA,
        EmailAddress("ada@example.org"),
        SubscriptionState.CONFIRMED,
        since_at=confirmed_at,
        confirmed_at=confirmed_at,
        preferences=Preferences(EmailAddress("ada@example.org"), cadence=cadence),
    )


class Ledger:
    """What the real ledger keeps of one person: each date once, and the last slot."""

    def __init__(self) -> None:
        self.dates: dict[date, Silence | None] = {}
        self.letters: list[tuple[Slot, datetime]] = []
        self.last: Slot | None = None

    def tick(self, person: Subscriber, now: datetime, really: datetime) -> Silence | None:
        standing = Standing(ADA, last_slot=self.last)
        found = find_occasion(person, standing, schedule=Schedule.KEEP, now=now)
        if not isinstance(found, Occasion):
            return found
        if found.slot.local_date not in self.dates:
            self.dates[found.slot.local_date] = found.silence
            if not found.silence:
                self.letters.append((found.slot, really))
        self.last = last_of(self.last, found.slot, planned_at=now)
        return found.silence


def test_a_moment_is_ahead_when_it_lies_more_than_a_day_after_the_clock() -> None:
    assert not is_ahead(NOON + DAY, NOON)
    assert is_ahead(NOON + DAY + timedelta(seconds=1), NOON)


def test_the_last_slot_goes_back_only_where_it_lies_ahead_of_the_clock() -> None:
    monday, tuesday = next_slots(DAILY, after=NOON - DAY, count=2)
    far = next_slots(DAILY, after=NOON + TEN_YEARS, count=1)[0]
    assert last_of(None, monday, planned_at=NOON) == monday
    assert last_of(monday, tuesday, planned_at=NOON + DAY) == tuesday
    assert last_of(tuesday, monday, planned_at=NOON) == tuesday
    assert last_of(far, monday, planned_at=NOON) == monday


def test_a_letter_of_a_year_to_come_silences_the_present_slot_and_no_other() -> None:
    books = Ledger()
    books.tick(ada(), NOON - DAY, NOON - DAY)
    books.tick(ada(), NOON - DAY + TEN_YEARS, NOON - DAY + HOUR)
    silence = books.tick(ada(), NOON, NOON)
    assert silence is not None
    assert silence.reason is SilenceReason.TROUBLE
    assert "2036" in silence.detail
    assert "Tuesday 2026-11-24 at 08:00 (Europe/Paris)" in silence.detail
    assert books.tick(ada(), NOON + DAY, NOON + DAY) is None
    assert [slot.local_date.day for slot, _ in books.letters if slot.local_date.year == 2026] == [
        22,
        24,
    ]


def test_a_clock_that_starts_in_1970_makes_no_letter_and_costs_none() -> None:
    books = Ledger()
    books.tick(ada(), NOON, NOON)
    boot = datetime(1970, 1, 1, 0, 0, 10, tzinfo=UTC)
    assert books.tick(ada(), boot, NOON + HOUR) is not None
    books.tick(ada(), NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert len(books.letters) == 1
    books.tick(ada(), NOON + DAY, NOON + DAY)
    assert len(books.letters) == 2


def test_a_confirmation_of_a_year_to_come_does_not_count() -> None:
    person = ada(confirmed_at=NOON + TEN_YEARS)
    assert slots_count_from(person, now=NOON) < NOON
    mixed = replace(ada(), cadence_since_at=NOON + TEN_YEARS)
    assert slots_count_from(mixed, now=NOON) == NOON - 30 * DAY
    assert isinstance(
        find_occasion(person, Standing(ADA), schedule=Schedule.KEEP, now=NOON), Occasion
    )


def test_the_slots_to_come_leave_out_a_day_that_had_its_letter_and_a_pause() -> None:
    monday = latest_slot(DAILY, NOON)
    evening = ada(cadence=replace(DAILY, at=time(20)))
    standing = Standing(ADA, last_slot=monday)
    coming = coming_slots(evening, standing, now=NOON, count=2)
    assert [slot.local_date.day for slot in coming] == [24, 25]
    ahead = Standing(ADA, last_slot=next_slots(DAILY, after=NOON + TEN_YEARS, count=1)[0])
    assert coming_slots(ada(), ahead, now=NOON, count=1)[0].local_date.day == 24
    paused = Preferences(
        EmailAddress("ada@example.org"), cadence=DAILY, pause_until=date(2026, 12, 1)
    )
    coming = coming_slots(replace(ada(), preferences=paused), standing, now=NOON, count=1)
    assert coming[0].local_date == date(2026, 12, 1)
    left = replace(ada(), state=SubscriptionState.UNSUBSCRIBED)
    assert coming_slots(left, standing, now=NOON, count=1) == ()


errors = st.sampled_from([HOUR, 3 * HOUR, 9 * HOUR, 20 * HOUR, DAY, 3 * DAY, 40 * DAY, TEN_YEARS])
jumps = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from([-1, 1]), errors, st.integers(1, 200)),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(jumps)
def test_however_the_clock_jumps_no_date_gets_two_letters_and_afterwards_each_day_gets_one(
    jumps: list[tuple[int, int, timedelta, int]],
) -> None:
    books, now = Ledger(), NOON
    for calm_hours, sign, error, wrong_hours in jumps:
        for _ in range(calm_hours):
            now += HOUR
            books.tick(ada(), now, now)
        for _ in range(wrong_hours):
            now += HOUR
            books.tick(ada(), now + sign * error, now)
    healed, before = now, set(books.dates)
    for _ in range(24 * 9):
        now += HOUR
        books.tick(ada(), now, now)
    dates = [slot.local_date for slot, _ in books.letters]
    assert len(dates) == len(set(dates))
    # At most the first day afterwards is silent, besides dates that had their letter too early.
    wanted = {(healed + number * DAY).date() for number in range(2, 9)} - before
    assert wanted <= {slot.local_date for slot, really in books.letters if really > healed}


def test_a_slot_that_is_found_in_the_last_hour_of_its_period_goes_with_the_next() -> None:
    next_morning = datetime(2026, 11, 24, 7, tzinfo=UTC)
    in_time, too_late = next_morning - HOUR - timedelta(seconds=1), next_morning - HOUR
    found = find_occasion(ada(), Standing(ADA), schedule=Schedule.KEEP, now=in_time)
    assert isinstance(found, Occasion)
    merged = find_occasion(ada(), Standing(ADA), schedule=Schedule.KEEP, now=too_late)
    assert isinstance(merged, Silence)
    assert merged.reason is SilenceReason.NOT_DUE
    assert "Tuesday 2026-11-24 at 08:00" in merged.detail
    following = find_occasion(ada(), Standing(ADA), schedule=Schedule.KEEP, now=next_morning)
    assert isinstance(following, Occasion)
