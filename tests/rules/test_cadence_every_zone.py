"""Three years in every zone of the IANA database: one slot a period, at the minute that was asked for."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import Cadence, Every, Slot, Weekday
from newsletter.rules.cadence import due_slot, next_slots
from tests.rules.zone_pieces import (
    FIRST_DAY,
    LAST_DAY,
    ZONES,
    Piece,
    first_showing,
    is_day_of,
    pieces_of,
    slots_of,
)

START = datetime.combine(FIRST_DAY, time(0), tzinfo=UTC)
END = datetime.combine(LAST_DAY, time(0), tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EVERY_CADENCE = (
    Cadence(Every.DAY),
    Cadence(Every.WEEKDAY),
    *(Cadence(Every.WEEK, days=frozenset({day})) for day in Weekday),
    *(Cadence(Every.MONTH, month_day=day) for day in range(1, 32)),
    Cadence(Every.DAYS, days=frozenset({Weekday.MON, Weekday.THU})),
    Cadence(Every.DAYS, days=frozenset({Weekday.SAT, Weekday.SUN, Weekday.WED})),
)


@cache
def almanac() -> dict[str, list[Piece]]:
    return {zone: pieces_of(zone) for zone in ZONES}


@cache
def one_zone_of_each_kind() -> tuple[str, ...]:
    """Many names stand for the same clocks: one of each, for the tests that take long."""
    kinds = {tuple(pieces): zone for zone, pieces in almanac().items()}
    return tuple(sorted(kinds.values()))


def in_zone(cadence: Cadence, zone: str, at: time) -> Cadence:
    return Cadence(cadence.every, at, zone, cadence.days, cadence.month_day)


def times_around(change: datetime, piece: Piece, following: Piece) -> Iterator[datetime]:
    """Yield local times at, in and beside the gap or overlap of a change."""
    before = (change + piece.offset).replace(tzinfo=None)
    after = (change + following.offset).replace(tzinfo=None)
    between = before + (after - before) / 2
    for wall in (before, between, after):
        for step in (-MINUTE, timedelta(0), MINUTE):
            yield (wall + step).replace(second=0)


def test_the_almanac_of_the_tests_knows_the_odd_zones() -> None:
    assert len(ZONES) > 450
    assert max(len(pieces) for pieces in almanac().values()) > 5
    lord_howe = {piece.offset for piece in almanac()["Australia/Lord_Howe"]}
    assert lord_howe == {timedelta(hours=10, minutes=30), timedelta(hours=11)}
    assert len(almanac()["Africa/Casablanca"]) > 5
    assert len(almanac()["Asia/Kathmandu"]) == 1


def test_by_clocks_of_every_kind_each_local_day_of_three_years_has_its_slot() -> None:
    dice = Random("each local day")  # noqa: S311 - a test's dice
    for zone in one_zone_of_each_kind():
        pieces = almanac()[zone]
        cadence = Cadence(Every.DAY, time(dice.randrange(24), dice.randrange(60)), zone)
        expected = list(slots_of(cadence, pieces))
        after = expected[0][1] - timedelta(seconds=1)
        found = next_slots(cadence, after=after, count=len(expected))
        assert [(one.local_date, one.begins_at) for one in found] == expected, zone


def test_at_every_change_of_every_zone_each_time_around_it_begins_once_and_in_no_gap() -> None:
    for zone, pieces in almanac().items():
        for piece, following in pairwise(pieces):
            change = following.start
            if not START < change < END:
                continue
            for wall in times_around(change, piece, following):
                cadence = Cadence(Every.DAY, wall.time(), zone)
                days = [wall.date() + number * DAY for number in range(-1, 3)]
                expected = [first_showing(day, cadence.at, pieces) for day in days]
                after = expected[0] - timedelta(seconds=1)
                found = next_slots(cadence, after=after, count=len(days))
                assert [one.begins_at for one in found] == expected, (zone, cadence)
                assert [one.local_date for one in found] == days, (zone, cadence)


@pytest.mark.parametrize("cadence", EVERY_CADENCE, ids=str)
def test_each_cadence_has_one_slot_a_period_in_clocks_of_every_kind(cadence: Cadence) -> None:
    dice = Random(repr(cadence))  # noqa: S311 - a test's dice
    is_dense = cadence.every in {Every.DAY, Every.WEEKDAY}
    for zone in dice.sample(one_zone_of_each_kind(), k=3 if is_dense else 12):
        here = in_zone(cadence, zone, time(dice.randrange(24), dice.randrange(60)))
        expected = list(slots_of(here, almanac()[zone]))
        after = expected[0][1] - timedelta(seconds=1)
        found = next_slots(here, after=after, count=len(expected))
        assert [(one.local_date, one.begins_at) for one in found] == expected, here
        for slot, (_, following) in zip(found, expected[1:], strict=False):
            last_minute = following - MINUTE
            assert due_slot(here, None, counts_from=LONG_AGO, now=slot.begins_at) == slot
            assert due_slot(here, slot, counts_from=LONG_AGO, now=last_minute) is None


def test_by_clocks_of_every_kind_a_program_that_stops_and_starts_sends_each_period_once() -> None:
    dice = Random("stops and starts")  # noqa: S311 - a test's dice
    for zone in one_zone_of_each_kind():
        pieces = almanac()[zone]
        cadence = in_zone(dice.choice(EVERY_CADENCE), zone, time(dice.randrange(24), 59))
        expected = list(slots_of(cadence, pieces))
        moments = [moment for _, moment in expected]
        start = moments[0] - timedelta(seconds=1)
        sent: list[Slot] = []
        passed = 0  # the slots up to here had their letter, alone or merged into it
        for now in moments_of_asking(moments, dice):
            slot = due_slot(cadence, sent[-1] if sent else None, counts_from=start, now=now)
            begun = bisect_right(moments, now) - passed
            assert (slot is not None) == (begun > 0), (cadence, now)
            if slot:
                passed += begun
                assert (slot.local_date, slot.begins_at) == expected[passed - 1], (cadence, now)
                sent.append(slot)
        assert len({slot.local_date for slot in sent}) == len(sent) > len(expected) / 3, cadence


def moments_of_asking(moments: list[datetime], dice: Random) -> Iterator[datetime]:
    """Yield each slot's moment, a second before it and a random one after it, but for downtimes."""
    down_until = START
    asked = START
    for begins_at in moments:
        if dice.random() < 0.1:
            down_until = begins_at + timedelta(days=40) * dice.random() ** 3
        later = begins_at + timedelta(hours=20) * dice.random()
        for now in (begins_at - timedelta(seconds=1), begins_at, later):
            if now >= max(down_until, asked):
                asked = now
                yield now


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
cadences = st.builds(
    Cadence,
    every=st.sampled_from(Every),
    at=minutes,
    timezone=st.sampled_from(ZONES),
    days=st.frozensets(st.sampled_from(Weekday), min_size=1),
    month_day=st.integers(1, 31),
)


