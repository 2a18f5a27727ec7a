"""A message from the program to its owner: short, plain text, no list about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from newsletter.model import Letterhead
from newsletter.rules.messages.bodies import encode_body
from newsletter.rules.messages.fields import clean_line
from newsletter.rules.messages.headers import origin_lines

_PLAIN_FIELDS: Final = (
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the owner is told. `paragraphs` are lines that were not wrapped; `message_id` has brackets."""

    subject: str
    paragraphs: Sequence[str]
    date: datetime
    message_id: str


def write_notice(notice: Notice, head: Letterhead) -> bytes:
    """Return the message to the owner; the same notice gives the same octets.

    It is marked as written by a program, so that no other one answers (RFC 3834 section 5). Raises
    MessageError for a value that cannot stand in the header.
    """
    fields = origin_lines(
        head.from_name,
        head.from_address,
        head.owner,
        notice.subject,
        notice.date,
        notice.message_id,
    )
    fields += "Auto-Submitted: auto-generated\r\n"
    # What a server said stands in it: nothing but visible text may come through.
    text = "\n\n".join(clean_line(paragraph) for paragraph in notice.paragraphs) + "\n"
    return fields.encode("ascii") + _PLAIN_FIELDS + encode_body(text)
