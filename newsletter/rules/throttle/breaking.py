"""When does a lane slow down, when is it closed to us, and when is it asked again?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Lane, LaneName, Refusal
from newsletter.rules.throttle.naming import is_relay_lane
from newsletter.rules.throttle.rates import halvings_left

MEMORY: Final = timedelta(minutes=10)
ENOUGH_REFUSALS: Final = 3
FIRST_PROBE: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=4)
SILENCE: Final = timedelta(days=1)
"""Between two messages to the owner about one lane."""
_DOUBLINGS: Final = 10
_MOST_HALVINGS: Final = 6
_ONE_COMPLAINT: Final = timedelta(minutes=1)
"""What is said within it about letters that left at the old rate is one complaint, not many."""
_LONGEST_REASON: Final = 300


def slow_down(lane: Lane, reason: str, now: datetime) -> Lane:
    """Halve the rate of a lane, at most once a minute."""
    is_news = lane.slowed_at is None or abs(now - lane.slowed_at) >= _ONE_COMPLAINT
    if not is_news:
        return lane
    halvings = min(halvings_left(lane, now) + 1, _MOST_HALVINGS)
    return replace(lane, halvings=halvings, slowed_at=now, reason=reason[:_LONGEST_REASON])


def refuse(lane: Lane, who: str, reason: str, now: datetime, *, enough: int) -> Lane:
    """Note that a letter was refused on account of us; `enough` different recipients open the lane.

    Counted are those of the last ten minutes. One that is open stays so until the probe it had.
    """
    known = [one for one in lane.refusals if one.who != who and abs(now - one.at) <= MEMORY]
    refusals = (*known[-(ENOUGH_REFUSALS - 1) :], Refusal(who, now))
    lane = replace(lane, refusals=refusals)
    if is_open(lane) or len(refusals) < enough:
        return lane
    said = reason[:_LONGEST_REASON]
    return replace(lane, opened_at=now, probe_at=now + FIRST_PROBE, probes=0, reason=said)


def close(lane: Lane) -> Lane:
    """Let letters through again: one was taken. The pace stays as it is."""
    return replace(lane, refusals=(), opened_at=None, probe_at=None, probes=0, reason="")


def is_open(lane: Lane) -> bool:
    """Whether the breaker is open: nothing leaves by this lane but a probe now and then."""
    return lane.opened_at is not None


def may_probe(lane: Lane, now: datetime) -> bool:
    """Whether one letter may find out if an open lane is good again."""
    if lane.probe_at is None or lane.probe_at <= now:
        return True
    return lane.probe_at > now + LONGEST_WAIT + MEMORY  # written while the clock was wrong


def note_probe(lane: Lane, now: datetime) -> Lane:
    """Note that a letter leaves to find out; the next one waits twice as long, up to four hours."""
    probes = lane.probes + 1
    wait = min(FIRST_PROBE * (1 << min(probes, _DOUBLINGS)), LONGEST_WAIT)
    return replace(lane, probes=probes, probe_at=now + wait)


def must_tell(lane: Lane, now: datetime) -> bool:
    """Whether the owner is to be told of an open lane: once, and not again within a day.

    A lane that closes and opens by turns makes one message a day and not one each time.
    """
    if lane.opened_at is None:
        return False
    if lane.told_at is None or lane.told_at > now + MEMORY:  # that was a wrong clock
        return True
    return lane.opened_at - lane.told_at >= SILENCE


def tell(lane: Lane, now: datetime) -> Lane:
    """Note that the owner is told."""
    return replace(lane, told_at=now)


def open_lanes(lanes: Mapping[LaneName, Lane]) -> Mapping[LaneName, Lane]:
    """Return those lanes whose breaker is open."""
    return {name: lane for name, lane in lanes.items() if is_open(lane)}


def shut_relays(lanes: Mapping[LaneName, Lane], relays: int) -> tuple[LaneName, ...]:
    """Return the relays that are open breakers, where they are all there are; else nothing."""
    shut = tuple(sorted(name for name in open_lanes(lanes) if is_relay_lane(name)))
    return shut if len(shut) >= relays else ()
