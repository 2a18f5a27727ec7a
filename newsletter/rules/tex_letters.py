"""Letters that TeX writes with a command: accents by their sign, and letters that have a name."""

from collections.abc import Mapping
from typing import Final

ACCENTS: Final[Mapping[str, str]] = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "k": "\u0328",
    "r": "\u030a",
}
"""The combining character of each accent command."""

NAMED_LETTERS: Final[Mapping[str, str]] = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "aa": "å",
    "AA": "Å",
    "i": "\N{LATIN SMALL LETTER DOTLESS I}",
    "j": "ȷ",
    "dh": "ð",
    "th": "þ",
}
"""Letters that exist in prose only."""
