"""A letter takes the lane of its domain, where that has a limit, and that of its provider."""

from dataclasses import replace
from datetime import timedelta

from newsletter.model import Lane, Limits, Throttle
from newsletter.rules.throttle import (
    EVERYTHING,
    book,
    domain_lane,
    find_room,
    forget_idle,
    refuse,
    slow_down,
    within_caps,
)
from newsletter.testing.plans import FIRST_SLOT_AT

NOW = FIRST_SLOT_AT
SECOND = timedelta(seconds=1)
GMAIL, GOOGLE = domain_lane("gmail.com"), domain_lane("google.com")
GROUPS = {"gmail.com": "google.com", "x.org": "google.com"}
LIMITS = Limits(per_domain={"gmail.com": 60, "google.com": 120}, groups=GROUPS)


def test_both_lanes_are_booked() -> None:
    booking = book({}, Throttle(NOW, LIMITS), ["gmail.com", "x.org", "gmail.com"])
    assert booking.lanes[GMAIL].free_at == NOW + 2 * SECOND
    assert booking.lanes[GOOGLE].free_at == NOW + 1.5 * SECOND
    assert booking.due_at == (NOW, NOW + 0.5 * SECOND, NOW + SECOND)


def test_the_room_is_that_of_both() -> None:
    room = find_room({}, Throttle(NOW, LIMITS))
    assert room.caps == {"gmail.com": 1, "google.com": 2}


def test_what_one_lane_has_no_room_for_takes_none_of_the_other() -> None:
    domains = ["gmail.com", "gmail.com", "x.org", "x.org", "free.net"]
    caps = {"gmail.com": 1, "google.com": 2}
    assert list(within_caps(domains, caps, GROUPS)) == [True, False, True, False, True]
    assert list(within_caps(domains, {}, GROUPS)) == [True] * 5


def test_a_slow_sibling_slows_all() -> None:
    limits = Limits(groups=GROUPS)
    lanes = {GOOGLE: slow_down(Lane(), "421 4.7.28", NOW)}
    booking = book(lanes, Throttle(NOW, limits), ["gmail.com", "x.org"])
    assert booking.due_at == (NOW, NOW + 0.2 * SECOND)


def open_lane() -> Lane:
    return refuse(Lane(), "ada", "550 5.7.1", NOW, enough=1)


def test_the_breaker_of_a_domain_that_came_into_a_group_is_over() -> None:
    left = domain_lane("x.org")
    lanes = {left: open_lane(), GOOGLE: open_lane(), EVERYTHING: Lane(free_at=NOW + SECOND)}
    assert forget_idle(lanes, Throttle(NOW, LIMITS)) == {left: Lane()}
    assert left not in forget_idle(lanes, Throttle(NOW, Limits()))


def test_its_own_pace_goes_on() -> None:
    paced = Lane(free_at=NOW + SECOND)
    opened = replace(open_lane(), free_at=NOW + SECOND)
    throttle = Throttle(NOW, LIMITS)
    assert forget_idle({GMAIL: paced}, throttle) == {}
    assert forget_idle({GMAIL: opened}, throttle) == {GMAIL: paced}


def test_the_lane_of_a_group_whose_name_is_a_domain_elsewhere_is_kept() -> None:
    groups = {"a.org": "b.org", "b.org": "google.com"}
    lanes = {domain_lane("b.org"): open_lane()}
    assert forget_idle(lanes, Throttle(NOW, Limits(groups=groups))) == {}
