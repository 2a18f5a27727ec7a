"""Reads the small forms that people and mail programs send."""

import re
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MAX_BODY_BYTES: Final = 16 * 1024
MAX_FIELDS: Final = 20
_LONGEST_HEAD: Final = 1_000
"""Of a part, and of the field that says how a body is written: its parameters are read slowly."""
_HEAD_OF_PART: Final = re.compile(rb"[ \t]*\r?\n(.{1,%d}?)\r?\n\r?\n" % _LONGEST_HEAD, re.DOTALL)


class FormError(Exception):
    """A body is no form that we read; `status` is the HTTP answer. Never leaves this room."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_form(
    request: Request, *, most_bytes: int = MAX_BODY_BYTES, most_fields: int = MAX_FIELDS
) -> Mapping[str, str]:
    """Return the fields of an urlencoded or multipart body, the last one of each name.

    RFC 8058 section 3.2 allows both. Raises FormError with 413 for a body over `most_bytes`, 415 for
    another type, 400 for one that cannot be read.
    """
    body = await _read_bounded(request, most_bytes)
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(body, most_fields)
    if kind == "multipart/form-data":
        return _multipart(content_type, body, most_fields)
    raise FormError(415)


async def _read_bounded(request: Request, most_bytes: int) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                raise FormError(413)
    except ClientDisconnect:
        raise FormError(400) from None
    return bytes(body)


def _urlencoded(body: bytes, most_fields: int) -> dict[str, str]:
    try:
        return dict(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=most_fields)
        )
    except ValueError:
        raise FormError(400) from None


def _multipart(content_type: str, body: bytes, most_fields: int) -> dict[str, str]:
    """Read RFC 7578. Parts are not read for parts of their own: that takes a square of their number."""
    if len(content_type) > _LONGEST_HEAD:
        raise FormError(400)
    boundary = _parsed(
        f"Content-Type: {content_type}\n\n".encode("ascii", "replace")
    ).get_boundary()
    if not boundary:
        raise FormError(400)
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("ascii", "replace")))
    _, *parts = delimiter.split(body, most_fields + 1)
    written = [part for part in parts if not part.startswith(b"--")]
    if not written or len(written) > most_fields:
        raise FormError(400)
    return dict(field for part in written if (field := _field(part)))


def _field(part: bytes) -> tuple[str, str] | None:
    """Return name and value of a part; None for one without a name."""
    head = _HEAD_OF_PART.match(part)
    if head is None:
        return None
    message = _parsed(part[head.start(1) :])
    name = message.get_param("name", header="content-disposition")
    value = message.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(value, bytes):
        return None
    # Half characters, which such a name may hold, can be written nowhere.
    return name.encode("utf-8", "replace").decode(), value.decode("utf-8", "replace").strip()


def _parsed(text: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(text, headersonly=True)
