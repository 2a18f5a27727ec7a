"""A message to a person that is no letter: an answer, a confirmation, a notice (RFC 3834)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from newsletter.errors import MessageError
from newsletter.model import EmailAddress
from newsletter.rules.addresses import domain_of
from newsletter.rules.messages.bodies import encode_body
from newsletter.rules.messages.headers import mailbox_line, origin_lines
from newsletter.rules.messages.letters import join_parts, make_boundary

MOST_REFERENCES: Final = 20
"""Of a longer conversation the first message and the last ones are named (RFC 5322 3.6.4 sets no limit)."""
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,240}>")
"""Wider than RFC 5322 3.6.4, as programs are; without blanks and brackets it adds nothing to a header."""


class AutoSubmitted(StrEnum):
    """What made the program write (RFC 3834 section 5): no other program answers it."""

    REPLIED = "auto-replied"
    """A message of the person."""
    GENERATED = "auto-generated"
    """Nothing that the person sent: a confirmation after a page was filled in, a notice."""


@dataclass(frozen=True, slots=True)
class ReplyHeaders:
    """What stands in the header of a message to a person that is no letter.

    `reply_to` is the address whose token lets a reply act, or that of the person whose mail is passed
    on; None where a reply goes to the From address. `answers` is the Message-ID of what is answered
    and `references` are those that it names itself, oldest first, both as strangers wrote them: what
    is no Message-ID is left out.
    """

    from_name: str
    from_address: EmailAddress
    to: EmailAddress
    subject: str
    date: datetime
    message_id: str
    auto_submitted: AutoSubmitted
    reply_to: EmailAddress | None = None
    answers: str | None = None
    references: tuple[str, ...] = ()


def assemble_reply(headers: ReplyHeaders, text: str, html: str | None) -> bytes:
    """Return the message: text and HTML as alternatives, or one text part where `html` is None.

    Lines end in CRLF, all is ASCII, and equal arguments give equal octets. Raises MessageError
    for a value of ours that cannot stand in the header.
    """
    boundary = make_boundary(headers.message_id, headers.date)
    encoded = None if html is None else encode_body(html)
    return join_parts("".join(_header_lines(headers)), boundary, encode_body(text), encoded)


def _header_lines(headers: ReplyHeaders) -> Iterator[str]:
    if headers.auto_submitted is AutoSubmitted.GENERATED and headers.answers is not None:
        message = f"Auto-Submitted: {headers.auto_submitted} is no answer, and names one"
        raise MessageError(message)
    yield origin_lines(
        headers.from_name,
        headers.from_address,
        headers.to,
        headers.subject,
        headers.date,
        headers.message_id,
    )
    if headers.reply_to is not None:
        yield mailbox_line("Reply-To", _reply_name(headers, headers.reply_to), headers.reply_to)
    yield f"Auto-Submitted: {headers.auto_submitted}\r\n"
    yield from _thread_lines(headers)


def _reply_name(headers: ReplyHeaders, reply_to: EmailAddress) -> str:
    """Return our name for an address of ours, which is of the domain that makes Message-IDs.

    Nothing for that of a person, whose mail the owner is to answer.
    """
    ours = headers.message_id.rpartition("@")[2].rstrip(">").lower()
    return headers.from_name if domain_of(reply_to) == ours else ""


def _thread_lines(headers: ReplyHeaders) -> Iterator[str]:
    """Yield In-Reply-To and References (RFC 5322 3.6.4); neither, where nothing can be referred to."""
    answered = headers.answers
    if answered is None or not _is_message_id(answered):
        return
    named = [*filter(_is_message_id, headers.references)]
    thread = [*dict.fromkeys(one for one in named if one != answered), answered]
    if len(thread) > MOST_REFERENCES:
        thread = [thread[0], *thread[1 - MOST_REFERENCES :]]
    yield f"In-Reply-To: {answered}\r\n"
    yield "References: " + "\r\n ".join(thread) + "\r\n"


def _is_message_id(text: str) -> bool:
    # A header reader might decode what looks like an encoded word (RFC 2047).
    return _MESSAGE_ID.fullmatch(text) is not None and "=?" not in text
