"""Lays out plain text in columns."""

import re
import unicodedata
from typing import Final

LINE_COLUMNS: Final = 72
_BREAKS: Final = str.maketrans("\t\r\n", "   ")
# ASCII, Latin and the punctuation of English: one column each, and a blank is the only break.
_NARROW: Final = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")


def columns(text: str) -> int:
    """Count the columns that `text` takes in a terminal: wide characters two, marks none.

    Wide is what Unicode Standard Annex 11 calls W or F.
    """
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(_width(character) for character in text)


def wrap(text: str, indent: int = 0, first: str = "", width: int = LINE_COLUMNS) -> str:
    """Wrap `text` at its blanks to lines of `width` columns, each indented by `indent` blanks.

    `first` stands before the first line, within its indent where it fits. No word is broken, and
    words joined by a no-break space stay together: an address longer than a line can be followed.
    """
    begun = first.ljust(indent)
    is_narrow = (text.isascii() and text.isprintable()) or _NARROW.fullmatch(text)
    if is_narrow and "  " not in text:
        return _wrap_narrow(text.strip(" "), " " * indent, begun, width)
    return _wrap_words(text, " " * indent, begun, width)


def _wrap_narrow(text: str, margin: str, begun: str, width: int) -> str:
    """Wrap a text in which every character takes one column and blanks are single."""
    room = width - (len(begun) if begun.isascii() else columns(begun))
    if len(text) <= room:
        return (begun + text).rstrip()
    lines: list[str] = []
    while len(text) > room:
        end = text.rfind(" ", 0, max(room, 0) + 1)
        end = end if end >= 0 else text.find(" ")
        if end < 0:
            break
        lines.append(begun + text[:end])
        text = text[end + 1 :]
        begun, room = margin, width - len(margin)
    lines.append(begun + text)
    return "\n".join(lines).rstrip()


def _wrap_words(text: str, margin: str, begun: str, width: int) -> str:
    lines: list[str] = []
    line = begun
    room = width - columns(line)
    is_fresh = True
    for word in filter(None, text.translate(_BREAKS).split(" ")):
        needed = columns(word)
        if not is_fresh and needed + 1 > room:
            lines.append(line)
            line, room, is_fresh = margin, width - len(margin), True
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
