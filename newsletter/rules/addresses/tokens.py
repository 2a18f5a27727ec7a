"""Signed tokens that a letter carries: derived, never stored, so a million letters need no row.

A token is `EDITION` + `KEY` + `MAC` in base32 (RFC 4648, lower case, because some mail servers
fold local parts): 20 + 2 + 26 = 48 characters. With `unsubscribe+` before it, it fits into the 64
octets of a local part.
"""

import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Final

from newsletter.errors import ConfigError
from newsletter.model import EditionId

EDITION_LENGTH: Final = 20
_KEY_LENGTH: Final = 2
_MAC_LENGTH: Final = 26
"""130 bits."""
_SIGNED_BYTES: Final = 20
"""32 characters, more than any token carries."""
_LEAST_KEY_BYTES: Final = 16
_HASHED_BLOCK_BYTES: Final = 64
"""RFC 2104 section 2, for SHA-256."""

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
"""What 10 bits are in base32."""
_PAIR_BITS: Final = 10
_PAIR_MASK: Final = 2**_PAIR_BITS - 1
_SHIFTS: Final = tuple(reversed(range(0, 8 * _SIGNED_BYTES, _PAIR_BITS)))
_FIRST_HALF: Final = tuple(reversed(range(126, 256, _PAIR_BITS)))
"""Where the pairs of the first 130 bits of 256 stand, which are the first of what `sign` returns."""
_SECOND_HALF: Final = tuple(reversed(range(0, 130, _PAIR_BITS)))
"""The last 130 bits: 4 of them are among the first ones."""
_FINGERPRINT_BYTES: Final = 16
_LETTERS: Final = (_ALPHABET * 8).encode()
"""What the last 5 bits of each byte are in base32."""

_TOKEN: Final = re.compile(
    rf"(?P<edition>[a-z2-7]{{{EDITION_LENGTH}}})"
    rf"(?P<key>[a-z2-7]{{{_KEY_LENGTH}}})"
    rf"(?P<mac>[a-z2-7]{{{_MAC_LENGTH}}})"
)


class TokenPurpose(StrEnum):
    """What a token is good for; one made for a purpose is refused for every other."""

    UNSUBSCRIBE = "unsubscribe"
    BOUNCE = "bounce"
    VIEW = "view"
    """See the letter itself as a page."""
    FEED = "feed"
    """Read the entries of one subscriber's letters as a feed."""


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


def page_tokens(edition: EditionId, secrets: Secrets) -> tuple[str, str]:
    """Return the tokens of `edition` to UNSUBSCRIBE and to VIEW.

    Every letter carries both, and a signature takes as long as all else of its links. So they are the two
    halves of one: who knows one half knows nothing of the other (RFC 2104 section 5) but the 4 bits that
    they share, which leaves 126.
    """
    number = _page_signature(secrets.signing, edition)
    begin = f"{edition}{secrets.key_ids[0]}"
    return begin + _pairs(number, _FIRST_HALF), begin + _pairs(number, _SECOND_HALF)


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
    if purpose is TokenPurpose.VIEW:
        return _pairs(_page_signature(key, edition), _SECOND_HALF)
    return sign(key, purpose, edition)[:_MAC_LENGTH]


def _page_signature(key: bytes, edition: EditionId) -> int:
    signed = f"{TokenPurpose.UNSUBSCRIBE}\0{edition}".encode()
    return int.from_bytes(_keyed_hash(key).digest(signed), "big")


def _pairs(number: int, shifts: tuple[int, ...]) -> str:
    return "".join([_PAIRS[number >> shift & _PAIR_MASK] for shift in shifts])


def sign(key: bytes, *parts: str) -> str:
    """Return HMAC-SHA-256 (RFC 2104) over `parts`: its first 160 bits, in base32 of lower case.

    No part holds a NUL.
    """
    digest = _keyed_hash(key).digest("\0".join(parts).encode())
    # Every letter carries three: twice as fast as `b32encode`.
    return _pairs(int.from_bytes(digest[:_SIGNED_BYTES], "big"), _SHIFTS)


class _KeyedHash:
    """HMAC-SHA-256 (RFC 2104) that has read its key once: in half the time of `hmac.digest`."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        short = sha256(key).digest() if len(key) > _HASHED_BLOCK_BYTES else key
        block = short.ljust(_HASHED_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(octet ^ 0x36 for octet in block))
        self._outer = sha256(bytes(octet ^ 0x5C for octet in block))

    def digest(self, message: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


_keyed_hash = lru_cache(maxsize=16)(_KeyedHash)


class Fingerprints:
    """80 bits of SHA-256 over some parts and one more, in base32 of lower case: 16 characters.

    Five of each of the first 16 bytes: every letter has one, and this is some times as fast as `b32encode`.
    Parts of which all but the last are the same are read once. None of these holds a NUL.
    """

    __slots__ = ("_begun",)

    def __init__(self, *before: str) -> None:
        self._begun = sha256("".join(f"{part}\0" for part in before).encode())

    def of(self, last: str) -> str:
        """Return that of the parts with this one behind them."""
        whole = self._begun.copy()
        whole.update(last.encode())
        return whole.digest()[:_FINGERPRINT_BYTES].translate(_LETTERS).decode()


def write_pair(number: int) -> str:
    """Return the last 10 bits of a number, in base32 of lower case: two characters."""
    return _PAIRS[number & _PAIR_MASK]
