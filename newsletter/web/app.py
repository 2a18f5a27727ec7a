"""The web app: the parts of a site, one after the other."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from newsletter.errors import NewsletterError
from newsletter.web.api import api_routes
from newsletter.web.archive import archive_routes, robots_routes
from newsletter.web.buttons import Button
from newsletter.web.callbacks import Ballots, CheckHealth, Health
from newsletter.web.guards import (
    PAGES_POLICY,
    RECEIVED_POLICY,
    Below,
    Faults,
    Headers,
    Strangers,
    secure,
)
from newsletter.web.joining import Beside
from newsletter.web.joining import routes as joining_routes
from newsletter.web.leaving import leaving_routes
from newsletter.web.metrics import HttpTraffic, Measured, WatchPages
from newsletter.web.operating import Attempts, access_to, operator_routes
from newsletter.web.preferring import preferences_routes
from newsletter.web.reading import reading_routes
from newsletter.web.site import Site
from newsletter.web.trial import ReceivedPages
from newsletter.web.views import Pages
from newsletter.web.voting import VotePages


def make_app(site: Site) -> Starlette:
    """Return the app of a site."""
    pages = Pages(site.name, site.url, takes_mail=site.takes_mail)
    traffic = HttpTraffic()

    async def not_found(_: Request, __: Exception) -> Response:
        return pages.show("missing", status=404)

    routes: list[BaseRoute] = [
        *_leaving(site, pages),  # first: mail providers press for thousands at a time
        *_joining(site, pages),
        *_first_pages(site, pages),
        *_tokens(site, pages),
        *_votes(pages, site.ballots, Strangers(site.proxies)),
        *reading_routes(pages, site.reading, site.domain, site.proxies),
        *archive_routes(pages, site.archive, site.domain),
        *robots_routes(pages, site.archive),
        *_received(site.received, site.url),
        *_api(site),
        *_preferences(site, pages),
        *_operating(site, pages, traffic),
        pages.assets.route,
    ]
    return Starlette(
        routes=routes,
        exception_handlers={404: not_found},
        middleware=[
            Middleware(Measured, traffic=traffic),
            *_below(site.url),
            Middleware(Headers, policy=PAGES_POLICY, more=secure(site.url)),
            Middleware(Faults, trouble=pages.trouble),
        ],
    )


def _below(url: str | None) -> Sequence[Middleware]:
    path = urlsplit(url or "").path.rstrip("/")
    return (Middleware(Below, path=path),) if path else ()


def _first_pages(site: Site, pages: Pages) -> Sequence[BaseRoute]:
    async def home(_: Request) -> Response:
        return pages.show("home", has_received=site.received is not None)

    async def healthz(_: Request) -> Response:
        return await _answer_health(site.health)

    return (Route("/", home), Route("/healthz", healthz))


def _operating(site: Site, pages: Pages, traffic: HttpTraffic) -> Sequence[BaseRoute]:
    if site.operating is None:
        return ()
    desk, access, attempts = site.operating.desk, access_to(site.operating), Attempts(site.proxies)
    watch = WatchPages(desk, access, attempts, site.proxies, traffic)
    return (*operator_routes(pages, site.operating, access, attempts), *watch.routes)


def _joining(site: Site, pages: Pages) -> Sequence[BaseRoute]:
    if site.joining is None:
        return ()
    beside = Beside(
        received=site.received is not None,
        archive=site.archive is not None,
        preferences=site.preferences is not None,
    )
    return joining_routes(pages, site.joining, site.proxies, beside)


def _tokens(site: Site, pages: Pages) -> Sequence[BaseRoute]:
    way_in = Button(pages, site.confirm, "confirm", "confirmed", "closed", ("Confirm", "Yes"))
    return (Route("/confirm/{token}", way_in.answer, methods=["GET", "POST"]),)


def _leaving(site: Site, pages: Pages) -> Sequence[BaseRoute]:
    return leaving_routes(pages, site.leaving, site.proxies) if site.leaving else ()


async def _answer_health(health: CheckHealth) -> Response:
    try:
        now = await run_in_threadpool(health)
    except NewsletterError as error:
        now = Health(is_well=False, details={"error": str(error)})
    state = "ok" if now.is_well else "trouble"
    return JSONResponse(
        {"status": state, **{key: value for key, value in now.details.items() if key != "status"}},
        status_code=200 if now.is_well else 503,
    )


def _votes(pages: Pages, ballots: Ballots | None, strangers: Strangers) -> Sequence[BaseRoute]:
    if ballots is None:
        return ()
    votes = VotePages(pages, ballots, strangers)
    return (
        Route("/likes/{token}", votes.list_entries),
        Route("/likes/{token}/{number}", votes.answer, methods=["GET", "POST"]),
    )


def _api(site: Site) -> Sequence[BaseRoute]:
    return api_routes(site.api, site.name, site.url, site.proxies) if site.api else ()


def _preferences(site: Site, pages: Pages) -> Sequence[BaseRoute]:
    return preferences_routes(pages, site.preferences, site.proxies) if site.preferences else ()


def _received(folder: Path | None, url: str | None) -> Sequence[BaseRoute]:
    """Return the route to the received letters; the folder may appear later."""
    if folder is None:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    files = Headers(ReceivedPages(folder, url), policy=RECEIVED_POLICY)
    return (Mount("/received", files),)
