"""When do bounces suppress an address? A pure count: points by day, decay, and a probe before the end."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from newsletter.model import BounceClass

SOFT_POINTS: Final = 1.0
HARD_POINTS: Final = 3.0
"""A hard bounce is asked about at once; its points only hasten the end when soft ones follow."""
HALF_LIFE: Final = timedelta(days=30)
"""A mailbox that was full for a holiday is as good as new after a season. With a weekly letter, points
still gather (to at most 6.7), so that a dead mailbox which says "full" comes to an end as well."""
PROBE_POINTS: Final = 5.0
"""Six days of a daily letter, about nine weeks of a weekly one: longer than most outages."""
PROBE_WAIT: Final = timedelta(days=14)
"""A soft bounce ends it no sooner than this after the probe: a holiday of two weeks and its full
mailbox, with a daily letter, is over by then."""
PROBE_MEMORY: Final = timedelta(days=60)
"""What was asked longer ago is asked again."""
HARD_MEMORY: Final = timedelta(days=45)
"""Two hard bounces confirm each other when they are no further apart: one letter of a monthly reader
and the next. A provider's broken day comes less often."""


class BounceVerdict(StrEnum):
    """What is to be done about an address after a bounce."""

    NOTHING = "nothing"
    PROBE = "probe"
    """Send one small message, to learn whether the address is really dead."""
    SUPPRESS = "suppress"


class Bounced(StrEnum):
    """Which message of ours came back."""

    LETTER = "letter"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class BounceStanding:
    """What is remembered of the bounces of one address. Days are of UTC.

    `points` are those of the evening of `last_day`, on which `day_points` were given; `last_hard`
    is the day of the last hard bounce; `probed_at` the moment of the last verdict PROBE.
    """

    points: float = 0.0
    last_day: date | None = None
    day_points: float = 0.0
    last_hard: date | None = None
    probed_at: datetime | None = None


def score(
    standing: BounceStanding, kind: BounceClass, *, now: datetime, of: Bounced = Bounced.LETTER
) -> tuple[BounceStanding, BounceVerdict]:
    """Return the standing of an address after a bounce of `kind`, and what to do.

    A day counts once, with the worst that it brought. A hard bounce of the probe suppresses, or a
    second hard bounce on another day; the first asks for a probe. Soft ones, a full mailbox among
    them, must gather points, and go on for two weeks after the probe. Policy changes nothing: it
    says nothing of the address.
    """
    if kind is BounceClass.POLICY:
        return standing, BounceVerdict.NOTHING
    is_hard = kind is BounceClass.HARD
    verdict = _of_hard(standing, now, of) if is_hard else _of_soft(standing, now)
    after = _counted(standing, HARD_POINTS if is_hard else SOFT_POINTS, now.date())
    if is_hard:
        after = replace(after, last_hard=max(now.date(), standing.last_hard or date.min))
    if verdict is BounceVerdict.PROBE:
        after = replace(after, probed_at=now)
    return after, verdict


def points_on(standing: BounceStanding, day: date) -> float:
    """Return the points that are left of `standing` on `day`."""
    if standing.last_day is None:
        return 0.0
    age = max(day - standing.last_day, timedelta())
    return float(standing.points * 0.5 ** (age / HALF_LIFE))


def _counted(standing: BounceStanding, points: float, today: date) -> BounceStanding:
    if standing.last_day is not None and today <= standing.last_day:
        # The day counts already; a clock that went back makes no new one.
        more = max(points - standing.day_points, 0.0)
        return replace(
            standing, points=standing.points + more, day_points=standing.day_points + more
        )
    left = points_on(standing, today)
    return replace(standing, points=left + points, last_day=today, day_points=points)


def _of_hard(standing: BounceStanding, now: datetime, of: Bounced) -> BounceVerdict:
    was_probed = _was_probed(standing, now)
    if of is Bounced.PROBE and was_probed:
        return BounceVerdict.SUPPRESS
    before = standing.last_hard
    if before is not None and timedelta() < now.date() - before <= HARD_MEMORY:
        return BounceVerdict.SUPPRESS
    is_waiting = standing.probed_at is not None and now - standing.probed_at < PROBE_WAIT
    return BounceVerdict.NOTHING if is_waiting else BounceVerdict.PROBE


def _of_soft(standing: BounceStanding, now: datetime) -> BounceVerdict:
    if _counted(standing, SOFT_POINTS, now.date()).points < PROBE_POINTS:
        return BounceVerdict.NOTHING
    if standing.probed_at is None or not _was_probed(standing, now):
        return BounceVerdict.PROBE
    is_long_ago = now - standing.probed_at >= PROBE_WAIT
    return BounceVerdict.SUPPRESS if is_long_ago else BounceVerdict.NOTHING


def _was_probed(standing: BounceStanding, now: datetime) -> bool:
    return standing.probed_at is not None and now - standing.probed_at <= PROBE_MEMORY
