"""Which domains share a lane: those of one provider, where the settings want it."""

from newsletter.config import Config
from newsletter.storage import Database, MailHostStore
from newsletter.workflows import LaneGroups


def make_groups(config: Config, database: Database) -> LaneGroups | None:
    """Return what knows the providers of domains; None where each domain has a lane of its own."""
    delivery = config.delivery
    if not delivery.groups_by_mx:
        return None
    return LaneGroups(delivery.limits(), MailHostStore(database))
