"""How is a text from outside made fit to be shown?"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# Embeddings, overrides and isolates reorder what stands beside them, U+206A to U+206F did so once;
# a BOM shows as nothing or a box.
_REORDERING: Final = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2065\u3164\uffa0")
"""Letters by their category that show nothing: fillers of Korean syllables, and a place not taken."""
_CIRCLE: Final = "\u25cc"
"""Carries a mark that has no letter (The Unicode Standard, section 2.11)."""
_ELLIPSIS: Final = "…"
# Marks of European letters, of Hebrew, Arabic and Thai, of phonetics and signs: more of them upon one
# letter than any language has would cover the lines above and below.
_MARK: Final = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_STACK: Final = re.compile(f"({_MARK}{{6}}){_MARK}+")
# ASCII, Latin letters and punctuation: all can be seen, none is a mark, a blank alone parts words.
_PLAIN: Final = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*")
# A word is given up whole unless that would cost more than this share of the room.
_WORD_SHARE: Final = 0.6


def tidy(text: str) -> str:
    """Return `text` on one line, without control characters, lone surrogates or bidi overrides.

    Joiners and direction marks stay: Persian, the languages of India and emoji need them. Empty
    where nothing could be seen. A mark at the beginning gets a circle to stand on, else it would
    join what a template prints before: `>` with U+0338 is another character, and no end of a tag.
    Of marks upon one letter six stay.
    """
    if _is_plain(text):
        return text.strip(" ")
    line = _one_line(text)
    if not line.isprintable():  # seldom, and only then all has to be looked at one by one
        kept = (
            character
            for character in line
            if unicodedata.category(character) not in {"Cc", "Cs"} and character not in _REORDERING
        )
        line = _one_line("".join(kept))
    return _begun(_STACK.sub(r"\1", line)) if any(map(_is_visible, line)) else ""


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
    return room.rstrip(" ,;:.-–—\u200d") + _ELLIPSIS  # noqa: RUF001 - the en dash is meant


def join_words(words: Sequence[str]) -> str:
    """Write a list as English does: `a`, `a and b`, `a, b and c`."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _begun(line: str) -> str:
    return _CIRCLE + line if unicodedata.category(line[0]).startswith("M") else line


def _is_visible(character: str) -> bool:
    is_blank = character.isspace() or character in _BLANK_LETTERS
    return not is_blank and unicodedata.category(character) != "Cf"


def _is_plain(text: str) -> bool:
    """Whether `text` is words in Latin letters with single blanks between."""
    if "  " in text:
        return False
    return (text.isascii() and text.isprintable()) or _PLAIN.fullmatch(text) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())
