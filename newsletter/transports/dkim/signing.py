"""DKIM-Signature fields (RFC 6376 section 3.5), relaxed/relaxed, one for each key."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

from newsletter.errors import ConfigError, MessageError
from newsletter.transports.dkim.canonicalization import CRLF, canonical_body, canonical_fields
from newsletter.transports.dkim.keys import DkimKey, KeyKind
from newsletter.transports.dkim.records import record_name

MAX_LINE: Final = 76

OVERSIGNED: Final = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type",
    b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip
"""Named once more in h= than they occur, so that the signature breaks when one is added (RFC 6376 5.4.2
and 8.15), also where there is none: nobody can add a place for answers or an address that mail
programs would POST to."""

SIGNED: Final = (
    b"list-id", b"list-help", b"list-owner", b"feedback-id", b"auto-submitted", b"sender", b"cc",
    b"in-reply-to", b"references", b"content-transfer-encoding",
)  # fmt: skip
"""Named as often as they occur: what relays and mailing lists rightly add breaks nothing."""

_ORDER: Final = tuple(KeyKind)
"""RSA, which everybody can verify, stands first."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with all `keys`; with none it leaves a message as it is.

    Two keys under one name in the DNS are a ConfigError: the record can hold but one.
    """

    keys: tuple[DkimKey, ...]

    def __post_init__(self) -> None:
        """Raise ConfigError when two keys share a name."""
        names = [record_name(key).lower() for key in self.keys]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"dkim: two keys share the name {name}; give each a selector")

    def sign(self, message: bytes, *, at: datetime) -> bytes:
        """Return `message` with one DKIM-Signature before it for each key.

        `at` is aware, the Date that was planned for the message, to the second: the same message
        and moment give the same octets. Lines end in CRLF. Raises MessageError for a message
        without exactly one From (RFC 6376 5.4 and 8.15) and for a moment without a time zone.
        """
        if not self.keys:
            return message
        headers, _, body = message.partition(b"\r\n\r\n")
        return self.sign_parts(headers, body, at=at) + message

    def sign_parts(self, headers: bytes, body: bytes, *, at: datetime) -> bytes:
        """Return the fields to put before `headers`, each ended by CRLF; else as `sign` does.

        `headers` and `body` are what stands before and after the empty line.
        """
        if not self.keys:
            return b""
        fields = canonical_fields(headers)
        if len(fields.get(b"from", ())) != 1:
            message = "From: a message that is signed has exactly one"
            raise MessageError(message)
        names = _names(fields)
        covered = b"".join(line for name in dict.fromkeys(names) for line in fields.get(name, ()))
        body_hash = b64encode(sha256(canonical_body(body)).digest())
        tags = b" t=%d; bh=%b;\r\n%b\r\n b=" % (_seconds(at), body_hash, _names_tag(names))
        keys = (key for kind in _ORDER for key in self.keys if key.kind is kind)
        return b"".join(_signature(key, tags, covered) for key in keys)


def _names(fields: Mapping[bytes, list[bytes]]) -> tuple[bytes, ...]:
    """Return the names for h=; all of one name stand together, so their fields do too."""
    return (
        *(name for name in OVERSIGNED for _ in range(len(fields.get(name, ())) + 1)),
        *(name for name in SIGNED for _ in fields.get(name, ())),
    )


@lru_cache(maxsize=32)  # letters of a newsletter have the same few sets of fields
def _names_tag(names: tuple[bytes, ...]) -> bytes:
    lines = [b" h="]
    for name in names:
        if len(lines[-1]) + len(name) + 1 > MAX_LINE:
            lines.append(b" ")
        lines[-1] += name + b":"
    return CRLF.join(lines).removesuffix(b":") + b";"


def _signature(key: DkimKey, tags: bytes, covered: bytes) -> bytes:
    """Return one field. Its own b= is empty while it is signed (RFC 6376 3.7), hence stands last."""
    place = f" d={key.domain}; s={key.selector};"
    fold = "\r\n" if len(place) > MAX_LINE else ""
    start = f"v=1; a={key.kind}-sha256; c=relaxed/relaxed;\r\n d={key.domain};{fold} s={key.selector};\r\n"
    value = start.encode("ascii") + tags
    # Every fold is CRLF and one blank, after a character that is none: relaxed, it is the blank.
    own = b"dkim-signature:" + value.replace(CRLF, b"")
    signature = key.sign_digest(sha256(covered + own).digest())
    return b"DKIM-Signature: %b%b\r\n" % (value, CRLF.join(_base64_lines(signature)))


def _base64_lines(octets: bytes) -> Iterator[bytes]:
    """Yield lines that go on after ` b=`: the first is shorter, all others begin with a blank."""
    text = b64encode(octets)
    first = MAX_LINE - len(" b=")
    yield text[:first]
    width = MAX_LINE - len(" ")
    for start in range(first, len(text), width):
        yield b" " + text[start : start + width]


def _seconds(at: datetime) -> int:
    if at.tzinfo is None:
        message = f"DKIM-Signature: {at.isoformat()} names no time zone"
        raise MessageError(message)
    return int(at.timestamp())
