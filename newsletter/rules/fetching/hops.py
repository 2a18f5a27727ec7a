"""One hop after another: which request follows a redirect (RFC 9110 section 15.4)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from newsletter.errors import FetchError
from newsletter.rules.fetching.advice import AGAIN
from newsletter.rules.fetching.places import Place, read_place, shown

MOST_HOPS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD: Final = frozenset({301, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way to a page.

    `is_trusted`: only the first server was met so far, so that headers meant for it may be sent.
    `is_for_good`: every redirect up to here was a permanent one. `passed` are the requests before.
    """

    place: Place
    is_post: bool = False
    is_trusted: bool = True
    is_for_good: bool = True
    passed: tuple[tuple[Place, bool], ...] = ()

    @property
    def told(self) -> str:
        """What is asked, as messages name it: where redirects led to another place, both."""
        if not self.passed:
            return self.place.brief
        return f"{self.passed[0][0].brief}: redirects to {self.place.brief}"


def first_hop(url: str, *, is_post: bool) -> Hop:
    """Return the request that was asked for; raises FetchError for an address that cannot be asked."""
    return Hop(read_place(url), is_post)


def next_hop(hop: Hop, status: int, location: str | None) -> Hop:
    """Return the request that a redirect asks for.

    A POST becomes a GET after 301, 302 and 303, as everybody does it. What was meant for the first
    server is not sent to another one, nor on a way that led over another; the same host over https
    counts as the same. Raises FetchError for a redirect that names no place, leads from https to
    http, in a circle, or is one too many.
    """
    place = _target(hop.place, status, location)
    passed = (*hop.passed, (hop.place, hop.is_post))
    is_post = hop.is_post and status in _KEEPS_METHOD
    if hop.place.scheme == "https" and place.scheme == "http":
        raise FetchError(
            f"{hop.place.brief}: redirects to {place.brief}, which is not encrypted", status=status
        )
    if (place, is_post) in passed:
        fact = f"{passed[0][0].brief}: redirects in a circle, over {hop.place.brief}"
        raise FetchError(fact, status=status, remedy=AGAIN)
    if len(passed) > MOST_HOPS:
        message = (
            f"{passed[0][0].brief}: redirects more than {MOST_HOPS} times, at last to {place.brief}"
        )
        raise FetchError(message, status=status)
    return Hop(
        place,
        is_post,
        hop.is_trusted and _is_same(hop.place, place),
        hop.is_for_good and status in _FOR_GOOD,
        passed,
    )


def _target(base: Place, status: int, location: str | None) -> Place:
    if not location:
        raise FetchError(
            f"{base.brief}: answers {status} and does not say where to go", status=status
        )
    try:
        joined = urljoin(str(base), _as_utf8(location.strip()))
    except ValueError:
        joined = location
    try:
        return read_place(joined)
    except FetchError as error:
        raise FetchError(f"{shown(str(base))}: redirects badly: {error}", status=status) from error


def _as_utf8(latin: str) -> str:
    """Return a field that was read as Latin-1 as the UTF-8 it often is."""
    try:
        return latin.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return latin


def _is_same(one: Place, other: Place) -> bool:
    is_upgrade = (one.scheme, one.port, other.scheme, other.port) == ("http", 80, "https", 443)
    return one.host == other.host and (one.origin == other.origin or is_upgrade)
