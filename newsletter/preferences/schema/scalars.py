"""Types for what people write: each turns one text into a value or says what to write instead."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Final, TypeVar

from pydantic import PlainValidator

from newsletter.errors import QueryError
from newsletter.model import EmailAddress
from newsletter.preferences.schema.mailbox_slips import address
from newsletter.preferences.schema.moments import calendar_day, clock_time
from newsletter.preferences.schema.validation import nearest, quote, wrong
from newsletter.preferences.schema.wording import BENT_QUOTES, BENT_SINGLE, printable, shown
from newsletter.preferences.schema.words import plain_text, plain_word
from newsletter.preferences.schema.zones import is_timezone, time_zone
from newsletter.rules.query import MAXIMUM_LENGTH, parse

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
# Embeddings, overrides and isolates (Unicode annex 9) can make a text show as another.
_DECEPTIVE: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")

_Choice = TypeVar("_Choice", bound=StrEnum)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def text(most: int) -> Callable[[object], str]:
    """Read one line of 1 to `most` characters."""

    def read(value: object) -> str:
        written = plain_text(value).strip()
        if "\n" in written or "\r" in written:
            joined = " ".join(written.split())
            raise wrong(
                message="holds a line break", suggestion=f"write it on one line: {shown(joined)}"
            )
        if found := _CONTROL.search(written):
            message = f"holds the control character U+{ord(found[0]):04X}"
            raise wrong(message, suggestion="remove it; only one line of text can stand here")
        return _bounded(written, most)

    return read


def paragraphs(most: int) -> Callable[[object], str]:
    """Read a text of one or more lines, which become one line of at most `most` characters."""

    def read(value: object) -> str:
        return text(most)(" ".join(plain_text(value).split()))

    return read


def _bounded(written: str, most: int) -> str:
    if not written:
        raise wrong(message="is empty", suggestion="write something, or remove it")
    if len(written) > most:
        message = f"is {len(written)} characters long, at most {most} are read"
        raise wrong(message, suggestion=f"shorten it by {len(written) - most}")
    if found := _DECEPTIVE.search(written):
        message = f"holds U+{ord(found[0]):04X}, which changes the direction of what follows"
        raise wrong(message, suggestion="remove it; it cannot be seen, so type the text anew")
    return written


_FEW: Final = 100
"""In a range of so few numbers the nearest one is what was meant."""


def whole(least: int, most: int) -> Callable[[object], int]:
    """Read a whole number from `least` to `most`, in decimal digits alone."""

    def read(value: object) -> int:
        written = plain_word(value)
        is_whole = re.fullmatch(r"-?[0-9]{1,12}", written)
        if is_whole and least <= int(written) <= most:
            return int(written)
        advice: str | None = "write it in digits"
        if is_whole:
            bound = least if int(written) < least else most
            advice = f"write {bound}" if most - least < _FEW or bound == 0 else None
        elif found := re.fullmatch(r"([0-9]{1,6})[.,][0-9]{1,6}", written):
            advice = f"write {min(max(int(found[1]), least), most)}"
        message = f"{quote(written)} is no whole number from {least} to {most}"
        raise wrong(message, suggestion=advice)

    return read


_WEIGHT_WORDS: Final = {"high": "2", "low": "0.5", "normal": "1", "double": "2", "half": "0.5"}


def _weight(value: object) -> float:
    written = plain_word(value)
    is_number = re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,6})?", written)
    if is_number and 0 < float(written) <= 10:  # noqa: PLR2004
        return float(written)
    raise wrong(
        f"{quote(written)} is no weight above 0 and up to 10", suggestion=_weight_meant(written)
    )


def _weight_meant(written: str) -> str:
    if re.fullmatch(r"-[0-9.]{1,20}|0(\.0{0,20})?", written):
        return "remove the topic, or put its query below mute"
    if re.fullmatch(r"[0-9]{1,2},[0-9]{1,6}", written):
        return f"write {written.replace(',', '.')}"
    if re.fullmatch(r"[0-9]{2,30}(\.[0-9]{0,20})?|[0-9]{1,20}e\+?[0-9]{1,20}", written.casefold()):
        return "write 10, the most there is"
    return f"write {_WEIGHT_WORDS.get(written.casefold(), '2')}; 1 is usual, more counts more"


def one_of(
    choices: type[_Choice], meant: Mapping[str, str] = _NOTHING
) -> Callable[[object], _Choice]:
    """Read one of the values of an enum; `meant` is as for `one_word`."""
    read_word = one_word(*choices, meant=meant)

    def read(value: object) -> _Choice:
        return choices(read_word(value))

    return read


def one_word(*words: str, meant: Mapping[str, str] = _NOTHING) -> Callable[[object], str]:
    """Read one of `words`. `meant` has other words that people write, and the right ones for them."""
    choices = " | ".join(words)

    def read(value: object) -> str:
        written = plain_word(value)
        if written in words:
            return str(written)
        near = meant.get(written.casefold()) or nearest(written, words)
        advice = f'did you mean "{near}"?' if near else None
        if "|" in written:
            advice = "write one of them alone"
        raise wrong(f"{quote(written)} is none of {choices}", suggestion=advice)

    return read


_YES: Final = frozenset({"true", "yes", "on"})
_NO: Final = frozenset({"false", "no", "off"})


def _yes_or_no(value: object) -> bool:
    written = plain_word(value).lower()
    if written not in _YES | _NO:
        raise wrong(f"{quote(written)} is neither true nor false", suggestion="write true or false")
    return written in _YES


_BENT_ALL: Final = re.compile(
    rf"[{BENT_SINGLE}](.*)[{BENT_SINGLE}]"
    rf"|[{BENT_QUOTES}]([A-Za-z]+:.*|.* (?:AND|OR|NOT) .*)[{BENT_QUOTES}\"]"
)
_SIGNS_FOR_WORDS: Final = {"&": "AND", "|": "OR", "!": "NOT"}
_SHOWN_OF_QUERY: Final = 24


@lru_cache(maxsize=4096)
def _check_query(written: str) -> None:
    """Many people follow the same topics: a query that was read once is good for all."""
    text(MAXIMUM_LENGTH)(written)
    if found := _BENT_ALL.fullmatch(written.strip()):
        inside = found[1] or found[2] or ""
        advice = f"write '{shown(inside)}'"
        raise wrong(
            message="bent quotes of a word processor do not hold a query", suggestion=advice
        )
    try:
        parse(written)
    except QueryError as error:
        raise _query_slip(written, error) from error


def _query_slip(written: str, error: QueryError) -> Exception:
    message, _, advice = str(error).partition("; ")
    position = min(error.position, len(written))
    here = written[position : position + _SHOWN_OF_QUERY].strip()
    rest = "…" if position + _SHOWN_OF_QUERY < len(written) else ""
    before = written[:position].rstrip()[-_SHOWN_OF_QUERY:]
    place = f"at {_in_marks(here + rest)}" if here else f"behind {_in_marks(before)}"
    if word := _SIGNS_FOR_WORDS.get(here[:1]):
        advice = f"write {word}"
    told = printable(f"{message} ({place})")
    return wrong(told, suggestion=printable(advice) or None, position=error.position)


def _in_marks(text: str) -> str:
    return f"'{shown(text)}'" if '"' in text else quote(text)


def query_text(value: object) -> str:
    """Read a query of the topic language. Line ends become blanks one for one, so places stay."""
    written = re.sub(r"[\t\n]", " ", plain_text(value)).rstrip()
    _check_query(written)
    return written


Name = Annotated[str, PlainValidator(text(100))]
Paragraph = Annotated[str, PlainValidator(paragraphs(4_000))]
YesNo = Annotated[bool, PlainValidator(_yes_or_no)]
ClockTime = Annotated[time, PlainValidator(clock_time)]
Day = Annotated[date, PlainValidator(calendar_day)]
TimeZone = Annotated[str, PlainValidator(time_zone)]
Weight = Annotated[float, PlainValidator(_weight)]
Address = Annotated[EmailAddress, PlainValidator(address)]
QueryText = Annotated[str, PlainValidator(query_text)]

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
