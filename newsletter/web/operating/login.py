"""Logging in with the token, and out."""

from collections.abc import Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.ports import Deed
from newsletter.web.forms import FormError, read_form
from newsletter.web.guards import Network, RateLimit, client_network
from newsletter.web.operating.access import (
    COOKIE_PATH,
    LOGGED_OUT,
    SESSION_LASTS,
    Operator,
    is_from_elsewhere,
)
from newsletter.web.operating.office import LOG, LOGIN, Office, dressed

LOGGED_IN: Final = "log in"
REFUSED: Final = "log in refused"
_ALL: Final = "all"


class Attempts:
    """How often a wrong token may be given by one network.

    All of them together are not limited: that would let strangers lock operators out.
    """

    def __init__(self, proxies: Sequence[Network]) -> None:
        self._proxies = proxies
        self._of_one = RateLimit(burst=5, per_minute=2)
        self._written = RateLimit(burst=20, per_minute=1)

    def wait_s(self, request: Request) -> int | None:
        """Return for how long no token of this client is looked at; None: it is."""
        return self._of_one.wait_s(self.network(request))

    def note_wrong(self, request: Request) -> bool:
        """Note a wrong token; return whether the audit log takes one more line of that."""
        self._of_one.take(self.network(request))
        return self._written.take(_ALL) is None

    def network(self, request: Request) -> str:
        """Return who asks, as a network."""
        return client_network(request, self._proxies)


class LoginPages:
    """The form for the token, and the end of a session."""

    def __init__(self, office: Office, attempts: Attempts) -> None:
        self._office = office
        self._attempts = attempts

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes; without a token there is only the way out."""
        out = Route(
            "/operator/logout", self._office.guarded(self._leave), methods=["POST"], name="logout"
        )
        if not self._office.access.takes_token:
            return (out,)
        return (Route(LOGIN, self._answer, methods=["GET", "POST"]), out)

    async def _answer(self, request: Request) -> Response:
        try:
            if request.method == "POST":
                return dressed(await self._enter(request))
            if await run_in_threadpool(self._office.access.who, request):
                return dressed(RedirectResponse("/operator", status_code=303))
        except NewsletterError as error:
            LOG.error("%s", error)
            return dressed(self._office.pages.trouble())
        return dressed(self._form())

    async def _enter(self, request: Request) -> Response:
        if is_from_elsewhere(request):
            return self._form(status=403)
        try:
            form = await read_form(request)
        except FormError as error:
            return self._form(status=error.status)
        # Only now: of bodies that come late very many could have been let by.
        wait_s = self._attempts.wait_s(request)
        if wait_s is not None:
            return self._office.pages.too_often(wait_s)
        if not self._office.access.opens(form.get("token", "")):
            await self._refuse(request)
            return self._form(status=403, is_wrong=True)
        return await self._let_in(request)

    async def _refuse(self, request: Request) -> None:
        network = self._attempts.network(request)
        LOG.warning("log-in refused: wrong token from %s", network)
        if self._attempts.note_wrong(request):
            deed = Deed(network, REFUSED, detail="wrong token")
            await run_in_threadpool(self._office.desk.note, deed)

    async def _let_in(self, request: Request) -> Response:
        access = self._office.access
        cookie = access.new_session()
        session = cookie.split(".")[1]
        network = self._attempts.network(request)
        deed = Deed(f"session {session[:8]}, {network}", LOGGED_IN, session)
        await run_in_threadpool(self._office.desk.note, deed)
        LOG.info("logged in: session=%s from %s", session[:8], network)
        answer = RedirectResponse("/operator", status_code=303)
        answer.set_cookie(
            access.cookie,
            cookie,
            max_age=int(SESSION_LASTS.total_seconds()),
            path=COOKIE_PATH,
            secure=access.is_https,
            httponly=True,
            samesite="strict",
        )
        return answer

    async def _leave(self, request: Request, operator: Operator) -> Response:
        await self._office.own_form(request, operator)
        if operator.session is not None:
            deed = Deed(operator.name, LOGGED_OUT, operator.session)
            await run_in_threadpool(self._office.desk.note, deed)
        access = self._office.access
        answer = RedirectResponse(LOGIN if access.takes_token else "/operator", status_code=303)
        answer.delete_cookie(
            access.cookie,
            path=COOKIE_PATH,
            secure=access.is_https,
            httponly=True,
            samesite="strict",
        )
        return answer

    def _form(self, *, status: int = 200, is_wrong: bool = False) -> Response:
        return self._office.pages.show("operating/login", status=status, is_wrong=is_wrong)
