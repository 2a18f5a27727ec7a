"""Header fields as octets on the wire: cleaned, encoded (RFC 2047) and folded (RFC 5322 2.2.3)."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Final
from unicodedata import category

from newsletter.errors import MessageError

MAX_LINE: Final = 76
"""RFC 2047 section 2 for lines with an encoded word; kept for all that can be folded."""
MAX_ENCODED_WORD: Final = 75
_LONGEST_RAW: Final = 60
"""A longer word, or a longer quoted name, is encoded: then it can be folded."""
_LONGEST_URI: Final = 900
_FOLD: Final = "\r\n "
_WRAPPING: Final = len("=?utf-8?q??=")

_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+")
_URI: Final = re.compile(rf"[!-;=?-~]{{1,{_LONGEST_URI}}}")
_Q_SAFE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/ ")
_REMOVED: Final = frozenset({"Cc", "Cf", "Cs"})
"""Controls, formats (bidi overrides, zero-width characters), halves of surrogate pairs."""
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2065\u3164\uffa0")


def clean_line(text: str) -> str:
    """Return `text` as one visible line: no control, bidi or zero-width character, single blanks."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(_visible(letter) for letter in text)
    return " ".join(text.split())


def text_field(name: str, text: str) -> str:
    """Return a field of free text (RFC 5322 2.2.1) that was cleaned, e.g. the subject."""
    start = f"{name}: "
    words = text.split(" ")
    if not _is_plain(text) or max(map(len, words)) > _LONGEST_RAW:
        return start + _encoded(text, len(start)) + "\r\n"
    lines = [start + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > MAX_LINE:
            lines.append(" " + word)
        else:
            lines[-1] += " " + word
    return "\r\n".join(lines) + "\r\n"


def named_field(name: str, phrase: str, target: str) -> str:
    """Return a field like `From: Paper Round <news@example.org>`; `target` stands in the brackets."""
    start = f"{name}: "
    bracketed = f"<{target}>"
    if not phrase:
        return f"{start}{bracketed}\r\n"
    line = start + _phrase(phrase, len(start))
    is_short = len(line.rpartition("\r\n")[2]) + 1 + len(bracketed) <= MAX_LINE
    return line + (" " if is_short else _FOLD) + bracketed + "\r\n"


def uri_field(name: str, *uris: str) -> str:
    """Return a field of URIs in angle brackets (RFC 2369 section 2), folded between them only.

    Raises MessageError for what is no URI in printable ASCII: one that was encoded or broken would
    be of no use to the program that follows it.
    """
    for uri in uris:
        if _URI.fullmatch(uri) is None:
            message = f"{name}: {uri[:_LONGEST_RAW]!r} is no URI that can stand in a header"
            raise MessageError(message)
    return f"{name}: " + f",{_FOLD}".join(f"<{uri}>" for uri in uris) + "\r\n"


def _visible(letter: str) -> str:
    if letter.isspace():
        return " "
    return "" if category(letter) in _REMOVED or letter in _BLANK_LETTERS else letter


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text


def _phrase(text: str, column: int) -> str:
    """Return `text` as a phrase (RFC 5322 3.2.5): atoms, a quoted string, or encoded words."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if not _is_plain(text) or len(escaped) > _LONGEST_RAW or "<" in text or ">" in text:
        return _encoded(text, column)
    return text if _ATOMS.fullmatch(text) else f'"{escaped}"'


def _encoded(text: str, column: int) -> str:
    """Return `text` as folded encoded words, the first of which starts in `column`.

    The blanks between two of them are no part of the text, so all of it is encoded; no character
    is split over two (RFC 2047 section 5).
    """
    first = min(MAX_ENCODED_WORD, MAX_LINE - column) - _WRAPPING
    other = MAX_ENCODED_WORD - _WRAPPING
    if sum(map(_q_width, text)) <= len(text.encode()) * 4 / 3:
        chunks = _chunks(text, _q_width, first, other)
        return _FOLD.join(f"=?utf-8?q?{_q_encoded(chunk)}?=" for chunk in chunks)
    # Four characters carry three octets.
    chunks = _chunks(text, _octets, first // 4 * 3, other // 4 * 3)
    return _FOLD.join(f"=?utf-8?b?{b64encode(chunk.encode()).decode()}?=" for chunk in chunks)


def _chunks(text: str, width: Callable[[str], int], first: int, other: int) -> Iterator[str]:
    start = used = 0
    room = first
    for place, letter in enumerate(text):
        if used + width(letter) > room:
            yield text[start:place]
            start, used, room = place, 0, other
        used += width(letter)
    yield text[start:]


def _octets(letter: str) -> int:
    return len(letter.encode())


def _q_width(letter: str) -> int:
    return 1 if letter in _Q_SAFE else 3 * _octets(letter)


def _q_encoded(text: str) -> str:
    return "".join(_q_letter(letter) for letter in text).replace(" ", "_")


def _q_letter(letter: str) -> str:
    return letter if letter in _Q_SAFE else "=" + letter.encode().hex("=").upper()
