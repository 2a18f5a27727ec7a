"""A pause of many years costs no more to look past than one of a day."""

from datetime import UTC, date, datetime

import pytest

from newsletter.model import (
    Cadence,
    EmailAddress,
    Preferences,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.rules.planning import coming_slots

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("until", [date(2026, 11, 25), date(2027, 3, 28), date(2199, 12, 31)])
def test_the_first_letter_comes_on_the_day_on_which_the_pause_ends(until: date) -> None:
    daily = Cadence()
    preferences = Preferences(EmailAddress("ada@example.org"), cadence=daily, pause_until=until)
    person = Subscriber(
        SubscriberId("ada"),
        preferences.email,
        SubscriptionState.CONFIRMED,
        since_at=NOW,
        confirmed_at=NOW,
        preferences=preferences,
        cadence_since_at=NOW,
    )
    (first,) = coming_slots(person, Standing(person.id), now=NOW, count=1)
    days = (first.local_date - until).days
    assert 0 <= days <= 3, "the next slot of the cadence on that day or after it"
