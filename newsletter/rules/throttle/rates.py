"""How many letters a minute does a lane take now?"""

from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Lane, LaneName, Limits
from newsletter.rules.throttle.naming import EVERYTHING, domain_of_lane

UNTOLD_RATE: Final = 600.0
"""Letters a minute that a lane without a limit is taken to have had when its rate is halved."""
LEAST_RATE: Final = 1.0
RECOVERY: Final = timedelta(minutes=10)
"""After so long without a complaint a halved rate is doubled, and again, until it is whole."""
_CLOCK_ERROR: Final = timedelta(minutes=10)


def limit_of(name: LaneName, limits: Limits) -> int | None:
    """Return the letters a minute that the operator allows; None is without limit."""
    if name == EVERYTHING:
        return limits.per_minute
    return limits.per_domain.get(domain_of_lane(name) or "")


def halvings_left(lane: Lane, now: datetime) -> int:
    """Return how often the rate is halved now. What a wrong clock wrote into the future is void."""
    if lane.slowed_at is None or lane.slowed_at > now + _CLOCK_ERROR:
        return 0
    steps = max(now - lane.slowed_at, timedelta()) // RECOVERY
    return max(lane.halvings - steps, 0)


def rate_of(name: LaneName, lane: Lane, limits: Limits, now: datetime) -> float | None:
    """Return the letters a minute of a lane at `now`; None is without limit."""
    limit = limit_of(name, limits)
    if not halvings_left(lane, now):
        return limit
    return slowed(limit or UNTOLD_RATE, lane, now)


def slowed(rate: float, lane: Lane, now: datetime) -> float:
    """Return what is left of a rate after the complaints about this lane."""
    halvings = halvings_left(lane, now)
    return max(rate / (1 << halvings), LEAST_RATE) if halvings else rate