@st.composite
def moments_near_a_change(draw: st.DrawFn) -> tuple[Cadence, datetime]:
    cadence = draw(cadences)
    changes = [piece.start for piece in almanac()[cadence.timezone]]
    near = draw(st.sampled_from(changes))
    return cadence, near + draw(st.timedeltas(timedelta(days=-2), timedelta(days=2)))


@settings(max_examples=200, deadline=None)
@given(moments_near_a_change())
def test_what_is_due_and_what_comes_next_agree_at_every_moment(
    case: tuple[Cadence, datetime],
) -> None:
    cadence, now = case
    due = due_slot(cadence, None, counts_from=LONG_AGO, now=now)
    assert due is not None
    following = next_slots(cadence, after=due.begins_at, count=2)
    assert due.begins_at <= now < following[0].begins_at
    assert next_slots(cadence, after=now, count=2) == following
    assert due_slot(cadence, None, counts_from=LONG_AGO, now=following[0].begins_at) == following[0]


@settings(max_examples=80, deadline=None)
@given(moments_near_a_change(), st.lists(st.tuples(cadences, st.integers(1, 4000)), max_size=6))
def test_a_cadence_that_changes_never_gets_a_day_twice_and_is_soon_heard(
    case: tuple[Cadence, datetime], changes: list[tuple[Cadence, int]]
) -> None:
    cadence, now = case
    last: Slot | None = None
    counts_from = now
    sent: list[Slot] = []
    for changed, minutes_between in changes:
        for _ in range(30):
            now += minutes_between * MINUTE
            last = due_slot(cadence, last, counts_from=counts_from, now=now) or last
            if last and last not in sent:
                sent.append(last)
        cadence, counts_from = changed, now
        # Of the next three slots one is far enough from the last letter, wherever that was sent.
        coming = next_slots(cadence, after=counts_from, count=3)
        assert any(
            due_slot(cadence, last, counts_from=counts_from, now=one.begins_at) for one in coming
        )
    for earlier, later in pairwise(sent):
        assert later.local_date > earlier.local_date
        assert later.begins_at - earlier.begins_at >= timedelta(hours=12)


def test_the_months_end_where_they_end() -> None:
    for month_day in (28, 29, 30, 31):
        cadence = Cadence(Every.MONTH, time(8), "Europe/Paris", month_day=month_day)
        slots = next_slots(cadence, after=datetime(2026, 12, 31, 12, tzinfo=UTC), count=24)
        assert [slot.local_date.month for slot in slots] == [*range(1, 13), *range(1, 13)]
        assert all(is_day_of(cadence, slot.local_date) for slot in slots)
    leap_year = next_slots(
        Cadence(Every.MONTH, month_day=30), after=datetime(2028, 2, 1, tzinfo=UTC), count=1
    )
    assert leap_year[0].local_date == date(2028, 2, 29)
