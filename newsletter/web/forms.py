"""Reads the small forms that people and mail programs send."""

from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MAX_BODY_BYTES: Final = 16 * 1024
MAX_FIELDS: Final = 20


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
    """Read RFC 7578 with the parser for mail: its parts have the same form."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", errors="replace")
    message = message_from_bytes(head + body, policy=policy.compat32)
    if not message.is_multipart():
        raise FormError(400)
    fields: dict[str, str] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes) and len(fields) < most_fields:
            fields[name] = value.decode("utf-8", errors="replace").strip()
    return fields
