"""Which addresses may a letter link to?"""

import re
from typing import Final

from newsletter.errors import RenderingError

LONGEST_ADDRESS_OCTETS: Final = 950
"""With its label on a line of the text part, which RFC 5322 2.1.1 allows 998 octets."""
_WEB: Final = re.compile(r"(?P<scheme>https?)://(?P<rest>[^/?#].*)", re.IGNORECASE)
# Nothing more is to be found out about such an address.
_USUAL: Final = re.compile(r"https://[!$-.0-;=@-Z_a-z~\[\]][!#-;=?-Z_a-z~\[\]]{0,500}")
_MAIL: Final = re.compile(r"mailto:[\x21-\x7e]+")
_DELIMITERS: Final = re.compile(r'[ <>"`{}|\\^]')


def web_address(url: str) -> str:
    """Return `url` with its scheme in small letters, or nothing when no reader could follow it.

    Blanks, invisible characters and those that RFC 3986 appendix C uses as delimiters are refused:
    with them an address would not survive in the text part.
    """
    if not url.isprintable() or len(url.encode()) > LONGEST_ADDRESS_OCTETS:
        return ""
    parts = _WEB.fullmatch(url)
    if parts is None or _DELIMITERS.search(url):
        return ""
    return f"{parts['scheme'].lower()}://{parts['rest']}"


def link_address(url: str) -> str:
    """Return `url` when a letter may link to it: https only. Others are written out as text."""
    if _USUAL.fullmatch(url):
        return url
    address = web_address(url)
    return address if address.startswith("https://") else ""


def mail_address(uri: str, name: str) -> str:
    """Return a mailto URI as it is; raises RenderingError, naming `name`, for anything else."""
    if not _MAIL.fullmatch(uri):
        message = f"letter.links.{name}: {uri!r} is no mailto URI (mailto:someone@example.org)"
        raise RenderingError(message)
    return uri
