"""Addresses of the web, as entries link to them."""

import re
from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 2_000
_NO_URL_CHARACTERS: Final = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]")


def pace_of(url: str) -> str:
    """Return what shares one pace with the page at `url`: all that its server has, port and all."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def read_url(text: str) -> str | None:
    """Return an absolute http or https address, trimmed; None when `text` is none.

    An address that carries a user name or a password is refused as well.
    """
    url = text.strip()
    if len(url) > _LONGEST or _NO_URL_CHARACTERS.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
    return url if is_web else None
