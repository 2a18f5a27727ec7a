"""Nobody who rests misses a slot: the law of resting, beside the rule that finds slots."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import (
    Cadence,
    EmailAddress,
    Preferences,
    Silence,
    SilenceReason,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.rules.cadence import latest_slot
from newsletter.rules.planning import LONGEST_REST, Occasion, Schedule, find_occasion, rests_until
from tests.rules.test_cadence_zones import cadences

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ADA = EmailAddress("ada@example.org")
moments = st.datetimes(datetime(2020, 1, 3), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


def reader(cadence: Cadence | None, state: SubscriptionState, since: datetime) -> Subscriber:
    preferences = Preferences(ADA, cadence=cadence) if cadence else None
    return Subscriber(SubscriberId("a"), ADA, state, since, since, preferences, since)


@settings(max_examples=150, deadline=None)
@given(
    cadences,
    moments,
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.floats(0, 1, exclude_max=True),
)
def test_no_slot_begins_while_somebody_rests(
    cadence: Cadence, now: datetime, since: timedelta, share: float
) -> None:
    person = reader(cadence, SubscriptionState.CONFIRMED, now - since)
    standing = Standing(SubscriberId("a"))
    found = find_occasion(person, standing, schedule=Schedule.KEEP, now=now)
    if isinstance(found, Occasion):
        standing = Standing(SubscriberId("a"), last_slot=latest_slot(cadence, now))
    silence = found if isinstance(found, Silence) else None
    until = rests_until(person, silence, now=now)
    assert until is not None
    assert now < until <= now + LONGEST_REST

    then = min(now + share * (until - now), until - timedelta(microseconds=1))
    later = find_occasion(person, standing, schedule=Schedule.KEEP, now=then)
    assert isinstance(later, Silence)


def test_the_rest_ends_when_the_next_slot_begins() -> None:
    daily = Preferences(ADA).cadence
    person = reader(daily, SubscriptionState.CONFIRMED, NOW - timedelta(days=3))
    begins_at = latest_slot(daily, NOW + timedelta(days=1)).begins_at
    looked_at = begins_at - timedelta(minutes=5)

    assert rests_until(person, None, now=looked_at) == begins_at


def test_who_left_rests_as_long_as_anybody() -> None:
    person = reader(None, SubscriptionState.UNSUBSCRIBED, NOW)
    silence = Silence(SilenceReason.UNSUBSCRIBED, "")

    assert rests_until(person, silence, now=NOW) == NOW + LONGEST_REST


def test_who_could_not_be_decided_on_is_looked_at_again() -> None:
    person = reader(Preferences(ADA).cadence, SubscriptionState.CONFIRMED, NOW)

    for reason in (SilenceReason.TROUBLE, SilenceReason.NO_DOCUMENT):
        assert rests_until(person, Silence(reason, ""), now=NOW) is None
