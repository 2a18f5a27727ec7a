"""Pages for programs that watch this one: numbers, and whether it can do its work."""

import logging
import re
from collections.abc import Sequence
from threading import Lock
from time import monotonic
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.bootstrap import process_families
from newsletter.errors import NewsletterError
from newsletter.rules.exposition import format_for, write
from newsletter.web.guards import Network, is_trusted, read_networks
from newsletter.web.metrics.numbers import program_families
from newsletter.web.metrics.traffic import HttpTraffic
from newsletter.web.operating import Access, Attempts, OperatorDesk

LOG: Final = logging.getLogger("newsletter.metrics")

_HERE: Final = read_networks(("127.0.0.0/8", "::1"))
_PASSED_ON: Final = re.compile(r"x-forwarded.*|forwarded|x-real-ip|via|cf-.*|true-client-ip")
_LASTS_S: Final = 1.0
"""Who asks more often than that whether we are ready hears the same again."""


class WatchPages:
    """`/metrics` for our own machines and whoever has the token, `/readyz` for everybody."""

    def __init__(
        self,
        desk: OperatorDesk,
        access: Access,
        attempts: Attempts,
        proxies: Sequence[Network],
        traffic: HttpTraffic,
    ) -> None:
        self._desk = desk
        self._access = access
        self._attempts = attempts
        self._proxies = proxies
        self._traffic = traffic
        self._lock = Lock()
        self._reasons: tuple[float, Sequence[str]] | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return (Route("/metrics", self._metrics), Route("/readyz", self._ready))

    async def _metrics(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            overview = await run_in_threadpool(self._desk.overview)
        except NewsletterError as error:
            LOG.error("%s", error)  # noqa: TRY400 - the message names the cause
            return PlainTextResponse("it cannot be counted now\n", status_code=503)
        media_type = format_for(request.headers.get("accept", ""))
        families = (
            *program_families(self._desk.now(), overview),
            *self._traffic.families(),
            *process_families(),
        )
        return Response(write(families, media_type), headers={"Content-Type": media_type})

    def _refusal(self, request: Request) -> Response | None:
        if self._is_from_here(request):
            return None
        wait_s = self._attempts.wait_s(request)
        if wait_s is not None:
            headers = {"Retry-After": str(wait_s)}
            return PlainTextResponse("too many wrong tokens\n", status_code=429, headers=headers)
        is_bearer = self._access.is_bearer(request)
        if is_bearer:
            return None
        if is_bearer is False:
            self._attempts.note_wrong(request)
        headers = {"WWW-Authenticate": "Bearer"}
        text = "ask from this machine, or bring web.admin_token as a bearer\n"
        return PlainTextResponse(text, status_code=401, headers=headers)

    def _is_from_here(self, request: Request) -> bool:
        """Whether one of our own machines asks for itself, and does not pass on what others ask."""
        is_ours = is_trusted(request, (*_HERE, *self._proxies))
        is_passed_on = any(map(_PASSED_ON.fullmatch, request.headers))
        return is_ours and not is_passed_on and not _is_public(request.url.hostname or "")

    async def _ready(self, _: Request) -> Response:
        try:
            reasons = await run_in_threadpool(self._look)
        except NewsletterError as error:
            LOG.error("%s", error)  # noqa: TRY400 - the message names the cause
            reasons = ("it cannot be found out now",)
        if reasons:
            record = {"status": "not ready", "reasons": list(reasons)}
            return JSONResponse(record, status_code=503, headers={"Retry-After": "30"})
        return JSONResponse({"status": "ready"})

    def _look(self) -> Sequence[str]:
        with self._lock:
            now = monotonic()
            if self._reasons is None or now - self._reasons[0] >= _LASTS_S:
                self._reasons = (now, self._desk.reasons_not_ready())
            return self._reasons[1]


def _is_public(host: str) -> bool:
    """Whether strangers may ask for that host: it has a domain, and is no address of a machine."""
    return "." in host and not host.replace(".", "").isdecimal()
