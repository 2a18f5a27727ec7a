"""Types for what an operator writes beyond the types of a preferences document."""

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import PlainValidator

from newsletter.preferences import plain_text, quote, text, whole, wrong

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_SHORTEST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(days=30)
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_local(host: str) -> bool:
    """Whether `host` is this machine."""
    return host.casefold() in _LOCAL_HOSTS


def _duration(value: object) -> timedelta:
    written = plain_text(value)
    found = re.fullmatch(r"([0-9]{1,5})([mhd])", written)
    if found:
        duration = timedelta(**{_UNITS[found[2]]: int(found[1])})
        if _SHORTEST <= duration <= _LONGEST:
            return duration
    raise wrong(f"{quote(written)} is no interval; write 30m, 1h or 2d (from 1m to 30d)")


def _host(value: object) -> str:
    written = text(253)(value)
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", written):
        raise wrong(f"{quote(written)} is no host; write a name or an IP address")
    return written


def _domain(value: object) -> str:
    """Return the domain in lower case (RFC 1035 section 2.3.1: labels of at most 63 octets)."""
    written = text(253)(value).lower()
    if not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*", written):
        raise wrong(f"{quote(written)} is no domain; write e.g. news.example.org")
    return written


def _web_url(value: object) -> str:
    written = text(500)(value)
    try:
        parts = urlsplit(written)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_url = is_url and parts.port != 0 and parts.username is None and " " not in written
    except ValueError:
        is_url = False
    if not is_url:
        raise wrong(f"{quote(written)} is no web address; write https://…")
    return written


def _base_url(value: object) -> str:
    """Return the base of all links, without a slash at its end."""
    written = _web_url(value)
    if not written.isascii():
        raise wrong(f"{quote(written)} is not ASCII; write the xn-- form of its name")
    parts = urlsplit(written)
    if parts.query or parts.fragment:
        raise wrong(f"{quote(written)} ends in ? or #, but other addresses begin with it")
    if parts.scheme == "http" and not is_local(parts.hostname or ""):
        raise wrong(
            f"{quote(written)} is not encrypted; mail programs ask for https",
            suggestion=f"write https://{parts.netloc}{parts.path}",
        )
    return written.rstrip("/")


def _network(value: object) -> str:
    written = text(50)(value)
    try:
        return str(ip_network(written, strict=False))
    except ValueError:
        message = f"{quote(written)} is no IP address and no network"
        raise wrong(message, suggestion="write 127.0.0.1 or 10.0.0.0/8") from None


def _header_name(value: object) -> str:
    written = text(100)(value)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", written):
        raise wrong(f"{quote(written)} is no name of a header; write e.g. Remote-User")
    return written


ProxyNetwork = Annotated[str, PlainValidator(_network)]
HeaderName = Annotated[str, PlainValidator(_header_name)]
Duration = Annotated[timedelta, PlainValidator(_duration)]
Host = Annotated[str, PlainValidator(_host)]
Domain = Annotated[str, PlainValidator(_domain)]
WebUrl = Annotated[str, PlainValidator(_web_url)]
BaseUrl = Annotated[str, PlainValidator(_base_url)]
Port = Annotated[int, PlainValidator(whole(1, 65_535))]
ListeningPort = Annotated[int, PlainValidator(whole(0, 65_535))]
"""0 takes any port that is free."""
