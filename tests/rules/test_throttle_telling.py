"""When is the owner told of a breaker, and which domains are counted together?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.model import Lane, Limits, Throttle
from newsletter.rules.throttle import (
    book,
    book_lane,
    close,
    domain_lane,
    domains_of,
    find_room,
    forget_idle,
    must_tell,
    place_of,
    refuse,
    relay_lane,
    slow_down,
    tell,
)

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
GROUPS = {"gmail.com": "google", "googlemail.com": "google"}


def opened(at: datetime, before: Lane | None = None) -> Lane:
    return refuse(before or Lane(), "ada", "535", at, enough=1)


def test_of_each_opening_the_owner_is_told_once() -> None:
    assert not must_tell(Lane(), NOW)
    lane = opened(NOW)
    assert must_tell(lane, NOW)
    lane = tell(lane, NOW)
    assert not must_tell(lane, NOW)
    assert not must_tell(lane, NOW + 5 * DAY), "it is still the same opening"


def test_an_opening_within_a_day_after_the_last_message_is_not_told() -> None:
    lane = close(tell(opened(NOW), NOW))
    assert not must_tell(lane, NOW)
    assert not must_tell(opened(NOW + 0.9 * DAY, lane), NOW + 0.9 * DAY)
    assert must_tell(opened(NOW + DAY, lane), NOW + DAY)


def test_what_a_wrong_clock_wrote_silences_nobody() -> None:
    lane = tell(opened(NOW), NOW + 300 * DAY)
    assert must_tell(lane, NOW)


def test_a_closed_lane_remembers_for_a_day_that_the_owner_was_told() -> None:
    name = relay_lane("mx:25")
    lanes = {name: close(tell(opened(NOW), NOW))}
    assert forget_idle(lanes, Throttle(NOW + 0.9 * DAY)) == {}
    assert forget_idle(lanes, Throttle(NOW + 1.1 * DAY)) == {name: Lane()}


def test_the_domains_of_a_group_have_one_name() -> None:
    assert place_of("gmail.com", GROUPS) == place_of("googlemail.com", GROUPS) == "google"
    assert place_of("x.org", GROUPS) == "x.org"
    assert domains_of("google", GROUPS) == ("gmail.com", "google", "googlemail.com")
    assert domains_of("x.org", GROUPS) == ("x.org",)


def test_the_letters_of_a_group_share_one_lane() -> None:
    throttle = Throttle(NOW, Limits(per_domain={"google": 60}, groups=GROUPS))
    booking = book({}, throttle, ["gmail.com", "googlemail.com", "x.org"])
    assert booking.due_at == (NOW, NOW + SECOND, None)
    assert set(booking.lanes) == {domain_lane("google")}
    assert find_room(booking.lanes, throttle).caps == {"google": 0}


def test_of_two_relays_one_that_is_slow_does_not_set_the_pace_of_all() -> None:
    lanes = {relay_lane("a:25"): slow_down(Lane(), "421 4.7.0", NOW)}
    assert find_room(lanes, Throttle(NOW, relays=2)).total is None
    assert find_room(lanes, Throttle(NOW, relays=1)).total is not None


def test_a_lane_with_a_pace_of_its_own_is_booked_evenly_and_slower_after_a_complaint() -> None:
    first, lane = book_lane(Lane(), 60, NOW)
    second, lane = book_lane(lane, 60, NOW)
    assert (first, second) == (NOW, NOW + SECOND)
    slow = replace(slow_down(Lane(), "421 4.7.0", NOW), free_at=None)
    _, slow = book_lane(slow, 60, NOW)
    assert slow.free_at == NOW + 2 * SECOND
