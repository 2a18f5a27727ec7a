"""Evenly, one by one: which letters may leave when."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Lane, LaneName, Limits, Throttle
from newsletter.rules.throttle import (
    EVERYTHING,
    LOOK_AHEAD,
    book,
    configured_lanes,
    domain_lane,
    find_room,
    relay_lane,
    slow_down,
)

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def due(lanes: dict[LaneName, Lane], limits: Limits, *domains: str) -> list[datetime | None]:
    booking = book(lanes, Throttle(NOW, limits), domains)
    lanes.update(booking.lanes)
    return list(booking.due_at)


def test_without_limits_nothing_is_booked_and_nothing_kept() -> None:
    lanes: dict[LaneName, Lane] = {}
    assert due(lanes, Limits(), "example.org", "example.org") == [None, None]
    assert lanes == {}
    assert find_room({}, Throttle(NOW)).total is None
    assert configured_lanes(Limits()) == ()


def test_fifty_a_minute_leave_one_by_one() -> None:
    moments = due({}, Limits(per_minute=50), *["example.org"] * 3)
    assert moments == [NOW, NOW + 1.2 * SECOND, NOW + 2.4 * SECOND]


def test_after_a_pause_there_is_no_burst() -> None:
    lanes = {EVERYTHING: Lane(free_at=NOW - timedelta(hours=1))}
    assert due(lanes, Limits(per_minute=60), "a.org", "b.org") == [NOW, NOW + SECOND]


def test_a_domain_that_must_wait_does_not_move_the_others() -> None:
    limits = Limits(per_minute=600, per_domain={"gmail.com": 120})
    lanes = {domain_lane("gmail.com"): Lane(free_at=NOW + 0.4 * SECOND)}
    moments = due(lanes, limits, "gmail.com", "example.org")
    assert moments == [NOW + 0.4 * SECOND, NOW + 0.1 * SECOND]


def test_only_what_can_leave_within_half_a_second_finds_room() -> None:
    limits = Limits(per_minute=600, per_domain={"gmail.com": 60})
    assert find_room({}, Throttle(NOW, limits)).total == 6
    lanes = {
        EVERYTHING: Lane(free_at=NOW + 0.35 * SECOND),
        domain_lane("gmail.com"): Lane(free_at=NOW + 3 * SECOND),
    }
    room = find_room(lanes, Throttle(NOW, limits))
    assert (room.total, room.caps) == (2, {"gmail.com": 0})
    assert room.again_at == NOW + 3 * SECOND - LOOK_AHEAD


def test_a_full_outer_lane_decides_when_there_is_room_again() -> None:
    limits = Limits(per_minute=60, per_domain={"gmail.com": 600})
    lanes = {EVERYTHING: Lane(free_at=NOW + SECOND)}
    room = find_room(lanes, Throttle(NOW, limits))
    assert (room.total, room.again_at) == (0, NOW + SECOND - LOOK_AHEAD)


def test_a_relay_that_complained_is_slow_where_it_is_the_only_one() -> None:
    slow = slow_down(Lane(), "421 4.7.0", NOW)
    one, other = relay_lane("one"), relay_lane("other")
    assert find_room({one: slow}, Throttle(NOW)).total == 3
    assert find_room({one: slow, other: slow}, Throttle(NOW, relays=2)).total is None


def test_the_day_s_letters_end_and_begin_again_at_midnight_utc() -> None:
    limits = Limits(per_day=3)
    lanes: dict[LaneName, Lane] = {}
    due(lanes, limits, "a.org", "b.org")
    assert find_room(lanes, Throttle(NOW, limits)).total == 1
    due(lanes, limits, "c.org")
    room = find_room(lanes, Throttle(NOW, limits))
    assert (room.total, room.again_at) == (0, None)
    late = find_room(
        {EVERYTHING: Lane(day=NOW.date(), used=3)}, Throttle(MIDNIGHT - SECOND, limits)
    )
    assert (late.total, late.again_at) == (0, MIDNIGHT)
    assert find_room(lanes, Throttle(MIDNIGHT, limits)).total == 3


def test_a_moment_far_ahead_was_written_by_a_wrong_clock() -> None:
    lanes = {EVERYTHING: Lane(free_at=NOW + timedelta(days=1), day=MIDNIGHT.date(), used=99)}
    limits = Limits(per_minute=60, per_day=10)
    assert find_room(lanes, Throttle(NOW, limits)).total == 1
    assert due(lanes, limits, "a.org") == [NOW]


DOMAINS = ("gmail.com", "example.org", "example.com")


@given(
    per_minute=st.integers(1, 2_000) | st.none(),
    gmail=st.integers(1, 2_000),
    steps=st.lists(st.tuples(st.floats(0, 5), st.sampled_from(DOMAINS)), max_size=60),
)
def test_no_lane_ever_gives_moments_closer_than_its_rate(
    per_minute: int | None, gmail: int, steps: list[tuple[float, str]]
) -> None:
    """However claims come, within the room there is: spaced, never in the past, never far ahead."""
    limits = Limits(per_minute=per_minute, per_domain={"gmail.com": gmail})
    lanes: dict[LaneName, Lane] = {}
    now, last_gmail = NOW, None
    everyone: list[datetime] = []
    for pause, domain in steps:
        now += timedelta(seconds=pause)
        throttle = Throttle(now, limits)
        room = find_room(lanes, throttle)
        if room.total == 0 or room.caps.get(domain) == 0:
            assert room.again_at is None or room.again_at > now
            continue
        booking = book(lanes, throttle, [domain])
        lanes.update(booking.lanes)
        moment = booking.due_at[0]
        assert moment is None or now <= moment <= now + LOOK_AHEAD
        if domain == "gmail.com":
            assert moment
            free_at = lanes[domain_lane(domain)].free_at
            assert free_at
            if last_gmail is not None:
                assert free_at - last_gmail >= timedelta(minutes=1) / gmail - timedelta(
                    microseconds=2
                )
            last_gmail = free_at
        if per_minute and moment:
            everyone.append(moment)
    if per_minute:
        most = LOOK_AHEAD.total_seconds() * per_minute / 60 + 2
        for begin in everyone:
            within = [one for one in everyone if begin <= one < begin + SECOND]
            assert len(within) <= per_minute / 60 + most


def test_a_lane_that_is_only_remembered_is_not_written_again() -> None:
    lanes = {domain_lane("gmail.com"): Lane(reason="421 once")}
    assert due(lanes, Limits(), "gmail.com") == [None]
    assert book(lanes, Throttle(NOW), ["gmail.com"]).lanes == {}
