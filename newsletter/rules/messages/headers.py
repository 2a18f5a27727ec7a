"""The header of a letter: what every one carries (RFC 5322, 2369, 2919, 3834, 8058)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
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
            origin_lines(
                headers.from_name,
                headers.from_address,
                headers.to,
                headers.subject,
                headers.date,
                headers.message_id,
            ),
            _list_lines(headers),
            f"Feedback-ID: {_feedback_id(headers)}\r\n",
            "Auto-Submitted: auto-generated\r\n",
        )
    )


def origin_lines(
    from_name: str,
    from_address: EmailAddress,
    to: EmailAddress,
    subject: str,
    date: datetime,
    message_id: str,
) -> str:
    """Return the fields that say who wrote to whom, when and about what, each ended by CRLF.

    Raises MessageError for a value that cannot stand there.
    """
    return "".join(
        (
            _from_line(from_name, from_address),
            f"To: {_address('To', to)}\r\n",
            _subject_line(subject),
            _date_line(date),
            f"Message-ID: {_matching('Message-ID', message_id, _MESSAGE_ID)}\r\n",
        )
    )


def _list_lines(headers: MessageHeaders) -> str:
    links = headers.links
    page = links.unsubscribe_url
    uris = (page, links.unsubscribe_mailto) if page else (links.unsubscribe_mailto,)
    return "".join(
        (
            _list_id_line(headers.list_name, headers.list_domain),
            uri_field("List-Unsubscribe", *uris),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if page else "",
            _people_lines(links.help_mailto, headers.owner),
        )
    )


# The lines that letters of one newsletter or of one day share are made once.


@lru_cache(maxsize=16)
def _from_line(from_name: str, from_address: EmailAddress) -> str:
    return mailbox_line("From", from_name, from_address)


def mailbox_line(field: str, name: str, address: EmailAddress) -> str:
    """Return a field of one named address; raises MessageError for what cannot stand in it."""
    shown = _name(name)
    if "@" in shown:
        message = f"{field}: the name {shown!r} holds an @, which looks like another sender"
        raise MessageError(message)
    return named_field(field, shown, _address(field, address))


@lru_cache(maxsize=16)
def _list_id_line(list_name: str, list_domain: str) -> str:
    domain = domain_of(_address("List-Id", EmailAddress(f"letters@{list_domain}")))
    return named_field("List-Id", _name(list_name), f"letters.{domain}")


@lru_cache(maxsize=16)
def _people_lines(help_mailto: str, owner: EmailAddress) -> str:
    asked = uri_field("List-Help", help_mailto)
    return asked + uri_field("List-Owner", mailto(_address("List-Owner", owner)))


def _name(text: str) -> str:
    return clean_line(text)[:_LONGEST_NAME].rstrip()


@lru_cache(maxsize=1_024)
def _subject_line(text: str) -> str:
    subject = clean_line(text)
    if not subject:
        message = "Subject: nothing in it can be seen"
        raise MessageError(message)
    if len(subject) > _LONGEST_SUBJECT:
        subject = subject[: _LONGEST_SUBJECT - 1].rstrip() + "…"
    return text_field("Subject", subject)


def _address(field: str, address: EmailAddress) -> EmailAddress:
    try:
        return parse_address(address)
    except AddressError as error:
        message = f"{field}: {error}"
        raise MessageError(message) from error


@lru_cache(maxsize=64)
def _date_line(moment: datetime) -> str:
    """Return the field as RFC 5322 3.3 writes it, in UTC; months and days are English everywhere."""
    if moment.tzinfo is None:
        message = f"Date: {moment.isoformat()} names no time zone"
        raise MessageError(message)
    utc = moment.astimezone(UTC)
    day = f"{_WEEKDAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year:04}"
    return f"Date: {day} {utc:%H:%M:%S} +0000\r\n"


def _feedback_id(headers: MessageHeaders) -> str:
    if headers.feedback_id is not None:
        return _matching("Feedback-ID", headers.feedback_id, _FEEDBACK_ID)
    return _usual_feedback_id(headers.date, headers.list_domain)


@lru_cache(maxsize=64)
def _usual_feedback_id(date: datetime, list_domain: str) -> str:
    return f"{date.astimezone(UTC):%Y%m%d}:edition:{list_domain}"


def _matching(field: str, value: str, pattern: re.Pattern[str]) -> str:
    if pattern.fullmatch(value) is None:
        message = f"{field}: {value[:_LONGEST_NAME]!r} cannot stand in a header"
        raise MessageError(message)
    return value
