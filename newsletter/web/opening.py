"""The site of a newsletter: every desk filled from its newsroom."""

from functools import partial

from newsletter.bootstrap import (
    BallotBox,
    Controls,
    LetterDesk,
    Newsroom,
    OperatorDesk,
    PreferencesPage,
    ProgramDesk,
    Reception,
    Showroom,
    confirm_by_token,
    enquiries_of,
    letter_reader,
    public_reading,
    takes_mail,
)
from newsletter.web.callbacks import Health
from newsletter.web.guards import read_networks
from newsletter.web.operating import Keys, Operating
from newsletter.web.site import Site
from newsletter.workflows import ReceivePorts


def site_of(room: Newsroom, ports: ReceivePorts, controls: Controls | None = None) -> Site:
    """Return the site of the newsletter of `room`; `controls` None: its clock is another process.

    Raises ConfigError for a secret that is not there.
    """
    showroom = Showroom(room)
    return Site(
        name=room.dressing.letterhead.name,
        url=room.config.newsletter.url,
        takes_mail=takes_mail(room),
        proxies=read_networks(room.config.web.proxies),
        confirm=partial(confirm_by_token, ports),
        leaving=LetterDesk(ports),
        ballots=BallotBox(room),
        health=_health,
        received=room.received,
        reading=letter_reader(room),
        archive=public_reading(room),
        domain=room.dressing.letterhead.domain,
        joining=Reception(room, ports, showroom),
        api=ProgramDesk(room, ports),
        operating=_operating(room, ports, controls),
        preferences=PreferencesPage(
            room, ports, enquiries=enquiries_of(room), sample=showroom.sample
        ),
    )


def _operating(room: Newsroom, ports: ReceivePorts, controls: Controls | None) -> Operating:
    web, url = room.config.web, room.config.newsletter.url
    keys = Keys(
        signing=room.press.secrets.keys,
        token=web.admin_token.read() if web.admin_token else None,
        header=web.operator_header,
        proxies=read_networks(web.proxies),
        is_https=bool(url and url.startswith("https://")),
    )
    zone = room.config.default_preferences().cadence.timezone
    return Operating(OperatorDesk(room, ports, controls or Controls()), keys, zone)


def _health() -> Health:
    """Say that this process answers; `/readyz` looks further."""
    return Health(is_well=True)
