"""Types for what people write: each turns one text into a value or says what to write instead."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Annotated, Final, TypeVar
from zoneinfo import available_timezones

from pydantic import PlainValidator

from newsletter.errors import AddressError, QueryError
from newsletter.model import EmailAddress
from newsletter.preferences.validation import nearest, quote, wrong
from newsletter.rules.addresses import parse_address
from newsletter.rules.query import MAXIMUM_LENGTH, parse

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
# Embeddings, overrides and isolates (Unicode annex 9) can make a text show as another.
_DECEPTIVE: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")

_Choice = TypeVar("_Choice", bound=StrEnum)


def plain_text(value: object) -> str:
    """Return `value` when it is a text; a list or a mapping is none."""
    if not isinstance(value, str):
        raise wrong(message="is empty" if value is None else "needs a text")
    return value


def text(most: int) -> Callable[[object], str]:
    """Read one line of 1 to `most` characters."""

    def read(value: object) -> str:
        written = plain_text(value).strip()
        if found := _CONTROL.search(written):
            raise wrong(f"holds the control character U+{ord(found[0]):04X}; it must be one line")
        return _bounded(written, most)

    return read


def paragraphs(most: int) -> Callable[[object], str]:
    """Read a text of one or more lines, which become one line of at most `most` characters."""

    def read(value: object) -> str:
        return text(most)(" ".join(plain_text(value).split()))

    return read


def _bounded(written: str, most: int) -> str:
    if not written:
        raise wrong(message="is empty")
    if len(written) > most:
        raise wrong(f"is {len(written)} characters long, at most {most} are read")
    if found := _DECEPTIVE.search(written):
        raise wrong(f"holds U+{ord(found[0]):04X}, which changes the direction of what follows")
    return written


def whole(least: int, most: int) -> Callable[[object], int]:
    """Read a whole number from `least` to `most`, in decimal digits alone."""

    def read(value: object) -> int:
        written = plain_text(value)
        if not re.fullmatch(r"-?[0-9]{1,12}", written) or not least <= int(written) <= most:
            raise wrong(f"{quote(written)} is no whole number from {least} to {most}")
        return int(written)

    return read


def _weight(value: object) -> float:
    written = plain_text(value)
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,6})?", written) or not 0 < float(written) <= 10:  # noqa: PLR2004
        raise wrong(f"{quote(written)} is no weight; write a number above 0 and up to 10")
    return float(written)


def one_of(choices: type[_Choice]) -> Callable[[object], _Choice]:
    """Read one of the values of an enum."""

    def read(value: object) -> _Choice:
        return choices(one_word(*choices)(value))

    return read


def one_word(*words: str) -> Callable[[object], str]:
    """Read one of `words`."""
    shown = " | ".join(words)

    def read(value: object) -> str:
        written = plain_text(value)
        if written not in words:
            near = nearest(written, words)
            raise wrong(
                f"{quote(written)} is none of {shown}",
                suggestion=f'did you mean "{near}"?' if near else None,
            )
        return str(written)

    return read


_YES: Final = frozenset({"true", "yes", "on"})
_NO: Final = frozenset({"false", "no", "off"})


def _yes_or_no(value: object) -> bool:
    written = plain_text(value).lower()
    if written not in _YES | _NO:
        raise wrong(f"{quote(written)} is neither true nor false")
    return written in _YES


def _clock_time(value: object) -> time:
    written = plain_text(value)
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", written)
    if not found:
        raise wrong(f'{quote(written)} is no time of day; write hours and minutes, e.g. "07:30"')
    return time(int(found[1]), int(found[2]))


def _day(value: object) -> date:
    written = plain_text(value)
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise wrong(f"{quote(written)} is no date; write it as 2027-01-04") from error


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}


def is_timezone(name: str) -> bool:
    """Whether `name` is an IANA time zone that this machine knows."""
    return name in _zones()


def _timezone(value: object) -> str:
    written = plain_text(value)
    if is_timezone(written):
        return written
    place = written.replace(" ", "_").casefold()
    city = next((zone for zone in sorted(_zones()) if zone.casefold().endswith(f"/{place}")), None)
    near = city or nearest(written, _zones())
    raise wrong(
        f"{quote(written)} is no time zone",
        suggestion=f'did you mean "{near}"?' if near else 'write an IANA name, e.g. "Europe/Paris"',
    )


def _address(value: object) -> EmailAddress:
    try:
        return parse_address(plain_text(value))
    except AddressError as error:
        raise wrong(str(error)) from error


def _query(value: object) -> str:
    """Line ends become spaces one for one, so that positions stay."""
    written = re.sub(r"[\t\n]", " ", plain_text(value)).rstrip()
    text(MAXIMUM_LENGTH)(written)
    try:
        parse(written)
    except QueryError as error:
        raise wrong(str(error), position=error.position) from error
    return written


Name = Annotated[str, PlainValidator(text(100))]
Paragraph = Annotated[str, PlainValidator(paragraphs(4_000))]
YesNo = Annotated[bool, PlainValidator(_yes_or_no)]
ClockTime = Annotated[time, PlainValidator(_clock_time)]
Day = Annotated[date, PlainValidator(_day)]
TimeZone = Annotated[str, PlainValidator(_timezone)]
Weight = Annotated[float, PlainValidator(_weight)]
Address = Annotated[EmailAddress, PlainValidator(_address)]
QueryText = Annotated[str, PlainValidator(_query)]

__all__ = [
    "Address",
    "ClockTime",
    "Day",
    "Name",
    "Paragraph",
    "QueryText",
    "TimeZone",
    "Weight",
    "YesNo",
    "is_timezone",
    "one_of",
    "one_word",
    "paragraphs",
    "plain_text",
    "text",
    "whole",
]
