"""Which letters may leave now, and when exactly? Paced without bursts: one by one, evenly.

A lane keeps one moment, `free_at`: the theoretical arrival time of the generic cell rate algorithm
(ITU-T I.371, annex A), with a burst of one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from newsletter.model import Lane, LaneName, Limits, Room, Throttle
from newsletter.rules.throttle.breaking import (
    MEMORY,
    SILENCE,
    close,
    is_open,
    may_probe,
    note_probe,
    shut_relays,
)
from newsletter.rules.throttle.naming import (
    EVERYTHING,
    domain_lane,
    domain_of_lane,
    is_left,
    is_relay_lane,
    lanes_of,
    place_of,
)
from newsletter.rules.throttle.rates import halvings_left, rate_of, slowed

LOOK_AHEAD: Final = timedelta(seconds=0.5)
"""So far ahead are moments booked. Short: a letter that waits in one lane keeps its moment in the
other, and this is by how much that can be wrong; and what a crash wastes is no more."""
_PATIENCE: Final = timedelta(seconds=90)
"""Waited for are lanes that are full for no longer; every rate has a turn each minute."""
_FARTHEST: Final = timedelta(minutes=10)
"""No moment is booked so far ahead: such a one was written while the clock was wrong."""
_MINUTE_S: Final = 60.0
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Booking:
    """`due_at` has a moment for each letter, None: at once. `lanes` are those that changed."""

    due_at: tuple[datetime | None, ...]
    lanes: Mapping[LaneName, Lane]


@dataclass(frozen=True, slots=True)
class _Space:
    """How many letters a lane takes now (None: any number); for none, when it takes one again."""

    count: int | None
    again_at: datetime | None = None


def configured_lanes(limits: Limits) -> tuple[LaneName, ...]:
    """Return the lanes that the operator's limits are about, in order."""
    every = [EVERYTHING] if limits.per_minute or limits.per_day else []
    return tuple(sorted((*every, *(domain_lane(domain) for domain in limits.per_domain))))


def find_room(lanes: Mapping[LaneName, Lane], throttle: Throttle) -> Room:
    """Say how much may leave now, by the lanes as they are. A lane that is missing is an empty one."""
    known = _known(lanes, throttle.limits)
    spaces = {name: _space(name, lane, throttle) for name, lane in known.items()}
    outer = [spaces[name] for name in _outer(known, throttle)]
    outer += [_relays_space(known, throttle)]
    totals = [space.count for space in outer if space.count is not None]
    caps = {
        domain: space.count
        for name, space in spaces.items()
        if (domain := domain_of_lane(name)) and space.count is not None
    }
    total = min(totals) if totals else None
    full = outer if total == 0 else spaces.values()
    return Room(total, caps, _again_at(full, throttle.now))


def book(lanes: Mapping[LaneName, Lane], throttle: Throttle, domains: Sequence[str]) -> Booking:
    """Book a moment for a letter to each of `domains`, in this order, whatever room there is."""
    known, groups = _known(lanes, throttle.limits), throttle.limits.groups
    changed: dict[LaneName, Lane] = {}
    due_at: list[datetime | None] = []
    for domain in domains:
        names = (
            *_outer(known, throttle),
            *_shut(known, throttle),
            *lanes_of(domain, groups),
        )
        moments = []
        for name in dict.fromkeys(name for name in names if name in known):
            after = _book_one(name, known[name], throttle)
            if after != known[name]:
                moments.append(_next_moment(known[name], throttle.now))
                known[name] = changed[name] = after
        due_at.append(max(moments, default=None))
    return Booking(tuple(due_at), changed)


def book_lane(lane: Lane, per_minute: int, now: datetime) -> tuple[datetime, Lane]:
    """Book the next moment of one lane that takes so many letters; fewer while it finds us too fast."""
    moment = _next_moment(lane, now)
    rate = slowed(per_minute, lane, now)
    return moment, replace(lane, free_at=moment + _interval(rate))


def forget_idle(lanes: Mapping[LaneName, Lane], throttle: Throttle) -> Mapping[LaneName, Lane]:
    """Return the lanes that hold nothing any more, as empty ones; the configured are kept.

    The breaker of a domain that came into a group is over: only that of the group is asked.
    """
    kept, groups = configured_lanes(throttle.limits), throttle.limits.groups
    left = [name for name in lanes if is_left(name, groups)]
    idle = [name for name, lane in lanes.items() if _is_idle(lane, throttle.now)]
    over = {name: close(lanes[name]) for name in left if is_open(lanes[name])}
    return over | {name: Lane() for name in (*idle, *left) if name not in kept}


