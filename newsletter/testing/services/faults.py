"""What goes wrong at an imitated service, on request.

Much that is a trap needs no fault, since the services do it every day: lists that grow, weekends
without a list, missing fields, relative addresses, ids in two categories, a second version.
"""

from enum import StrEnum


class Fault(StrEnum):
    """One way to go wrong. Those of one service do nothing at the others."""

    # Any service, in place of its answer.
    HANG = "hang"
    """Takes the request and never answers, until either side closes."""
    RESET = "reset"
    """Resets the connection in place of an answer."""
    BREAK_OFF = "break off"
    """Promises the whole answer, sends half and closes."""
    DRIP = "drip"
    """Sends the answer byte by byte with pauses, see `Services.pause_s`."""
    SERVER_ERROR = "server error"
    """500 with a page in HTML."""
    UNAVAILABLE = "unavailable"
    """503 with `Retry-After: 120`."""
    UNAVAILABLE_UNTIL = "unavailable until"
    """503 with a date in Retry-After, two minutes from now."""
    BUSY = "busy"
    """429 as the service says it: arXiv in HTML without a word when, Hugging Face with RateLimit."""
    NOT_FOUND = "not found"
    GONE = "gone"
    MOVED = "moved"
    """301 with an empty body to another address that answers, as http is sent to https."""
    LOOP = "loop"
    """302 to an address that leads back."""
    PRIVATE = "private"
    """302 to a private address (RFC 1918)."""
    METADATA = "metadata"
    """302 to the address where clouds tell machines their secrets."""
    EMPTY_BODY = "empty body"
    """200 with nothing in it."""
    LOGIN_PAGE = "login page"
    """200 with a page in HTML, as a captive portal gives it."""
    HUGE = "huge"
    """200 that begins well and goes on for 50 MB."""
    BOMB = "bomb"
    """200 with 200 kB of gzip that are 200 MB when unpacked."""
    CUT = "cut"
    """200, complete by its length, whose text ends in the middle."""
    WRONG_CHARSET = "wrong charset"
    """Says UTF-8 and is Latin-1."""

    # Hugging Face.
    NO_LISTS = "no lists"
    """Every list is empty."""

    # arXiv.
    EMPTY = "empty"
    """A feed without items on a day that has some; of the query API: no entries."""
    ERROR_400 = "error 400"
    ERROR_200 = "error 200"
    """The feed that says what is wrong, with 400 or with 200."""
    STALE = "stale"
    """The batch of the day before, in a feed that says it was built today."""
    REBUILT = "rebuilt"
    """The same items in a feed that was built again: another ETag, another lastBuildDate."""
    NOT_ACCEPTABLE = "not acceptable"
    """406 whatever the request accepts."""
    EMPTY_PAGE = "empty page"
    """Of the query API: a page in the middle without entries."""
    LAGGING = "lagging"
    """The query API does not know what was announced in the last day."""
    BAD_TOKEN = "bad token"  # noqa: S105 - of OAI-PMH
    """The resumption token has expired."""

    # bioRxiv and medRxiv.
    NO_POSTS = "no posts"
    """200 whose message says that nothing was found."""
    UNPADDED = "unpadded"
    """Every date without leading zeros."""

    # Semantic Scholar.
    NO_DATA = "no data"
    """The answer of a search that found nothing: without `data`."""
    UNKNOWN_IDS = "unknown ids"
    """null in place of every second paper of a batch."""

    # OpenReview.
    NO_GUESTS = "no guests"
    """403 for whoever has not logged in."""

    # Feeds of blogs.
    SAME_GUIDS = "same guids"
    NO_IDS = "no ids"
    NO_DATES = "no dates"
    FUTURE_DATES = "future dates"
    SCRIPTS = "scripts"
    """Script and markup in titles and texts."""
    NO_VALIDATORS = "no validators"
    """Neither ETag nor Last-Modified, and never a 304."""
