"""Who tries tokens that are not ours: served for a while, and then told to wait."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import HTTPConnection

from newsletter.web.guards.clients import Network, client_network
from newsletter.web.guards.limits import RateLimit

_AT_ONCE: Final = 30
_A_MINUTE: Final = 10


class Strangers:
    """Counts tokens that are not ours by the network they come from, in this process.

    A token of ours is never limited by it: mail providers and feed readers ask for many people from
    few addresses.
    """

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = proxies
        self._limit = RateLimit(burst=_AT_ONCE, per_minute=_A_MINUTE)

    def count(self, request: HTTPConnection) -> int | None:
        """Count one: None when the network had a turn left, else the seconds to wait."""
        return self._limit.take(client_network(request, self._proxies))

    def wait_s(self, request: HTTPConnection) -> int | None:
        """Return what `count` would, and count nothing."""
        return self._limit.wait_s(client_network(request, self._proxies))
