"""Lays out plain text in columns."""

import unicodedata
from typing import Final

LINE_COLUMNS: Final = 72
_BREAKS: Final = str.maketrans("\t\r\n", "   ")


def columns(text: str) -> int:
    """Count the columns that `text` takes in a terminal: wide characters two, marks none.

    Wide is what Unicode Standard Annex 11 calls W or F.
    """
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def wrap(text: str, indent: int = 0, first: str = "", width: int = LINE_COLUMNS) -> str:
    """Wrap `text` at its blanks to lines of `width` columns, each indented by `indent` blanks.

    `first` stands before the first line, within its indent where it fits. No word is broken, and
    words joined by a no-break space stay together: an address longer than a line can be followed.
    """
    margin = " " * indent
    lines: list[str] = []
    line = first.ljust(indent)
    room = width - columns(line)
    is_fresh = True
    for word in filter(None, text.translate(_BREAKS).split(" ")):
        needed = columns(word)
        if not is_fresh and needed + 1 > room:
            lines.append(line)
            line, room, is_fresh = margin, width - indent, True
        line = line + word if is_fresh else f"{line} {word}"
        room -= needed if is_fresh else needed + 1
        is_fresh = False
    return "\n".join([*lines, line]).rstrip()


def rule(character: str = "-", width: int = LINE_COLUMNS) -> str:
    """Return a line across the page."""
    return character * width


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
