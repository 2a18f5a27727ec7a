"""How often new readers may ask: each network, and all of them together."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from starlette.requests import Request

from newsletter.web.guards import Network, RateLimit, Strangers, client_network

_ALL: Final = "all"
_LETTERS: Final = 40
"""At once, for each network."""


class Limits:
    """The limits of one site, in this process.

    An enquiry makes a mail, and a letter takes up to a second of one core: of both nobody needs
    many. That an address is not asked too often is not seen to here.
    """

    def __init__(
        self, proxies: Sequence[Network] = (), clock: Callable[[], float] = monotonic
    ) -> None:
        self._proxies = proxies
        self._enquiries = RateLimit(burst=10, per_minute=1, clock=clock)
        self._all_enquiries = RateLimit(burst=300, per_minute=60, clock=clock)
        self._letters = RateLimit(burst=_LETTERS, per_minute=20, clock=clock)
        self._strangers = Strangers(proxies)
        self._all_letters = RateLimit(burst=120, per_minute=120, clock=clock)

    def network(self, request: Request) -> str:
        """Return who asks."""
        return client_network(request, self._proxies)

    def take_enquiry(self, request: Request) -> int | None:
        """Take one turn to be written to: None when there is one, else the seconds to wait."""
        return self._enquiries.take(self.network(request)) or self._all_enquiries.take(_ALL)

    def count_stranger(self, request: Request) -> int | None:
        """Count a token that is not ours, in the same way."""
        return self._strangers.count(request)

    def take_letter(self, request: Request, count: int = 1) -> int | None:
        """Take turns to look at a letter, in the same way: as many as it asks questions of its own."""
        count = min(count, _LETTERS)
        return self._letters.take(self.network(request), count) or self._all_letters.take(
            _ALL, count
        )
