"""Signed tokens that a letter carries: derived, never stored, so a million letters need no row.

A token is `EDITION` + `KEY` + `MAC` in base32 (RFC 4648, lower case, because some mail servers
fold local parts): 20 + 2 + 26 = 48 characters. With `unsubscribe+` before it, it fits into the 64
octets of a local part.
"""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

from newsletter.errors import ConfigError
from newsletter.model import EditionId

EDITION_LENGTH: Final = 20
"""100 bits: two of four billion editions share an id with a chance of 1 in 10^11."""
_KEY_LENGTH: Final = 2
_MAC_LENGTH: Final = 26
"""130 bits."""
_SIGNED_BYTES: Final = 20
"""32 characters, more than any token carries."""
_LEAST_KEY_BYTES: Final = 16

_TOKEN: Final = re.compile(
    rf"(?P<edition>[a-z2-7]{{{EDITION_LENGTH}}})"
    rf"(?P<key>[a-z2-7]{{{_KEY_LENGTH}}})"
    rf"(?P<mac>[a-z2-7]{{{_MAC_LENGTH}}})"
)


class TokenPurpose(StrEnum):
    """What a token is good for; one made for a purpose is refused for every other."""

    UNSUBSCRIBE = "unsubscribe"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The instance's keys, newest first: the first signs, all verify. Never shown.

    Raises ConfigError when there is none, or one of less than 16 bytes.
    """

    keys: tuple[bytes, ...] = field(repr=False)
    key_ids: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """What a token names each key by: two characters, so that an old key is told from a new one."""

    def __post_init__(self) -> None:
        if not self.keys:
            message = "newsletter.secret: there is no key to sign with"
            raise ConfigError(message)
        if min(len(key) for key in self.keys) < _LEAST_KEY_BYTES:
            message = f"newsletter.secret: a key is shorter than {_LEAST_KEY_BYTES} bytes"
            raise ConfigError(message)
        key_ids = tuple(sign(key, "key")[:_KEY_LENGTH] for key in self.keys)
        object.__setattr__(self, "key_ids", key_ids)  # the way to fill in a frozen dataclass

    @property
    def signing(self) -> bytes:
        """The key that signs."""
        return self.keys[0]


def letter_token(purpose: TokenPurpose, edition: EditionId, secrets: Secrets) -> str:
    """Return the token of `edition` for `purpose`: the same one each time, until the key changes."""
    return f"{edition}{secrets.key_ids[0]}{_signature(secrets.signing, purpose, edition)}"


def read_letter_token(purpose: TokenPurpose, token: str, secrets: Secrets) -> EditionId | None:
    """Return the edition that `token` names, or None when it was not signed here for `purpose`.

    Upper case is accepted. Every key is tried, and each comparison takes the same time whatever
    the signature.
    """
    found = _TOKEN.fullmatch(token.lower()) if token.isascii() else None
    if found is None:
        return None
    edition = EditionId(found["edition"])
    signed = [
        hmac.compare_digest(found["key"], key_id)
        & hmac.compare_digest(found["mac"], _signature(key, purpose, edition))
        for key, key_id in zip(secrets.keys, secrets.key_ids, strict=True)
    ]
    return edition if any(signed) else None


def _signature(key: bytes, purpose: TokenPurpose, edition: EditionId) -> str:
    return sign(key, purpose, edition)[:_MAC_LENGTH]


def sign(key: bytes, *parts: str) -> str:
    """Return HMAC-SHA-256 (RFC 2104) over `parts`: its first 160 bits, in base32 of lower case.

    No part holds a NUL.
    """
    return in_base32(hmac.digest(key, "\0".join(parts).encode(), "sha256")[:_SIGNED_BYTES])


def fingerprint(*parts: str) -> str:
    """Return SHA-256 over `parts`, in base32 of lower case. No part but the last holds a NUL."""
    return in_base32(sha256("\0".join(parts).encode()).digest())


def in_base32(digest: bytes) -> str:
    """Return `digest` in base32 (RFC 4648 section 6), lower case, without padding."""
    return b32encode(digest).decode("ascii").rstrip("=").lower()
