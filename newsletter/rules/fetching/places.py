"""Where a page stands: its address, taken apart and put in the one form that is sent."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from newsletter.errors import FetchError

_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_URL: Final = 8_000
_LONGEST_NAME: Final = 253
_SHOWN: Final = 200
_SHOWN_WHOLE: Final = 80
_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_USER: Final = re.compile(r"//[^/?#]*@")
_KEPT: Final = "%/?#[]@!$&'()*+,;=:~-._"
"""What RFC 3986 lets stand in an address besides letters and digits; the rest is percent-encoded."""


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a page. `host` is in lower case and ASCII, an IPv6 one without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """What the field Host says: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two addresses of one server have in common (RFC 6454 section 4)."""
        return self.scheme, self.host, self.port

    @property
    def brief(self) -> str:
        """The address as a line of a report shows it, see `brief`."""
        return brief(str(self))

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


def read_place(url: str) -> Place:
    """Return the place that an absolute http or https address names, without its fragment.

    Raises FetchError for all else, and for an address that carries a user or a password: those
    are headers, which go to no other host by mistake. No password is repeated in the message.
    """
    parts = _split(url)
    if parts.scheme not in _PORTS:
        raise FetchError(f"{shown(url)}: is no address that begins with http:// or https://")
    if "@" in parts.netloc:
        raise FetchError(f"{shown(url)}: carries a user name; write the address without it")
    path = quote(parts.path or "/", safe=_KEPT)
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    return Place(parts.scheme, _host(parts, url), port, path + query)


def shown(url: str) -> str:
    """Return an address as messages show it: without controls and passwords, and not for ever."""
    text = _USER.sub("//", _CONTROLS.sub("?", url[: _SHOWN * 2]))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def brief(url: str) -> str:
    """Return an address as a line of a report shows it: of a long one without its query."""
    head, mark, _ = url.partition("?")
    return shown(f"{head}?…" if mark and len(url) > _SHOWN_WHOLE else url)


def _split(url: str) -> SplitResult:
    if len(url) > _LONGEST_URL:
        raise FetchError(f"{shown(url)}: is longer than {_LONGEST_URL} characters")
    if _CONTROLS.search(url):  # urlsplit would leave some of them out without a word
        raise FetchError(f"{shown(url)}: holds a control character")
    try:
        parts = urlsplit(url.strip())
        is_port = parts.port != 0  # reading it is what finds a port that is none
    except ValueError:
        is_port = False
    if not is_port:
        raise FetchError(f"{shown(url)}: is no web address")
    return parts


def _host(parts: SplitResult, url: str) -> str:
    host = (parts.hostname or "").removesuffix(".")
    try:
        if "[" in parts.netloc:
            return _ipv6(host)
        if len(host) <= _LONGEST_NAME:
            host = host.encode("idna").decode("ascii").lower()
    except (AddressValueError, UnicodeError):
        host = ""
    if len(host) > _LONGEST_NAME or not _HOST.fullmatch(host):
        raise FetchError(f"{shown(url)}: names no host that can be asked")
    return host


def _ipv6(text: str) -> str:
    """Return an address without a zone, which would mean something on this machine alone."""
    address = IPv6Address(text)
    if address.scope_id is not None:
        message = "has a zone"
        raise AddressValueError(message)
    return str(address)
