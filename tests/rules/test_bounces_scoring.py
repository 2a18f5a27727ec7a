"""When bounces suppress an address: patiently for soft ones, by two witnesses for hard ones."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import BounceClass
from newsletter.rules.bounces import (
    HALF_LIFE,
    PROBE_WAIT,
    Bounced,
    BounceStanding,
    BounceVerdict,
    points_on,
    score,
)

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HARD, SOFT, POLICY = BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY
NOTHING, PROBE, SUPPRESS = BounceVerdict.NOTHING, BounceVerdict.PROBE, BounceVerdict.SUPPRESS


def after(*bounces: tuple[float, BounceClass]) -> list[BounceVerdict]:
    """Return the verdicts after bounces of letters, each given by its day and class."""
    standing, verdicts = BounceStanding(), []
    for day, kind in bounces:
        standing, verdict = score(standing, kind, now=START + day * DAY)
        verdicts.append(verdict)
    return verdicts


def soft_every(days: int, count: int) -> list[BounceVerdict]:
    return after(*((number * days, SOFT) for number in range(count)))


def test_a_hard_bounce_asks_and_the_probes_confirms() -> None:
    standing, verdict = score(BounceStanding(), HARD, now=START)
    _, confirmed = score(standing, HARD, now=START + timedelta(minutes=1), of=Bounced.PROBE)

    assert (verdict, standing.probed_at) == (PROBE, START)
    assert confirmed is SUPPRESS


def test_two_hard_bounces_on_different_days_suppress() -> None:
    assert after((0, HARD), (1, HARD)) == [PROBE, SUPPRESS]
    assert after((0, HARD), (30, HARD)) == [PROBE, SUPPRESS]


def test_hard_bounces_of_one_day_count_once() -> None:
    assert after((0, HARD), (0.1, HARD), (0.2, HARD)) == [PROBE, NOTHING, NOTHING]


def test_hard_bounces_far_apart_do_not_confirm_each_other() -> None:
    assert after((0, HARD), (90, HARD)) == [PROBE, PROBE]


def test_a_probe_that_nobody_asked_for_proves_nothing() -> None:
    _, verdict = score(BounceStanding(), HARD, now=START, of=Bounced.PROBE)

    assert verdict is PROBE


def test_a_soft_answer_to_the_probe_does_not_confirm() -> None:
    standing, _ = score(BounceStanding(), HARD, now=START)
    _, verdict = score(standing, SOFT, now=START + DAY, of=Bounced.PROBE)

    assert verdict is NOTHING


def test_a_full_mailbox_is_asked_after_days_and_suppressed_after_weeks() -> None:
    daily = soft_every(1, 40)

    assert daily[:5] == [NOTHING] * 5
    assert daily[5] is PROBE
    assert daily.index(SUPPRESS) == 5 + PROBE_WAIT.days


def test_a_weekly_reader_with_a_full_mailbox_comes_to_an_end_as_well() -> None:
    weekly = soft_every(7, 20)

    assert weekly.index(PROBE) == 8
    assert weekly.index(SUPPRESS) == 10


def test_a_monthly_soft_bounce_never_suppresses() -> None:
    assert set(soft_every(30, 100)) == {NOTHING}


def test_many_soft_bounces_of_one_day_are_one_point() -> None:
    assert after(*((number / 100, SOFT) for number in range(60))) == [NOTHING] * 60


def test_a_day_counts_with_its_worst() -> None:
    standing, _ = score(BounceStanding(), SOFT, now=START)
    worse, _ = score(standing, HARD, now=START)
    same, _ = score(worse, SOFT, now=START)

    assert (standing.points, worse.points, same.points) == (1.0, 3.0, 3.0)


def test_a_clock_that_goes_back_makes_no_new_day() -> None:
    assert after((5, HARD), (3, HARD), (5, HARD)) == [PROBE, NOTHING, NOTHING]


def test_points_halve() -> None:
    standing, _ = score(BounceStanding(), SOFT, now=START)

    assert points_on(BounceStanding(), START.date()) == 0
    assert points_on(standing, (START - DAY).date()) == 1
    assert points_on(standing, (START + HALF_LIFE).date()) == pytest.approx(0.5)


def test_an_old_probe_is_made_again() -> None:
    standing = BounceStanding(points=9, last_day=START.date(), day_points=1, probed_at=START)
    _, verdict = score(standing, SOFT, now=START + 61 * DAY)
    later = BounceStanding(points=40, last_day=START.date(), day_points=1, probed_at=START)
    _, again = score(later, SOFT, now=START + 61 * DAY)

    assert (verdict, again) == (NOTHING, PROBE)


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([SOFT, POLICY])), max_size=60))
def test_policy_changes_nothing(bounces: list[tuple[int, BounceClass]]) -> None:
    ordered = sorted(bounces, key=lambda bounce: bounce[0])
    verdicts = after(*ordered)
    without = [one for one in ordered if one[1] is SOFT]
    policies = [
        verdict for (_, kind), verdict in zip(ordered, verdicts, strict=True) if kind is POLICY
    ]

    assert set(policies) <= {NOTHING}
    assert after(*without) == [
        verdict for (_, kind), verdict in zip(ordered, verdicts, strict=True) if kind is SOFT
    ]


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from([SOFT, HARD])), max_size=80))
def test_nobody_is_suppressed_without_a_probe_before(
    bounces: list[tuple[int, BounceClass]],
) -> None:
    verdicts = after(*sorted(bounces, key=lambda bounce: bounce[0]))

    if SUPPRESS in verdicts:
        assert PROBE in verdicts[: verdicts.index(SUPPRESS)]
