"""Whom an answer blames, and what a lane makes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import Blame, BlameKind, Lane, LaneName, Limits, SmtpPhase, Throttle
from newsletter.rules.retry import blame, classify, is_unknown_recipient, lost_connection
from newsletter.rules.throttle import (
    EVERYTHING,
    book,
    close,
    domain_lane,
    domain_of_lane,
    find_room,
    forget_idle,
    halvings_left,
    is_open,
    is_relay_lane,
    rate_of,
    refuse,
    relay_lane,
    shut_relays,
    slow_down,
    subject_of_lane,
)

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
P = SmtpPhase
K = BlameKind
GMAIL = domain_lane("gmail.com")
SMARTHOST = relay_lane("smtp.example.org:587")


@pytest.mark.parametrize(
    ("phase", "code", "text", "expected"),
    [
        (P.RCPT, 550, "5.7.1 not from you", Blame(K.POLICY, is_of_relay=False)),
        (P.END_OF_DATA, 554, "5.7.1 spam", Blame(K.POLICY, is_of_relay=False)),
        (P.END_OF_DATA, 554, "5.7.9 policy reasons", Blame(K.POLICY, is_of_relay=False)),
        (P.RCPT, 550, "5.1.8 your domain is unknown", Blame(K.POLICY, is_of_relay=False)),
        (P.MAIL, 550, "5.7.1 not you", Blame(K.POLICY, is_of_relay=True)),
        (P.GREETING, 554, "5.7.1 go away", Blame(K.POLICY, is_of_relay=True)),
        (P.AUTH, 535, "5.7.8 wrong password", Blame(K.LOGIN, is_of_relay=True)),
        (P.MAIL, 530, "5.7.0 log in first", Blame(K.LOGIN, is_of_relay=True)),
        (P.RCPT, 530, "log in first", Blame(K.LOGIN, is_of_relay=True)),
        (P.AUTH, 534, "5.7.9 too weak", Blame(K.LOGIN, is_of_relay=True)),
        (P.RCPT, 450, "4.7.28 too much mail", Blame(K.TOO_FAST, is_of_relay=False)),
        (P.END_OF_DATA, 421, "4.7.0 try later", Blame(K.TOO_FAST, is_of_relay=False)),
        (P.MAIL, 421, "4.7.0 too many connections", Blame(K.TOO_FAST, is_of_relay=True)),
        (P.RCPT, 451, "4.7.1 Greylisting in action", None),
        (P.RCPT, 450, "4.2.1 busy", None),
        (P.RCPT, 550, "5.1.1 no such user", None),
        (P.END_OF_DATA, 250, "2.0.0 taken", None),
    ],
)
def test_an_answer_blames_us_our_pace_or_nobody(
    phase: SmtpPhase, code: int, text: str, expected: Blame | None
) -> None:
    assert blame(classify(phase, code, text)) == expected


def test_a_connection_that_broke_blames_nobody() -> None:
    assert blame(lost_connection(P.RCPT, "5.7.1 is what we last heard")) is None


def test_only_the_answer_to_rcpt_tells_of_a_recipient_who_is_not_there() -> None:
    assert is_unknown_recipient(classify(P.RCPT, 550, "5.1.1 no such user"))
    assert not is_unknown_recipient(classify(P.END_OF_DATA, 550, "5.1.1 no such user"))
    assert not is_unknown_recipient(classify(P.RCPT, 550, "5.7.1 not from you"))
    assert not is_unknown_recipient(classify(P.RCPT, 450, "4.1.1 perhaps later"))


def test_the_third_recipient_within_ten_minutes_opens_a_domain() -> None:
    lane = refuse(Lane(), "ada", "550 5.7.1", NOW, enough=3)
    lane = refuse(lane, "bob", "550 5.7.1", NOW + 5 * MINUTE, enough=3)
    assert not is_open(lane)
    lane = refuse(lane, "eve", "550 5.7.1", NOW + 9 * MINUTE, enough=3)
    assert lane.opened_at == NOW + 9 * MINUTE
    assert lane.reason == "550 5.7.1"


def test_the_same_recipient_counts_once_and_an_old_refusal_not_at_all() -> None:
    lane = Lane()
    for minute in range(5):
        lane = refuse(lane, "ada", "550 5.7.1", NOW + minute * MINUTE, enough=3)
    lane = refuse(lane, "bob", "550 5.7.1", NOW + 5 * MINUTE, enough=3)
    assert not is_open(lane)
    lane = refuse(lane, "eve", "550 5.7.1", NOW + 20 * MINUTE, enough=3)
    assert not is_open(lane)


def test_while_open_one_letter_at_growing_times_finds_out() -> None:
    lane = refuse(Lane(), "ada", "535", NOW, enough=1)
    now, waits = NOW, []
    for _ in range(8):
        assert find_room({GMAIL: lane}, Throttle(now)).caps == {"gmail.com": 0}
        assert lane.probe_at
        waits.append(lane.probe_at - now)
        now = lane.probe_at
        throttle = Throttle(now)
        assert find_room({GMAIL: lane}, throttle).caps == {"gmail.com": 1}
        lane = book({GMAIL: lane}, throttle, ["gmail.com"]).lanes[GMAIL]
        lane = refuse(lane, "ada", "535 still", now, enough=1)
    assert waits == [minutes * MINUTE for minutes in (5, 10, 20, 40, 80, 160, 240, 240)]
    assert lane.reason == "535"
    assert find_room({GMAIL: close(lane)}, Throttle(now)).caps == {}


def test_a_breaker_of_one_domain_stops_no_other_and_is_not_waited_for() -> None:
    room = find_room({GMAIL: refuse(Lane(), "ada", "", NOW, enough=1)}, Throttle(NOW))
    assert (room.total, room.caps, room.again_at) == (None, {"gmail.com": 0}, None)


def test_all_waits_once_every_relay_is_closed_to_us() -> None:
    shut = refuse(Lane(), "ada", "535", NOW, enough=1)
    lanes = {SMARTHOST: shut}
    assert shut_relays(lanes, 1) == (SMARTHOST,)
    assert find_room(lanes, Throttle(NOW, relays=1)).total == 0
    assert find_room(lanes, Throttle(NOW, relays=2)).total is None
    later = Throttle(NOW + 5 * MINUTE)
    assert find_room(lanes, later).total == 1
    booked = {**lanes, **book(lanes, later, ["example.org"]).lanes}
    assert find_room(booked, later).total == 0


def test_what_a_wrong_clock_wrote_closes_nothing_for_days() -> None:
    tomorrow = NOW + timedelta(days=1)
    lane = slow_down(refuse(Lane(), "ada", "", tomorrow, enough=1), "", tomorrow)
    assert find_room({GMAIL: lane}, Throttle(NOW)).caps == {"gmail.com": 1}
    assert halvings_left(lane, NOW) == 0


def test_a_complaint_halves_the_rate_once_a_minute_and_it_comes_back_step_by_step() -> None:
    limits = Limits(per_domain={"gmail.com": 120})
    lane = slow_down(slow_down(Lane(), "421", NOW), "421", NOW + MINUTE / 2)
    assert rate_of(GMAIL, lane, limits, NOW) == 60
    lane = slow_down(lane, "421", NOW + MINUTE)
    assert rate_of(GMAIL, lane, limits, NOW + MINUTE) == 30
    assert rate_of(GMAIL, lane, limits, NOW + 11 * MINUTE) == 60
    assert rate_of(GMAIL, lane, limits, NOW + 21 * MINUTE) == 120


def test_without_a_limit_the_halves_are_of_600_a_minute_and_then_there_is_none_again() -> None:
    lane = slow_down(Lane(), "421", NOW)
    assert rate_of(GMAIL, lane, Limits(), NOW) == 300
    assert rate_of(GMAIL, lane, Limits(), NOW + 10 * MINUTE) is None


def test_no_rate_falls_under_one_a_minute() -> None:
    lane = Lane()
    for minute in range(30):
        lane = slow_down(lane, "421", NOW + minute * MINUTE)
    limits = Limits(per_domain={"gmail.com": 2})
    assert rate_of(GMAIL, lane, limits, NOW + 29 * MINUTE) == 1


def test_a_lane_that_holds_nothing_any_more_is_forgotten() -> None:
    slow, refused = slow_down(Lane(), "", NOW), refuse(Lane(), "ada", "", NOW, enough=3)
    shut = refuse(Lane(), "ada", "", NOW, enough=1)
    busy = Lane(free_at=NOW + MINUTE)
    lanes = {
        LaneName(name): lane for name, lane in zip("abcd", (slow, refused, shut, busy), strict=True)
    }
    lanes[EVERYTHING] = Lane(free_at=NOW)
    limits = Limits(per_minute=1)
    assert not forget_idle(lanes, Throttle(NOW, limits))
    assert set(forget_idle(lanes, Throttle(NOW + 11 * MINUTE, limits))) == {"a", "b", "d"}


def test_lanes_have_names_for_people() -> None:
    assert subject_of_lane(EVERYTHING) == "all letters"
    assert subject_of_lane(domain_lane("Gmail.com")) == "gmail.com"
    assert subject_of_lane(SMARTHOST) == "the relay smtp.example.org:587"
    assert subject_of_lane(relay_lane("")) == "the relay"
    assert is_relay_lane(SMARTHOST)
    assert domain_of_lane(SMARTHOST) is None
