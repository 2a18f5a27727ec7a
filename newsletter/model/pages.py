"""Pages of the web, as a source asks for them and gets them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

MOST_BYTES: Final = 20 * 1024 * 1024
"""Of one answer, decoded."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with a page so that it need not send it again (RFC 9110 section 8.8).

    Texts are the bytes as they came, read as Latin-1: they go back byte for byte, quoted or not.
    """

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to send back."""
        return self.etag is not None or self.last_modified is not None


@dataclass(frozen=True, slots=True)
class Manners:
    """How a source behaves towards one service.

    `pace` names what shares one pace and one connection, over all processes: a host, or one name
    for the hosts of a service; requests under it begin at least `interval` apart. `deadline` is
    for everything that is asked in one visit, waiting included. `busy` are the statuses that say
    "later"; after the first the visit waits `back_off`, doubled each time, unless the server
    names a moment, and gives up after `tries` answers of that kind or at the deadline.
    """

    pace: str
    interval: timedelta = timedelta(seconds=1)
    deadline: timedelta = timedelta(minutes=2)
    busy: frozenset[int] = frozenset({429, 503})
    back_off: timedelta = timedelta(seconds=5)
    tries: int = 4
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a GET, or a POST of `body`.

    `expected` are statuses besides 2xx and 304 of which the page is wanted all the same.
    """

    url: str
    accept: str = "*/*"
    headers: tuple[tuple[str, str], ...] = ()
    validators: Validators = Validators()
    body: bytes | None = None
    content_type: str = "application/json"
    expected: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `url` is where it was found in the end; `body` is decoded and within the limit.

    `moved_to` is where it stands for good (every hop on the way was a 301 or 308); None: where it
    was asked for.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    moved_to: str | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said 304 Not Modified."""
        return self.status == 304  # noqa: PLR2004  the number is its name

    @property
    def validators(self) -> Validators:
        """What to send back next time."""
        return Validators(self.header("etag"), self.header("last-modified"))

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case; None when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
