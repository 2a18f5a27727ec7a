"""Who may use the API for what, and how often."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from newsletter.model import ApiToken, Scope
from newsletter.rules.api_tokens import may
from newsletter.web.api.desk import ApiDesk
from newsletter.web.guards import Network, RateLimit, client_network

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


def allowed(scope: Scope) -> Callable[..., ApiToken]:
    """Return what lets a call through that shows a token with this scope, and gives the token."""

    def check(
        request: Request,
        shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> ApiToken:
        reception = reception_of(request)
        token = reception.desk.token(shown.credentials) if shown else None
        if token is None:
            _wait(reception.failures.take(client_network(request, reception.proxies)))
            raise HTTPException(401, "Show a token that is in force.", headers=_CHALLENGE)
        _wait(reception.calls.take(token.name))
        if not may(token, scope):
            raise HTTPException(403, f"The token has no scope “{scope}”.")
        return token

    return check


def _wait(seconds: int | None) -> None:
    if seconds is not None:
        raise HTTPException(
            429, "Too many calls; wait a little.", headers={"Retry-After": str(seconds)}
        )
