"""The operator's pages: what needs a person, look-ups, deeds with an audit log, and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.routing import BaseRoute

from newsletter.web.operating.access import LOGGED_OUT, Access, Keys
from newsletter.web.operating.deeds import Deeds
from newsletter.web.operating.desk import OperatorDesk
from newsletter.web.operating.lists import Lists
from newsletter.web.operating.login import Attempts, LoginPages
from newsletter.web.operating.office import Office
from newsletter.web.operating.overview import OverviewPage
from newsletter.web.views import Pages

__all__ = [
    "Access",
    "Attempts",
    "Keys",
    "Operating",
    "OperatorDesk",
    "access_to",
    "operator_routes",
]


@dataclass(frozen=True, slots=True)
class Operating:
    """What the operator's side needs: its desk, what opens it, and the zone of its people."""

    desk: OperatorDesk
    keys: Keys
    timezone: str


def access_to(operating: Operating) -> Access:
    """Return the door to the operator's pages."""
    desk = operating.desk

    def has_ended(session: str, since: datetime) -> bool:
        return desk.has_noted(LOGGED_OUT, session, since)

    return Access(operating.keys, has_ended, desk.now)


def operator_routes(
    pages: Pages, operating: Operating, access: Access, attempts: Attempts
) -> Sequence[BaseRoute]:
    """Return the routes of the operator's pages; none where there is no way in."""
    if not operating.keys:
        return ()
    office = Office(pages, operating.desk, access, operating.timezone)
    return (
        *LoginPages(office, attempts).routes,
        *OverviewPage(office, attempts).routes,
        *Lists(office).routes,
        *Deeds(office).routes,
    )
