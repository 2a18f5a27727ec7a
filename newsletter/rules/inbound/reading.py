"""Received bytes → what the program reads of them: bounded, linear in their size, decoded."""

import re
from typing import Final

from newsletter.errors import InboundError
from newsletter.model import InboundMail, InboundMessage, ReportPart
from newsletter.rules.inbound.charsets import decode
from newsletter.rules.inbound.encoded_words import tidy_text, without_controls
from newsletter.rules.inbound.header import (
    MAX_HEADER_BYTES,
    read_fields,
    read_some_fields,
    split_entity,
    split_message,
)
from newsletter.rules.inbound.mailboxes import MAX_ADDRESSES, single_address
from newsletter.rules.inbound.parts import Part, leaf_parts

MAX_MESSAGE_BYTES: Final = 1_048_576
MAX_ENCODED_WORDS: Final = 2_000
MAX_RECEIVED: Final = 99
"""RFC 5321 section 6.3: a message that passed so many machines runs in a circle."""
_MOST_REFERENCES: Final = 100
_MOST_GROUPS: Final = 100
_LONGEST_ENVELOPE: Final = 512

_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_BLANK_LINE: Final = re.compile(rb"(?:\r?\n){2,}")
_SEPARATOR: Final = re.compile("[,;]")
_ADDRESS_FIELDS: Final = ("from", "sender", "reply-to", "to", "cc", "bcc")
_STATUS: Final = "message/delivery-status"
_HEADERS: Final = "text/rfc822-headers"
_MESSAGE: Final = "message/rfc822"
_REPORT_TYPES: Final = {
    _STATUS: _STATUS,
    "message/global-delivery-status": _STATUS,  # RFC 6533
    "message/feedback-report": "message/feedback-report",
    _MESSAGE: _MESSAGE,
    "message/global": _MESSAGE,
    _HEADERS: _HEADERS,
    "message/rfc822-headers": _HEADERS,
    "message/global-headers": _HEADERS,
}


def read_mail(message: InboundMessage) -> InboundMail:
    """Read a received message.

    What is broken in it is read as well as can be; charsets, encodings and reports too. No value
    holds a control character; a body holds line feeds and tabs. The envelope sender is taken from
    the topmost Return-Path where the way in told none. Raises InboundError when the message is
    over a limit: 1 MiB, a header of 64 kB or 200 fields, 2,000 encoded words, 1,000 addresses in a
    field, 100 Received fields, 20 parts within each other, 100 parts.
    """
    if len(message.raw) > MAX_MESSAGE_BYTES:
        _refuse(f"the message is longer than {MAX_MESSAGE_BYTES} bytes")
    header, body = split_message(message.raw)
    if header.count(b"=?") > MAX_ENCODED_WORDS:
        _refuse(f"the header has more than {MAX_ENCODED_WORDS} encoded words")
    fields = read_fields(header)
    _check_fields(fields)
    parts = leaf_parts(fields, body)
    plain = _body_part(parts, "text/plain")
    html = _body_part(parts, "text/html")
    from_name, from_address = single_address(fields.get("from", ()))
    return InboundMail(
        sender=_envelope(_sender(message, fields)),
        recipient=_envelope(message.recipient),
        from_address=from_address,
        from_name=from_name,
        subject=fields.get("subject", ("",))[0],
        message_id=next(iter(_ids(fields, "message-id")), None),
        references=_ids(fields, "references", "in-reply-to"),
        plain=None if plain is None else plain.text,
        html=None if html is None else html.text,
        fields=fields,
        is_flowed=_says(plain, "format", "flowed"),
        is_delsp=_says(plain, "delsp", "yes"),
        reports=tuple(_report(part) for part in parts if part.media_type in _REPORT_TYPES),
        reply_to=single_address(fields.get("reply-to", ()))[1],
    )


def _check_fields(fields: dict[str, tuple[str, ...]]) -> None:
    if len(fields.get("received", ())) > MAX_RECEIVED:
        _refuse(f"the message came through more than {MAX_RECEIVED} machines: it runs in a circle")
    for name in _ADDRESS_FIELDS:
        if sum(len(_SEPARATOR.findall(value)) for value in fields.get(name, ())) >= MAX_ADDRESSES:
            _refuse(f"a {name} field names more than {MAX_ADDRESSES} addresses")


def _envelope(address: str | None) -> str | None:
    if address is None:
        return None
    return without_controls(address).strip().removeprefix("<").removesuffix(">")[:_LONGEST_ENVELOPE]


def _sender(message: InboundMessage, fields: dict[str, tuple[str, ...]]) -> str | None:
    # RFC 5321 section 4.4: who delivers a message writes its envelope sender at the top of it.
    return message.sender if message.sender is not None else fields.get("return-path", (None,))[0]


def _ids(fields: dict[str, tuple[str, ...]], *names: str) -> tuple[str, ...]:
    values = " ".join(value for name in names for value in fields.get(name, ()))
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(values)))[-_MOST_REFERENCES:]


def _body_part(parts: tuple[Part, ...], media_type: str) -> Part | None:
    return next(
        (
            part
            for part in parts
            if part.media_type == media_type and part.disposition != "attachment"
        ),
        None,
    )


def _says(part: Part | None, name: str, value: str) -> bool:
    return part is not None and part.parameters.get(name, "").lower() == value


def _report(part: Part) -> ReportPart:
    media_type = _REPORT_TYPES[part.media_type]
    content = part.content
    if media_type in {_MESSAGE, _HEADERS}:
        header, _ = split_entity(content.lstrip(b"\r\n"))
        blocks = [header]
    else:
        blocks = _BLANK_LINE.split(content, _MOST_GROUPS)[:_MOST_GROUPS]
    groups = (read_some_fields(block) for block in blocks)
    text = tidy_text(decode(content[:MAX_HEADER_BYTES], part.parameters.get("charset", "")))
    return ReportPart(media_type, tuple(group for group in groups if group), text)


def _refuse(reason: str) -> None:
    raise InboundError(reason)
