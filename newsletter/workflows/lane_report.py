"""How the lanes stand: who shares one, how fast its letters leave, and whether at all."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.model import Lane, LaneName, Limits
from newsletter.rules.throttle import (
    configured_lanes,
    domain_lane,
    halvings_left,
    is_open,
    rate_of,
    subject_of_lane,
)


@dataclass(frozen=True, slots=True)
class LaneLine:
    """One lane. `domains` are those that share it by a group, none where nobody does.

    `per_minute` is what it takes now, None without limit; `is_slowed` whether that is less than
    it is by the settings, because the other side asked for it; `is_open` whether its breaker is.
    """

    name: LaneName
    domains: tuple[str, ...]
    per_minute: float | None
    is_slowed: bool
    is_open: bool

    @property
    def subject(self) -> str:
        """What people call it."""
        return subject_of_lane(self.name)


def report_lanes(
    lanes: Mapping[LaneName, Lane], limits: Limits, now: datetime
) -> tuple[LaneLine, ...]:
    """Return the lanes that have a limit, a group, or something against us.

    First those that are slowed or shut, then those that most domains share.
    """
    groups: dict[LaneName, list[str]] = defaultdict(list)
    for domain, place in limits.groups.items():
        groups[domain_lane(place)].append(domain)
    troubled = {name for name, lane in lanes.items() if is_open(lane) or halvings_left(lane, now)}
    lines = []
    for name in {*configured_lanes(limits), *groups, *troubled}:
        lane, domains = lanes.get(name, Lane()), tuple(sorted(groups.get(name, ())))
        is_slowed = halvings_left(lane, now) > 0
        rate = rate_of(name, lane, limits, now)
        lines.append(LaneLine(name, domains, rate, is_slowed, is_open(lane)))
    return tuple(sorted(lines, key=_order))


def _order(line: LaneLine) -> tuple[bool, int, str]:
    return not (line.is_open or line.is_slowed), -len(line.domains), line.name
