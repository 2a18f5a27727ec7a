"""Count and checksum of a table, of what a database holds, in the same words for each of them."""

import marshal
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from newsletter.storage.moving.streams import Row

_VALUES_ALONE: Final = 2
"""The version of Python's marshal in which equal values always are equal octets: no references."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a table has, and the SHA-256 of all of them in the order of their keys."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class TableMoved:
    """One table after a move: how many rows were copied now, and what the two databases hold."""

    name: str
    copied: int
    here: Tally
    there: Tally

    @property
    def is_equal(self) -> bool:
        """Say whether both hold the same."""
        return self.here == self.there


def tally(rows: Iterable[Row]) -> Tally:
    """Return count and checksum of rows that come in the order of their keys.

    A row is written with the kind and the length of each value: two that differ in anything are
    written differently.
    """
    digest, count = sha256(), 0
    for row in rows:
        digest.update(marshal.dumps(row, _VALUES_ALONE))
        count += 1
    return Tally(count, digest.hexdigest())
