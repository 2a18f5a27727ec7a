"""The parts of a MIME message (RFC 2045, 2046), cut in linear time and within bounds."""

import re
from dataclasses import dataclass
from typing import Final

from newsletter.errors import InboundError
from newsletter.rules.inbound.charsets import decode, transfer_decode
from newsletter.rules.inbound.encoded_words import tidy_text
from newsletter.rules.inbound.header import read_some_fields, split_entity
from newsletter.rules.inbound.parameters import read_parameters

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 100
_LONGEST_BOUNDARY: Final = 200
"""RFC 2046 section 5.1.1 allows 70; some programs are longer."""

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part without parts of its own. `body` is still encoded for its transfer."""

    media_type: str
    parameters: dict[str, str]
    disposition: str
    encoding: str
    body: bytes

    @property
    def content(self) -> bytes:
        """The bytes of the part, its transfer encoding undone."""
        return transfer_decode(self.body, self.encoding)

    @property
    def text(self) -> str:
        r"""The text of the part: `\n` ends its lines, tabs are its only control characters."""
        return tidy_text(decode(self.content, self.parameters.get("charset", "")))


def leaf_parts(fields: dict[str, tuple[str, ...]], body: bytes) -> tuple[Part, ...]:
    """Return the parts of the message with this header and body, in their order.

    A multipart whose boundary is missing or never used is read as text. Raises InboundError for
    more than 20 parts within each other, or more than 100 in all.
    """
    found: list[Part] = []
    _collect(fields, body, 1, found)
    return tuple(found)


def _collect(
    fields: dict[str, tuple[str, ...]], body: bytes, depth: int, found: list[Part]
) -> None:
    if depth > MAX_DEPTH:
        message = f"more than {MAX_DEPTH} parts are within each other"
        raise InboundError(message)
    media_type, parameters = read_parameters(_first(fields, "content-type"))
    if media_type.startswith("multipart/"):
        pieces = _split(body, parameters.get("boundary", ""), MAX_PARTS - len(found))
        for piece in pieces:
            header, inner = split_entity(piece)
            _collect(read_some_fields(header), inner, depth + 1, found)
        if pieces:
            return
        media_type = ""
    if len(found) == MAX_PARTS:
        message = f"the message has more than {MAX_PARTS} parts"
        raise InboundError(message)
    # RFC 2045 section 5.2: without a type, or with one that cannot be read, it is plain text.
    is_type = _MEDIA_TYPE.fullmatch(media_type) is not None
    disposition, _ = read_parameters(_first(fields, "content-disposition"))
    encoding, _ = read_parameters(_first(fields, "content-transfer-encoding"))
    found.append(
        Part(media_type if is_type else "text/plain", parameters, disposition, encoding, body)
    )


def _split(body: bytes, boundary: str, most: int) -> list[bytes]:
    """Return what stands between the delimiter lines; nothing when there are none."""
    mark = boundary.rstrip().encode("utf-8", "replace")
    if not 0 < len(mark) <= _LONGEST_BOUNDARY:
        return []
    pattern = re.compile(rb"\n--" + re.escape(mark) + rb"(--)?[ \t]*(?=\r?\n|\r?\Z)")
    body = (
        b"\n" + body
    )  # a delimiter may be the first line; a pattern that begins with letters is fast
    pieces: list[bytes] = []
    start: int | None = None
    for delimiter in pattern.finditer(body):
        if start is not None:
            pieces.append(body[start : delimiter.start()].removesuffix(b"\r"))
        if len(pieces) > most:
            message = f"the message has more than {MAX_PARTS} parts"
            raise InboundError(message)
        start = None if delimiter[1] else body.find(b"\n", delimiter.end()) + 1 or len(body)
        if start is None:
            break
    if start is not None:
        pieces.append(body[start:])  # torn off before its end
    return pieces


def _first(fields: dict[str, tuple[str, ...]], name: str) -> str:
    return fields.get(name, ("",))[0]
