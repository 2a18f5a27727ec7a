"""One line of a message, and the characters that mail programs put in place of others."""
# ruff: noqa: RUF001 - the look-alike characters are the point

import re
from dataclasses import dataclass
from typing import Final

MAX_LINES: Final = 2000
"""Lines that are read at all, quoted ones included."""

MAX_LINE: Final = 1000
"""Characters of a line that are read (RFC 5322 section 2.1.1 allows 998 octets)."""

_AS_MEANT: Final = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‘’‚‛′＇", "'"),
        **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\t" + "".join(map(chr, range(0x2000, 0x200B))), " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"),
        **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
        **dict.fromkeys("，、", ","),
    }
)  # fmt: skip
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PlainLine:
    """One line as text. `number` counts from 1, `depth` how deep it is quoted (0: not at all)."""

    number: int
    text: str
    depth: int = 0


def tidy(text: str) -> str:
    """Return `text` with plain quotation marks, and one plain space wherever there is any.

    What cannot be seen is dropped: zero-width characters and marks of direction.
    """
    return _SPACES.sub(" ", text.translate(_AS_MEANT)).strip()
