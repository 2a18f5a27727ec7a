"""What pacing needs of the world."""

from dataclasses import dataclass, field

from newsletter.model import EmailAddress, LaneName, Letterhead, Limits
from newsletter.ports import PaceClock, SubscriberStore, Throttles
from newsletter.rules.addresses import domain_of
from newsletter.rules.throttle import domain_lane, place_of


@dataclass(frozen=True, slots=True)
class Traffic:
    """What pacing needs of the world, and the operator's limits. `clock` goes on under `--now`."""

    throttles: Throttles
    clock: PaceClock
    people: SubscriberStore
    limits: Limits = field(default_factory=Limits)
    relays: int = 1
    head: Letterhead | None = None
    """Whose owner is told of breakers by mail; None: nobody is."""

    def lane_of(self, address: EmailAddress) -> LaneName:
        """Return the lane of all who are counted with the domain of this address."""
        return domain_lane(place_of(domain_of(address), self.limits.groups))
