"""Bounces and complaints: what a report says of an address, and when enough is enough."""

from newsletter.rules.bounces.complaints import ComplaintReport, read_complaint
from newsletter.rules.bounces.judging import from_reply, judge
from newsletter.rules.bounces.reports import read_bounce
from newsletter.rules.bounces.scoring import (
    HALF_LIFE,
    HARD_MEMORY,
    HARD_POINTS,
    PROBE_MEMORY,
    PROBE_POINTS,
    PROBE_WAIT,
    SOFT_POINTS,
    Bounced,
    BounceStanding,
    BounceVerdict,
    points_on,
    score,
)

__all__ = [
    "HALF_LIFE",
    "HARD_MEMORY",
    "HARD_POINTS",
    "PROBE_MEMORY",
    "PROBE_POINTS",
    "PROBE_WAIT",
    "SOFT_POINTS",
    "BounceStanding",
    "BounceVerdict",
    "Bounced",
    "ComplaintReport",
    "from_reply",
    "judge",
    "points_on",
    "read_bounce",
    "read_complaint",
    "score",
]
