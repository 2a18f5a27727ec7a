"""How often the preferences page may be asked."""

from collections.abc import Sequence

from starlette.requests import Request

from newsletter.web.guards import Network, RateLimit, Strangers, client_network


class Limits:
    """By the token where it is one of ours; by the network of the client where it is not, and for links."""

    def __init__(self, proxies: Sequence[Network]) -> None:
        self._proxies = proxies
        self._strangers = Strangers(proxies)
        self._work = RateLimit(burst=90, per_minute=90)
        self._letters = RateLimit(burst=20, per_minute=20)
        self._changes = RateLimit(burst=12, per_minute=4)
        self._links = RateLimit(burst=8, per_minute=1)
        self._addresses = RateLimit(burst=3, per_minute=0.05)

    def network(self, request: Request) -> str:
        """Return who asks."""
        return client_network(request, self._proxies)

    def strangers(self, request: Request) -> int | None:
        """Count a token that is not ours."""
        return self._strangers.count(request)

    def is_barred(self, request: Request) -> int | None:
        """Return how long a network waits that tried many tokens which are not ours."""
        return self._strangers.wait_s(request)

    def work(self, token: str) -> int | None:
        """Count a look, or a draft."""
        return self._work.take(token)

    def letters(self, token: str) -> int | None:
        """Count a letter to be made."""
        return self._letters.take(token)

    def changes(self, token: str) -> int | None:
        """Count what is written."""
        return self._changes.take(token)

    def links(self, request: Request) -> int | None:
        """Count a wish for a link."""
        return self._links.take(self.network(request))

    def is_often_asked(self, address: str) -> bool:
        """Count a wish for a link to one address; whether there were too many to keep it."""
        return self._addresses.take(address.strip().casefold()[:320]) is not None
