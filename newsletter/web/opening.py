"""The site of a newsletter: every desk filled from its newsroom."""

from functools import partial

from newsletter.bootstrap import (
    BallotBox,
    LetterDesk,
    Newsroom,
    PreferencesPage,
    ProgramDesk,
    Reception,
    Showroom,
    confirm_by_token,
    enquiries_of,
    letter_reader,
    public_reading,
)
from newsletter.web.callbacks import Health
from newsletter.web.guards import read_networks
from newsletter.web.site import Site
from newsletter.workflows import ReceivePorts


def site_of(room: Newsroom, ports: ReceivePorts) -> Site:
    """Return the site of the newsletter of `room`. Raises ConfigError for a secret that is not there."""
    showroom = Showroom(room)
    return Site(
        name=room.dressing.letterhead.name,
        url=room.config.newsletter.url,
        proxies=read_networks(room.config.web.proxies),
        confirm=partial(confirm_by_token, ports),
        leaving=LetterDesk(ports),
        ballots=BallotBox(room),
        health=partial(_health, room),
        received=room.received,
        reading=letter_reader(room),
        archive=public_reading(room),
        domain=room.dressing.letterhead.domain,
        joining=Reception(room, ports, showroom),
        api=ProgramDesk(room, ports),
        preferences=PreferencesPage(
            room, ports, enquiries=enquiries_of(room), sample=showroom.sample
        ),
    )


def _health(room: Newsroom) -> Health:
    counts = room.outbox.accounting()
    return Health(is_well=True, details={"waiting": str(counts.waiting), "sent": str(counts.sent)})
