"""Turns at a service: one at a time, a rest after each, and no turn for ever."""

from datetime import UTC, datetime, timedelta

from newsletter.rules.turns import LONGEST_AHEAD, LOOK_AGAIN, Turn, give_back, take

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LATER = NOW + 60 * SECOND


def test_a_service_that_nobody_asked_is_free() -> None:
    assert take(Turn(), "ada", now=NOW, until=LATER) == Turn("ada", LATER)


def test_while_one_has_the_turn_others_look_again_soon_and_at_its_end() -> None:
    held = Turn("ada", LATER)
    assert take(held, "bob", now=NOW, until=LATER) == NOW + LOOK_AGAIN
    almost = LATER - LOOK_AGAIN / 2
    assert take(held, "bob", now=almost, until=LATER) == LATER
    assert take(held, "ada", now=NOW, until=LATER) == NOW + LOOK_AGAIN


def test_who_died_loses_the_turn_at_its_end() -> None:
    end = LATER + 60 * SECOND
    assert take(Turn("ada", LATER), "bob", now=LATER, until=end) == Turn("bob", end)


def test_a_service_rests_after_a_turn() -> None:
    rested = give_back(Turn("ada", LATER), "ada", free_at=NOW + 3 * SECOND)
    assert rested == Turn(free_at=NOW + 3 * SECOND)
    assert take(rested, "bob", now=NOW, until=LATER) == NOW + 3 * SECOND
    assert take(rested, "bob", now=NOW + 3 * SECOND, until=LATER) == Turn("bob", LATER)


def test_who_lost_the_turn_takes_it_from_nobody_but_what_was_learned_counts() -> None:
    held = Turn("bob", LATER)
    after = give_back(held, "ada", free_at=LATER + SECOND)
    assert after == Turn("bob", LATER, LATER + SECOND)
    assert give_back(after, "bob", free_at=NOW) == Turn(free_at=LATER + SECOND)


def test_what_a_wrong_clock_wrote_holds_up_nobody() -> None:
    far = NOW + LONGEST_AHEAD + SECOND
    for turn in (Turn("ada", far), Turn(free_at=far)):
        assert take(turn, "bob", now=NOW, until=LATER) == Turn("bob", LATER)


def test_no_turn_is_taken_for_longer_than_that() -> None:
    assert take(Turn(), "ada", now=NOW, until=NOW + timedelta(days=30)) == Turn(
        "ada", NOW + LONGEST_AHEAD
    )