def within_caps(
    domains: Iterable[str], caps: Mapping[str, int], groups: Mapping[str, str]
) -> Iterator[bool]:
    """Say of letters to `domains`, one by one, whether there is room: in their lane and their group's.

    One for which there is none takes none from others.
    """
    rest = dict(caps)
    for domain in domains:
        places = {domain, place_of(domain, groups)} & rest.keys()
        fits = all(rest[place] > 0 for place in places)
        if fits:
            rest.update({place: rest[place] - 1 for place in places})
        yield fits


def _known(lanes: Mapping[LaneName, Lane], limits: Limits) -> dict[LaneName, Lane]:
    return dict.fromkeys(configured_lanes(limits), Lane()) | dict(lanes)


def _outer(known: Iterable[LaneName], throttle: Throttle) -> list[LaneName]:
    """Return the lanes that every letter takes.

    With several relays nobody knows which of them a letter will take: one that is slow or shut
    is then left to the transport.
    """
    relays = [name for name in known if is_relay_lane(name)]
    is_sure = throttle.relays == 1 and len(relays) == 1
    return [name for name in known if name == EVERYTHING] + (relays if is_sure else [])


def _shut(known: Mapping[LaneName, Lane], throttle: Throttle) -> tuple[LaneName, ...]:
    return shut_relays(known, throttle.relays)


def _space(name: LaneName, lane: Lane, throttle: Throttle) -> _Space:
    """Return the room of one lane; a breaker of a relay is looked at elsewhere."""
    if is_open(lane) and not is_relay_lane(name):
        return _breaker_space(lane, throttle.now)
    moment = _next_moment(lane, throttle.now)
    counts: list[int] = []
    if name == EVERYTHING and throttle.limits.per_day is not None:
        counts.append(throttle.limits.per_day - _used_on(lane, moment.date()))
        if counts[0] <= 0:
            return _Space(0, datetime.combine(moment.date(), time(), UTC) + timedelta(days=1))
    rate = rate_of(name, lane, throttle.limits, throttle.now)
    if rate is not None:
        ahead = throttle.now + LOOK_AHEAD - moment
        if ahead < timedelta():
            return _Space(0, moment - LOOK_AHEAD)
        counts.append(min(ahead // _interval(rate) + 1, _MOST))
    return _Space(min(counts) if counts else None)


def _breaker_space(lane: Lane, now: datetime) -> _Space:
    return _Space(1) if may_probe(lane, now) else _Space(0, lane.probe_at)


def _relays_space(known: Mapping[LaneName, Lane], throttle: Throttle) -> _Space:
    shut = _shut(known, throttle)
    if not shut:
        return _Space(None)
    spaces = [_breaker_space(known[name], throttle.now) for name in shut]
    return max(spaces, key=lambda space: space.count or 0)


def _again_at(spaces: Iterable[_Space], now: datetime) -> datetime | None:
    moments = (space.again_at for space in spaces if space.count == 0)
    return min((one for one in moments if one and one <= now + _PATIENCE), default=None)


def _book_one(name: LaneName, lane: Lane, throttle: Throttle) -> Lane:
    moment = _next_moment(lane, throttle.now)
    rate = rate_of(name, lane, throttle.limits, throttle.now)
    if rate is not None:
        lane = replace(lane, free_at=moment + _interval(rate))
    if name == EVERYTHING and throttle.limits.per_day is not None:
        used = _used_on(lane, moment.date()) + 1
        lane = replace(lane, day=moment.date(), used=used)
    if is_open(lane) and may_probe(lane, throttle.now):
        lane = note_probe(lane, throttle.now)
    return lane


def _next_moment(lane: Lane, now: datetime) -> datetime:
    if lane.free_at is None or lane.free_at > now + _FARTHEST:
        return now
    return max(lane.free_at, now)


def _interval(rate: float) -> timedelta:
    return timedelta(seconds=_MINUTE_S / rate)


def _used_on(lane: Lane, day: date) -> int:
    return lane.used if lane.day == day else 0


def _is_idle(lane: Lane, now: datetime) -> bool:
    is_quiet = all(abs(now - one.at) > MEMORY for one in lane.refusals)
    is_paced = halvings_left(lane, now) or (lane.free_at is not None and lane.free_at > now)
    is_told = lane.told_at is not None and abs(now - lane.told_at) <= SILENCE
    return is_quiet and not is_open(lane) and not is_paced and not is_told
