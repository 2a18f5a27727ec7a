"""The site of a newsletter: every desk filled from its newsroom."""

from functools import partial

from newsletter.bootstrap import (
    BallotBox,
    Newsroom,
    confirm_by_token,
    undo_by_token,
    unsubscribe_by_token,
)
from newsletter.web.callbacks import Health
from newsletter.web.guards import read_networks
from newsletter.web.site import Site
from newsletter.workflows import ReceivePorts


def site_of(room: Newsroom, ports: ReceivePorts) -> Site:
    """Return the site of the newsletter of `room`. Raises ConfigError for a secret that is not there."""
    return Site(
        name=room.dressing.letterhead.name,
        url=room.config.newsletter.url,
        proxies=read_networks(room.config.web.proxies),
        unsubscribe=partial(unsubscribe_by_token, ports),
        confirm=partial(confirm_by_token, ports),
        undo=partial(undo_by_token, ports),
        ballots=BallotBox(room),
        health=partial(_health, room),
        received=room.received,
    )


def _health(room: Newsroom) -> Health:
    counts = room.outbox.accounting()
    return Health(is_well=True, details={"waiting": str(counts.waiting), "sent": str(counts.sent)})
