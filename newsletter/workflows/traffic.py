"""What pacing needs of the world."""

from dataclasses import dataclass, field

from newsletter.model import EmailAddress, LaneName, Letterhead, Limits
from newsletter.ports import PaceClock, SubscriberStore, Throttles
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import domain_lane, place_of
from newsletter.workflows.lane_groups import LaneGroups


@dataclass(frozen=True, slots=True)
class Traffic:
    """What pacing needs of the world, and the operator's limits. `clock` goes on under `--now`."""

    throttles: Throttles
    clock: PaceClock
    people: SubscriberStore
    written: Limits = field(default_factory=Limits)
    relays: int = 1
    head: Letterhead | None = None
    """Whose owner is told of breakers by mail; None: nobody is."""
    groups: LaneGroups | None = None
    """What is found out of domains meanwhile; None: only what is written counts."""

    @property
    def limits(self) -> Limits:
        """The limits, with the groups of domains as they are known now."""
        return self.written if self.groups is None else self.groups.limits

    def lane_of(self, address: EmailAddress) -> LaneName:
        """Return the lane of all who are counted with the domain of this address."""
        return domain_lane(place_of(domain_of(address), self.limits.groups))

    def slowed_by(self, address: EmailAddress) -> tuple[LaneName, ...]:
        """Return the lanes that slow down when a letter to this address came too fast.

        Where its domain has a limit of its own beside that of a group, both do.
        """
        domain, limits = domain_of(address), self.limits
        own = [domain_lane(domain)] if domain in limits.per_domain else []
        return tuple(dict.fromkeys((*own, self.lane_of(address))))
