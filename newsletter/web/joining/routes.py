"""Where the pages for new readers stand."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from newsletter.web.guards import Network
from newsletter.web.joining.arriving import HomePage
from newsletter.web.joining.confirming import ConfirmingPages
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.joining.limits import Limits
from newsletter.web.joining.subscribing import SubscribingPages
from newsletter.web.views import Pages


def routes(
    pages: Pages,
    desk: JoiningDesk,
    proxies: Sequence[Network] = (),
    *,
    has_received: bool = False,
    has_archive: bool = False,
) -> Sequence[BaseRoute]:
    """Return the routes, the home page among them; it names the parts of the site that are there."""
    limits = Limits(proxies)
    home = HomePage(pages, desk, has_received=has_received, has_archive=has_archive)
    subscribing = SubscribingPages(pages, desk, limits)
    confirming = ConfirmingPages(pages, desk, limits)
    both = ["GET", "POST"]
    return (
        Route("/", home.answer),
        Route("/subscribe", subscribing.answer, methods=both),
        Route("/subscribe/letter", subscribing.letter, methods=both),
        Route("/confirm/{token}", confirming.answer, methods=both),
        Route("/confirm/{token}/letter", confirming.letter),
    )
