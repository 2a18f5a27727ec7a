"""The fields of a request, and those of an answer."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from newsletter.errors import FetchError
from newsletter.model import Ask, Validators
from newsletter.rules.fetching import Hop

Fields = Sequence[tuple[str, str]]
"""Names and values; the octets of a value are read and written as Latin-1, so that none is lost."""

_MOST_FIELDS: Final = 200
_VISIBLE: Final = r"[^\x00\t\n\x0b\x0c\r \u0100-\U0010ffff]+"
_SENDABLE: Final = re.compile(rf"{_VISIBLE}(?:[ \t]+{_VISIBLE})*")


def request_fields(
    ask: Ask, hop: Hop, *, user_agent: str, keep_open: bool
) -> list[tuple[str, str]]:
    """Return what is said with one request.

    A source's own headers, which may hold a key, go to the server that was asked first and to
    no other. They do not replace what is said here.
    """
    fields = [
        ("Host", hop.place.netloc),
        ("User-Agent", user_agent),
        ("Accept", ask.accept),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "keep-alive" if keep_open else "close"),
    ]
    if hop.is_post:
        fields += [
            ("Content-Type", ask.content_type),
            ("Content-Length", str(len(ask.body or b""))),
        ]
    else:
        fields += _conditions(ask.validators)
    said = {name.lower() for name, _ in fields}
    own = ask.headers if hop.is_trusted else ()
    return [*fields, *((name, value) for name, value in own if name.lower() not in said)]


def is_conditional(ask: Ask) -> bool:
    """Whether the server may answer that nothing has changed."""
    return ask.body is None and bool(_conditions(ask.validators))


def as_octets(fields: Fields) -> list[tuple[bytes, bytes]]:
    """Return the fields as they are sent; raises FetchError for a value that cannot be."""
    try:
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields]
    except UnicodeEncodeError:  # its text may be a key: it is not repeated
        message = "a header of the request holds more than Latin-1"
        raise FetchError(message) from None


def as_text(octets: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Return the fields of an answer; raises FetchError when they are very many."""
    fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in octets)
    if len(fields) > _MOST_FIELDS:
        raise FetchError(f"answers with {len(fields)} header fields; {_MOST_FIELDS} are read")
    return fields


def first(fields: Fields, name: str) -> str | None:
    """Return the first field of that name, given in lower case."""
    return next((value for key, value in fields if key.lower() == name), None)


def joined(fields: Fields, name: str) -> str | None:
    """Return all fields of that name as the one list they are (RFC 9110 section 5.3)."""
    return ", ".join(value for key, value in fields if key.lower() == name) or None


def _conditions(validators: Validators) -> list[tuple[str, str]]:
    """Return the validators byte for byte as they came; one that was spoiled in between is left out."""
    pairs = (
        ("If-None-Match", validators.etag),
        ("If-Modified-Since", validators.last_modified),
    )
    return [(name, value) for name, value in pairs if value and _SENDABLE.fullmatch(value)]
