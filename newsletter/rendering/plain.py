"""Lays out plain text in columns."""

import re
import unicodedata
from typing import Final

LINE_COLUMNS: Final = 72
_WIDE: Final = 2
_BREAKS: Final = str.maketrans("\t\r\n", "   ")
# ASCII, Latin and the punctuation of English: one column each, and a blank is the only break.
LONGEST_PIECE_OCTETS: Final = 900
"""Of a word without blanks. RFC 5322 2.1.1 allows a line 998 octets; a relay may undo our folding."""
_NARROW: Final = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")
# What a line of Chinese or Japanese may not begin with (after JIS X 4051), nor end with.
_NO_START: Final = frozenset(
    "、。，．・：；！？）］｝〕〉》」』】〗ーゝゞ々〜ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"  # noqa: RUF001
    "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # the skin of the emoji before
)
_NO_END: Final = frozenset("（［｛〔〈《「『【〖")  # noqa: RUF001 - full-width brackets are meant


def columns(text: str) -> int:
    """Count the columns that `text` takes in a terminal: wide characters two, marks none.

    Wide is what Unicode Standard Annex 11 calls W or F.
    """
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(_width(character) for character in text)


def wrap(text: str, indent: int = 0, first: str = "", width: int = LINE_COLUMNS) -> str:
    """Wrap `text` at its blanks to lines of `width` columns, each indented by `indent` blanks.

    `first` stands before the first line, within its indent where it fits. Words joined by a no-break
    space stay together, and no word is broken: an address longer than a line can be followed. But
    wide characters that follow each other (Chinese, emoji) are where a word longer than a line is
    broken, and any word is where it has more than 900 octets.
    """
    begun = first.ljust(indent)
    is_narrow = (text.isascii() and text.isprintable()) or _NARROW.fullmatch(text)
    is_short = len(text) * 3 <= LONGEST_PIECE_OCTETS  # a narrow character has three octets at most
    if is_narrow and "  " not in text and (is_short or not _has_endless_word(text)):
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
        if not is_fresh and (needed + 1 > room or _is_endless(line, word)):
            lines.append(line)
            line, room, is_fresh = margin, width - len(margin), True
        *pieces, word_end = (
            _pieces(word, needed, room, width - len(margin)) if is_fresh else (word,)
        )
        for piece in pieces:
            lines.append(line + piece)
            line, room = margin, width - len(margin)
        needed = columns(word_end) if pieces else needed
        line = line + word_end if is_fresh else f"{line} {word_end}"
        room -= needed if is_fresh else needed + 1
        is_fresh = False
    return "\n".join([*lines, line]).rstrip()


def _has_endless_word(text: str) -> bool:
    return any(len(word.encode()) > LONGEST_PIECE_OCTETS for word in text.split())


def _is_endless(line: str, word: str) -> bool:
    """Whether both together have too many octets: marks upon letters take no column."""
    is_short = (len(line) + len(word)) * 4 <= LONGEST_PIECE_OCTETS
    return not is_short and len(line.encode()) + len(word.encode()) > LONGEST_PIECE_OCTETS


def _pieces(word: str, needed: int, first_room: int, room: int) -> list[str]:
    """Cut a `word` of `needed` columns that begins a line, where it is too long, and may be cut."""
    if needed <= first_room and not _is_endless("", word):
        return [word]
    pieces: list[str] = []
    start = used = octets = 0
    limit = first_room
    for place, character in enumerate(word):
        width, size = _width(character), len(character.encode())
        is_full = used + width > limit and place > start and _is_gap(word[place - 1], character)
        if is_full or octets + size > LONGEST_PIECE_OCTETS:
            pieces.append(word[start:place])
            start, used, octets, limit = place, 0, 0, room
        used += width
        octets += size
    return [*pieces, word[start:]]


def _is_gap(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no blank parts.

    A closing mark hangs over the edge rather than begin a line.
    """
    is_between_wide = _width(before) == _width(after) == _WIDE
    return is_between_wide and before not in _NO_END and after not in _NO_START


def rule(character: str = "-", width: int = LINE_COLUMNS) -> str:
    """Return a line across the page."""
    return character * width


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in {"W", "F"} else 1
