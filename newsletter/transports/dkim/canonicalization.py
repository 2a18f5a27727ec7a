"""The relaxed forms of a header and a body (RFC 6376 section 3.4): what a relay may change without harm.

Written for speed: every letter passes here, and letters are 30 kB. Lines must end in CRLF, as those
of our messages do; a message with a bare CR or LF would never leave, because SMTP refuses it.
"""

import re
from collections.abc import Mapping
from typing import Final

CRLF: Final = b"\r\n"
_BLANKS: Final = re.compile(rb"  +")
"""Two blanks first and no class of characters: so the engine searches a literal, three times as fast."""


def canonical_body(body: bytes) -> bytes:
    """Return `body` in relaxed form (RFC 6376 3.4.4).

    Blanks in a row are one, those at the end of a line none, empty lines at the end are dropped,
    and the last line ends in CRLF. A body of blank lines alone is empty.
    """
    text = (_with_single_blanks(body) + CRLF).replace(b" \r\n", CRLF).rstrip(CRLF)
    return text + CRLF if text else b""


def canonical_fields(headers: bytes) -> Mapping[bytes, list[bytes]]:
    """Return the fields of a header in relaxed form (RFC 6376 3.4.2), by name in lower case.

    Where a name occurs more than once the lowest field comes first: the order in which they are
    signed (RFC 6376 5.4.2). Each ends in CRLF. A line without a colon is no field and is left out.
    """
    # Only the line ends go; the blanks that follow them are part of the value.
    unfolded = headers.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    fields: dict[bytes, list[bytes]] = {}
    for line in reversed(_with_single_blanks(unfolded).split(CRLF)):
        name, colon, value = line.partition(b":")
        if colon:
            key = name.rstrip(b" ").lower()
            fields.setdefault(key, []).append(b"%b:%b\r\n" % (key, value.strip(b" ")))
    return fields


def _with_single_blanks(text: bytes) -> bytes:
    return _BLANKS.sub(b" ", text.replace(b"\t", b" "))
