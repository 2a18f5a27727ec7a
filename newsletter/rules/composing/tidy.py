"""How is a text from outside made fit to be shown?"""

import unicodedata
from collections.abc import Sequence
from typing import Final

# Embeddings, overrides and isolates reorder what stands beside them; a BOM shows as nothing or a box.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_ELLIPSIS: Final = "…"
# A word is given up whole unless that would cost more than this share of the room.
_WORD_SHARE: Final = 0.6


def tidy(text: str) -> str:
    """Return `text` on one line, without control characters, lone surrogates or bidi overrides.

    Joiners and direction marks stay: Persian, the languages of India and emoji need them.
    """
    if _is_plain(text):
        return text.strip(" ")
    line = _one_line(text)
    if line.isprintable():  # nearly always, and then nothing has to be looked at one by one
        return line
    kept = (
        character
        for character in line
        if unicodedata.category(character) not in {"Cc", "Cs"} and character not in _REORDERING
    )
    return _one_line("".join(kept))


def tidy_header(text: str) -> str:
    """Return `text` fit for a header: as `tidy`, and nothing invisible is left at all.

    Unicode category Cf holds every bidi control, zero-width character and tag character.
    """
    line = _one_line(text)
    if line.isascii() and line.isprintable():
        return line
    kept = (
        character for character in line if unicodedata.category(character) not in {"Cc", "Cs", "Cf"}
    )
    return _one_line("".join(kept))


def shorten(text: str, limit: int) -> str:
    """Return `text`, cut to at most `limit` characters, at a word's end where there is one near.

    What was cut is shown by an ellipsis, which counts. `limit` is at least 2.
    """
    if len(text) <= limit:
        return text
    room = text[: limit - 1]
    if not text[limit - 1].isspace():
        whole, _, _ = room.rpartition(" ")
        room = whole if len(whole) >= limit * _WORD_SHARE else room
    return room.rstrip(" ,;:.-–—") + _ELLIPSIS  # noqa: RUF001 - the en dash is meant


def join_words(words: Sequence[str]) -> str:
    """Write a list as English does: `a`, `a and b`, `a, b and c`."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _is_plain(text: str) -> bool:
    """Whether `text` is ASCII words with single blanks between."""
    return text.isascii() and text.isprintable() and "  " not in text


def _one_line(text: str) -> str:
    return " ".join(text.split())
