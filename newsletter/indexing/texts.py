"""Words as an entry writes them."""

from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from newsletter.rules.query import placed_words, readable

_TEXTS_KEPT: Final = 4_096
"""Of how many texts it is kept where their words stand: 3 kB for an abstract."""


class _Places(NamedTuple):
    """A readable text, and where each of its words begins and ends."""

    plain: str
    begins: "array[int]"
    ends: "array[int]"


def as_written(texts: Iterable[str], start: int, count: int) -> str:
    """Return `count` words from the word at `start` on, as `texts` write them, on one line.

    Places count through all texts, with one for the gap behind each, as columns count them.
    """
    for text in texts:
        places = _places(text)
        size = len(places.begins)
        if start < size:
            last = min(start + count, size) - 1
            return " ".join(places.plain[places.begins[start] : places.ends[last]].split())
        start -= size + 1
    message = "a place behind the last word"
    raise IndexError(message)


@lru_cache(maxsize=_TEXTS_KEPT)  # an entry that is in many letters says its words for each reason
def _places(text: str) -> _Places:
    plain = readable(text)
    found = list(placed_words(plain))
    begins, ends = (one.start for one in found), (one.end for one in found)
    return _Places(plain, array("I", begins), array("I", ends))
