"""In which direction is a text read?"""

import unicodedata
from typing import Final, Literal

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})

Direction = Literal["ltr", "rtl"]


def direction(text: str) -> Direction:
    """Return the direction of the first strong character (Unicode Standard Annex 9, rules P2, P3).

    Without any it is left to right, as the words around it are.
    """
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _RIGHT_TO_LEFT:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def side(text: str) -> Literal["left", "right"]:
    """Return the side at which the lines of `text` begin."""
    return "right" if direction(text) == "rtl" else "left"
