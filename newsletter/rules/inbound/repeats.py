"""Is a message that comes in one that came before?"""

from hashlib import sha256
from typing import Final

from newsletter.errors import InboundError
from newsletter.rules.inbound.header import read_some_fields, split_message

_NAMED_BY: Final = ("message-id", "date", "from", "subject")


def origin_of(raw: bytes, sender: str | None, recipient: str | None) -> str | None:
    """Return what all copies of one message to one recipient have in common, and no other has.

    A server that did not hear our answer sends it again, and one that runs in a circle comes again,
    with other trace fields on top (RFC 5321 section 4.5.3.2.6 and 6.3). None for a message without
    a Message-ID: two of these may be meant.
    """
    try:
        header, body = split_message(raw)
    except InboundError:
        return None
    fields = read_some_fields(header)
    if not any(fields.get("message-id", ())):
        return None
    named = (value for name in _NAMED_BY for value in fields.get(name, ("",)))
    return "\0".join(("message", sender or "", recipient or "", *named, sha256(body).hexdigest()))
