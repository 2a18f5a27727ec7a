"""The header of a letter: what every one carries (RFC 5322, 2369, 2919, 3834, 8058)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from newsletter.errors import AddressError, MessageError
from newsletter.model import EmailAddress, LetterLinks
from newsletter.rules.addresses import domain_of, mailto, parse_address
from newsletter.rules.messages.fields import clean_line, named_field, text_field, uri_field

_LONGEST_SUBJECT: Final = 200
_LONGEST_NAME: Final = 200
_LONGEST_FEEDBACK_ID: Final = 60
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_MESSAGE_ID: Final = re.compile(r"(?=.{1,250}\Z)<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_FEEDBACK_ID: Final = re.compile(rf"[A-Za-z0-9:._-]{{1,{_LONGEST_FEEDBACK_ID}}}")


@dataclass(frozen=True, slots=True)
class MessageHeaders:
    """What stands in the header of one letter.

    `subject` and the names are cleaned of what cannot be seen; whatever else cannot stand in a
    header is a MessageError when the message is built. `date` is aware, `message_id` has its
    angle brackets, `list_domain` is the domain that the List-Id is formed of.
    """

    from_name: str
    from_address: EmailAddress
    to: EmailAddress
    subject: str
    date: datetime
    message_id: str
    list_name: str
    list_domain: str
    owner: EmailAddress
    links: LetterLinks
    feedback_id: str | None = None
    """For the reports of large providers, without the reader's name; None: day, kind and list."""


def header_lines(headers: MessageHeaders) -> str:
    """Return the header but for its MIME fields, each line ended by CRLF."""
    return "".join(
        (
            named_field("From", _from_name(headers), _address("From", headers.from_address)),
            f"To: {_address('To', headers.to)}\r\n",
            text_field("Subject", _subject(headers.subject)),
            f"Date: {_date(headers.date)}\r\n",
            f"Message-ID: {_matching('Message-ID', headers.message_id, _MESSAGE_ID)}\r\n",
            _list_lines(headers),
            f"Feedback-ID: {_feedback_id(headers)}\r\n",
            "Auto-Submitted: auto-generated\r\n",
        )
    )


def _list_lines(headers: MessageHeaders) -> str:
    links = headers.links
    page = links.unsubscribe_url
    domain = domain_of(_address("List-Id", EmailAddress(f"letters@{headers.list_domain}")))
    return "".join(
        (
            named_field("List-Id", _name(headers.list_name), f"letters.{domain}"),
            uri_field("List-Unsubscribe", *([page] if page else []), links.unsubscribe_mailto),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if page else "",
            uri_field("List-Help", links.help_mailto),
            uri_field("List-Owner", mailto(_address("List-Owner", headers.owner))),
        )
    )


def _from_name(headers: MessageHeaders) -> str:
    name = _name(headers.from_name)
    if "@" in name:
        message = f"From: the name {name!r} holds an @, which looks like another sender"
        raise MessageError(message)
    return name


def _name(text: str) -> str:
    return clean_line(text)[:_LONGEST_NAME].rstrip()


def _subject(text: str) -> str:
    subject = clean_line(text)
    if not subject:
        message = "Subject: nothing in it can be seen"
        raise MessageError(message)
    if len(subject) <= _LONGEST_SUBJECT:
        return subject
    return subject[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def _address(field: str, address: EmailAddress) -> EmailAddress:
    try:
        return parse_address(address)
    except AddressError as error:
        message = f"{field}: {error}"
        raise MessageError(message) from error


def _date(moment: datetime) -> str:
    """Return `moment` as RFC 5322 3.3 writes it, in UTC; months and days are English everywhere."""
    if moment.tzinfo is None:
        message = f"Date: {moment.isoformat()} names no time zone"
        raise MessageError(message)
    utc = moment.astimezone(UTC)
    day = f"{_WEEKDAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year:04}"
    return f"{day} {utc:%H:%M:%S} +0000"


def _feedback_id(headers: MessageHeaders) -> str:
    if headers.feedback_id is not None:
        return _matching("Feedback-ID", headers.feedback_id, _FEEDBACK_ID)
    return f"{headers.date.astimezone(UTC):%Y%m%d}:edition:{headers.list_domain}"


def _matching(field: str, value: str, pattern: re.Pattern[str]) -> str:
    if pattern.fullmatch(value) is None:
        message = f"{field}: {value[:_LONGEST_NAME]!r} cannot stand in a header"
        raise MessageError(message)
    return value
