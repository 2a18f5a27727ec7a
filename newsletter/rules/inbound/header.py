"""Header blocks of received messages, cut into fields (RFC 5322 section 2.2) in linear time.

The standard library reads a header in a way that hostile ones make slow or fail, so this is our
own: a block is cut at its lines once, and nothing is looked at twice.
"""

import re
from typing import Final

from newsletter.errors import InboundError
from newsletter.rules.inbound.charsets import decode_unlabelled
from newsletter.rules.inbound.encoded_words import decode_words, without_controls

MAX_HEADER_BYTES: Final = 65_536
MAX_FIELDS: Final = 200

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_FIELD_END: Final = re.compile(rb"\r?\n(?![ \t])")
_FOLD: Final = re.compile(rb"\r?\n")
_FIELD: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_MBOX_LINE: Final = re.compile(rb">?From [^\n]{0,1000}\n")
_STRUCTURED: Final = frozenset(
    {
        "authentication-results", "bcc", "cc", "content-disposition", "content-transfer-encoding",
        "content-type", "delivered-to", "dkim-signature", "envelope-to", "from", "in-reply-to",
        "list-id", "message-id", "original-recipient", "received", "references", "reply-to",
        "resent-from", "resent-to", "return-path", "sender", "to", "x-delivered-to",
        "x-envelope-to", "x-failed-recipients", "x-forwarded-to", "x-original-to",
    }
)  # fmt: skip
"""Fields whose signs mean something: an encoded word could smuggle in one that the sender's side
never saw, and RFC 2047 section 5 allows none in their addresses and tokens."""


def split_message(raw: bytes) -> tuple[bytes, bytes]:
    """Return the header block and the body of a whole message.

    An mbox line before the header is left out. Raises InboundError when the header block is
    longer than 64 kB.
    """
    mbox = _MBOX_LINE.match(raw)
    header, body = split_entity(raw[mbox.end() :] if mbox else raw)
    if len(header) > MAX_HEADER_BYTES:
        message = f"the header is longer than {MAX_HEADER_BYTES} bytes"
        raise InboundError(message)
    return header, body


def split_entity(raw: bytes) -> tuple[bytes, bytes]:
    """Return what stands before and after the first empty line; all is header where there is none."""
    if raw.startswith((b"\n", b"\r\n")):
        return b"", raw.partition(b"\n")[2]
    blank = _BLANK_LINE.search(raw)
    return (raw, b"") if blank is None else (raw[: blank.start()], raw[blank.end() :])


def read_fields(block: bytes) -> dict[str, tuple[str, ...]]:
    """Return the fields of a message's header block, and hold it to the limit of 200 fields.

    Raises InboundError above it.
    """
    if len(_FIELD_END.findall(block)) >= MAX_FIELDS:
        message = f"the header has more than {MAX_FIELDS} fields"
        raise InboundError(message)
    return read_some_fields(block)


def read_some_fields(block: bytes) -> dict[str, tuple[str, ...]]:
    """Return the decoded values of the first 200 fields in the first 64 kB of `block`, by name.

    Lines that are no field are left out. Names are in lower case, the topmost value comes first.
    """
    found: dict[str, list[str]] = {}
    for line in _FIELD_END.split(block[:MAX_HEADER_BYTES], maxsplit=MAX_FIELDS)[:MAX_FIELDS]:
        field = _FIELD.fullmatch(line)
        if field is not None:
            name = field[1].decode("ascii").lower()
            found.setdefault(name, []).append(_value(name, field[2]))
    return {name: tuple(values) for name, values in found.items()}


def _value(name: str, raw: bytes) -> str:
    text = decode_unlabelled(_FOLD.sub(b"", raw))
    return (without_controls(text) if name in _STRUCTURED else decode_words(text)).strip()
