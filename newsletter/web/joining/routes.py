"""Where the pages for new readers stand."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from newsletter.web.guards import Network
from newsletter.web.joining.arriving import Beside, HomePage
from newsletter.web.joining.confirming import ConfirmingPages
from newsletter.web.joining.desk import JoiningDesk
from newsletter.web.joining.limits import Limits
from newsletter.web.joining.subscribing import SubscribingPages
from newsletter.web.views import Pages


def routes(
    pages: Pages,
    desk: JoiningDesk,
    proxies: Sequence[Network],
    beside: Beside,
) -> Sequence[BaseRoute]:
    """Return the routes, the home page among them; it links to what is `beside` them."""
    limits = Limits(proxies)
    home = HomePage(pages, desk, beside)
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
