"""Who may use the API for what, and how often."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from newsletter.model import ApiToken, Scope
from newsletter.rules.api_tokens import may
from newsletter.web.api.desk import ApiDesk
from newsletter.web.guards import (
    MAX_API_BODY_BYTES,
    Network,
    RateLimit,
    client_network,
    read_bounded,
)

_BEARER = HTTPBearer(
    auto_error=False, description="A token of `newsletter tokens add`", scheme_name="token"
)
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Reception:
    """What every call passes: the desk, and how often one may call it.

    A token has its own turns; whoever shows none that counts has few, by network.
    """

    desk: ApiDesk
    proxies: tuple[Network, ...] = ()
    calls: RateLimit = field(default_factory=lambda: RateLimit(burst=120, per_minute=600))
    failures: RateLimit = field(default_factory=lambda: RateLimit(burst=20, per_minute=20))


def reception_of(request: Request) -> Reception:
    """Return the reception of the app that was called."""
    found: Reception = request.app.state.reception
    return found


def desk_of(request: Request) -> ApiDesk:
    """Return the desk of the app that was called."""
    return reception_of(request).desk


Desk = Annotated[ApiDesk, Depends(desk_of)]


class Allowed:
    """Lets a call through that shows a token with a scope, and gives the token."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __call__(
        self,
        request: Request,
        _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> ApiToken:
        """Return the token that `look` found."""
        found: ApiToken = request.state.token
        return found

    def look(self, request: Request, shown: HTTPAuthorizationCredentials | None) -> ApiToken:
        """Return the token that a call shows. Raises HTTPException with 401, 403 or 429."""
        reception = reception_of(request)
        token = reception.desk.token(shown.credentials) if shown else None
        if token is None:
            _wait(reception.failures.take(client_network(request, reception.proxies)))
            raise HTTPException(401, "Show a token that is in force.", headers=_CHALLENGE)
        _wait(reception.calls.take(token.name))
        if not may(token, self._scope):
            raise HTTPException(403, f"The token has no scope “{self._scope}”.")
        return token


def allowed(scope: Scope) -> Allowed:
    """Return what lets calls through that show a token with this scope, on a `GuardedRoute`."""
    return Allowed(scope)


class GuardedRoute(APIRoute):
    """Looks who calls before it reads what they send: FastAPI alone does it the other way round."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()
        calls = [one.call for one in self.dependant.dependencies]
        looks = [call for call in calls if isinstance(call, Allowed)]

        async def guarded(request: Request) -> Response:
            shown = await _BEARER(request)
            for one in looks:
                request.state.token = await run_in_threadpool(one.look, request, shown)
            return await answer(await _whole(request))

        return guarded


async def _whole(request: Request) -> Request:
    try:
        whole = await read_bounded(request, MAX_API_BODY_BYTES)
    except ClientDisconnect as error:
        raise HTTPException(400, "The body has no end.") from error  # nobody is there to read it
    if whole is None:
        raise HTTPException(413, "The body is too large.")
    return whole


def _wait(seconds: int | None) -> None:
    if seconds is not None:
        raise HTTPException(
            429, "Too many calls; wait a little.", headers={"Retry-After": str(seconds)}
        )
