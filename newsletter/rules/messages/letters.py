"""A whole message: header and parts. Nothing in it comes from a clock or by chance."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from newsletter.model import RenderedEmail
from newsletter.rules.messages.bodies import encode_body
from newsletter.rules.messages.headers import MessageHeaders, header_lines

_PLAIN_FIELDS: Final = (
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)
_HTML_FIELDS: Final = _PLAIN_FIELDS.replace(b"text/plain", b"text/html")


def build(rendered: RenderedEmail, headers: MessageHeaders) -> bytes:
    """Return the message: text and HTML as alternatives (RFC 2046 5.1.4), or one text part.

    Lines end in CRLF, none is longer than 998 octets or starts with a dot, all is ASCII, and equal
    arguments give equal octets. Raises MessageError for a value that cannot stand in the header.
    """
    html = None if rendered.html is None else encode_body(rendered.html)
    return assemble(headers, encode_body(rendered.text), html)


def assemble(headers: MessageHeaders, text: bytes, html: bytes | None) -> bytes:
    """Return the message of parts that `encode_body` encoded, or that were joined from such ones."""
    boundary = make_boundary(headers.message_id, headers.date)
    return join_parts(header_lines(headers), boundary, text, html)


def join_parts(fields: str, boundary: str, text: bytes, html: bytes | None) -> bytes:
    """Return the message with those header fields; without `html` the boundary is not needed."""
    head = (fields + "MIME-Version: 1.0\r\n").encode("ascii")
    if html is None:
        return b"".join((head, _PLAIN_FIELDS, text))
    kind = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    delimiter = f"--{boundary}".encode("ascii")
    return b"".join(
        (
            head,
            kind.encode("ascii"),
            *(delimiter, b"\r\n", _PLAIN_FIELDS, text),
            *(b"\r\n", delimiter, b"\r\n", _HTML_FIELDS, html),
            *(b"\r\n", delimiter, b"--\r\n"),
        )
    )


def make_boundary(message_id: str, date: datetime) -> str:
    """Return what parts the parts; `=_` cannot stand in quoted-printable (RFC 2045 6.7)."""
    seed = f"{message_id} {int(date.timestamp())}"
    return f"=_{sha256(seed.encode()).hexdigest()[:32]}"
