"""Cards that are the same in all letters but for the token that each letter puts into its links.

To encode ten links anew for every letter would take as long as much of the rest. But the encoding of a
token of letters, digits and hyphens does not depend on which they are: they stand for themselves, and lines
are folded at the same places. So a card is filled in twice, with two tokens that have no letter in common:
where the two differ, the token of a letter comes in.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from newsletter.rendering.stencils import UnfitError

STAND_INS: Final = ("a", "b")
"""What two tokens consist of that differ in every place."""
_KEPT_LINES: Final = 512

_Part = bytes | slice
"""What stands there, or which part of a token comes in."""


class Card:
    """One card, encoded, with openings for the token of a letter."""

    __slots__ = ("_cuts", "_pieces")

    def __init__(self, one: Sequence[bytes], other: Sequence[bytes], token_length: int) -> None:
        """Take the pieces of a card with either token in it.

        Raises UnfitError where the encoding of the card depends on the token.
        """
        parts = [part for pair in zip(one, other, strict=True) for part in _parts(*pair)]
        self._pieces: list[bytes] = [b""]
        self._cuts: list[tuple[int, slice]] = []
        taken = 0
        for part in parts:
            if isinstance(part, bytes):
                self._pieces[-1] += part
            else:
                begin = taken % token_length
                taken += part.stop
                self._cuts.append((len(self._pieces), slice(begin, begin + part.stop)))
                self._pieces += [b"", b""]
        if taken and taken % token_length:
            message = "a token is not encoded as it stands"
            raise UnfitError(message)

    def fill(self, token: bytes) -> list[bytes]:
        """Return the pieces of the card with the token of one letter in them; not to be changed."""
        if not self._cuts:
            return self._pieces
        pieces = self._pieces.copy()
        for place, cut in self._cuts:
            pieces[place] = token[cut]
        return pieces


def _parts(one: bytes, other: bytes) -> Sequence[_Part]:
    return (one,) if one == other else _cut(one, other)


@lru_cache(maxsize=_KEPT_LINES)  # the link of an entry is that of all others with its number
def _cut(one: bytes, other: bytes) -> Sequence[_Part]:
    """Return what two encodings have in common, and the lengths of what they have not."""
    if len(one) != len(other):
        message = "a line is folded differently for another token"
        raise UnfitError(message)
    return tuple(_stretches(one, other))


def _stretches(one: bytes, other: bytes) -> Iterator[_Part]:
    begin, is_same = 0, True
    for place, (octet, its_twin) in enumerate(zip(one, other, strict=True)):
        if (octet == its_twin) != is_same:
            yield one[begin:place] if is_same else slice(place - begin)
            begin, is_same = place, not is_same
    yield one[begin:] if is_same else slice(len(one) - begin)
