"""What is a word? One answer for queries, entries and names, so that they meet.

A text is read like this:

1. NFKC, and TeX taken out (`rules.query.tex`). What shows nothing and ends no word goes too: soft
   hyphens, joiners, zero-width spaces.
2. Case, accents and other optional marks are folded: `Müller` and `MULLER` are `muller`. Marks
   that make another letter (Indic vowel signs, Japanese voicing) stay.
3. A word is a longest run of letters, digits and their marks. Everything else ends it: `GPT-4` is
   `gpt 4`, `it's` is `it s`, `cs.LG` is `cs lg`, `T-PPO` is `t ppo`.
4. One letter keeps a `++` or `#` behind it: `C++`, `C#` and `C` are three words.
5. Scripts that write no space between words (Han, Kana, Hangul with its particles, Thai, Lao,
   Khmer, Burmese) give one word for each character, so that `学习` is found inside `强化学习`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from newsletter.rules.query.tex import without_tex

_UNSPACED: Final = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ec0-\u0ec6\u1000-\u102a"
    "\u1780-\u17b3\u3005\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
)
_MARK: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a51"
    "\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0bbe-\u0bcd\u0c00-\u0c04"
    "\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0df3"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
    "\u3099\u309a\ufe20-\ufe2f"
)
_LETTER: Final = rf"(?:(?![{_UNSPACED}])[^\W_])"
_WORD: Final = re.compile(
    rf"(?<![^\W_])[^\W\d_](?:\+\+|\#)(?![^\W\d_])"
    rf"|[{_UNSPACED}][{_MARK}]*"
    rf"|{_LETTER}(?:{_LETTER}|[{_MARK}])*"
)
_PLAIN_WORD: Final = re.compile(r"(?<![a-z0-9])[a-z](?:\+\+|#)(?![a-z])|[a-z0-9]+")
"""The same for ASCII, several times as fast."""

_ONLY_UNSPACED: Final = re.compile(rf"[{_UNSPACED}][{_MARK}]*")

_INVISIBLE: Final = dict.fromkeys(
    (0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)
)
"""Soft hyphen, joiners and marks of direction: they stand within words and are no part of them."""

_UNDECOMPOSED: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "\u0131": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
    }
)
"""Letters that people leave without their stroke and that Unicode does not take apart."""

_OPTIONAL_MARKS: Final = (range(10, 36), range(200, 256))
"""Canonical combining classes: Hebrew and Arabic points; marks above, below and beside a letter."""


class PlacedWord(NamedTuple):
    """A folded word and the place [start, end) it has in the readable text."""

    word: str
    start: int
    end: int


def readable(text: str) -> str:
    """Return `text` as its words are read from it and shown: NFKC, without TeX."""
    return without_tex(unicodedata.normalize("NFKC", text).translate(_INVISIBLE))


def fold(text: str) -> str:
    """Return `text` without case, accents and other optional marks."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def words(text: str) -> list[str]:
    """Return the folded words of `text`, in order."""
    if text.isascii():
        return _PLAIN_WORD.findall(without_tex(text).lower())
    return _WORD.findall(fold(readable(text)))


def placed_words(plain: str) -> Iterator[PlacedWord]:
    """Yield the words of a text that `readable` made, with their places in it, in order."""
    if plain.isascii():
        for found in _PLAIN_WORD.finditer(plain.lower()):
            yield PlacedWord(found[0], found.start(), found.end())
        return
    folded = [_fold_character(character) for character in plain]
    origins = [place for place, characters in enumerate(folded) for _ in characters]
    for found in _WORD.finditer("".join(folded)):
        yield PlacedWord(found[0], origins[found.start()], origins[found.end() - 1] + 1)


def is_unspaced(word: str) -> bool:
    """Whether a folded word is one character of a script that writes no spaces."""
    return _ONLY_UNSPACED.fullmatch(word) is not None


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character.casefold())
    kept = "".join(part for part in apart if not _is_optional(part))
    return unicodedata.normalize("NFC", kept.translate(_UNDECOMPOSED))


def _is_optional(mark: str) -> bool:
    combining = unicodedata.combining(mark)
    return any(combining in classes for classes in _OPTIONAL_MARKS)
