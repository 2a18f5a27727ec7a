"""Chance that is the same every time: drawn from the words of a key."""

from hashlib import sha256
from typing import Final

_BYTES: Final = 6


def pick(key: str, below: int) -> int:
    """Return a number from 0 to `below` - 1 that belongs to `key`."""
    return int.from_bytes(sha256(key.encode()).digest()[:_BYTES], "big") % below


def fraction(key: str) -> float:
    """Return a number from 0 up to 1 that belongs to `key`."""
    return pick(key, 1_000_003) / 1_000_003


def hex_of(key: str, length: int = 24) -> str:
    """Return the hexadecimal digits that belong to `key`, at most 64, as services make ids of."""
    return sha256(key.encode()).hexdigest()[:length]
