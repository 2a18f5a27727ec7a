"""Encoded words in header values (RFC 2047), decoded within bounds, and control characters taken out."""

import binascii
import re
from typing import Final

from newsletter.rules.inbound.charsets import decode, from_base64

_WORD: Final = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TEXT_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    """Return `text` with a space for each control character and each sign that ends a line."""
    return _CONTROL.sub(" ", text)


def tidy_text(text: str) -> str:
    r"""Return a body with `\n` at its line ends; of the control characters only tabs are left."""
    return _TEXT_CONTROL.sub("", _LINE_ENDS.sub("\n", text))


def decode_words(text: str) -> str:
    """Return `text` with its encoded words decoded; one that is broken stays as it is.

    White space between two of them is dropped (RFC 2047 section 6.2), and neighbours in one
    charset are joined before they are decoded: many programs cut in the middle of a character.
    """
    pieces: list[str] = []
    charset, data = "", bytearray()
    end = 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        is_neighbour = bool(charset) and not between.strip()
        if not is_neighbour or charset != word[1].lower():
            pieces += [decode(bytes(data), charset), "" if is_neighbour else between]
            charset, data = word[1].lower(), bytearray()
        data += _data(word[2], word[3])
        end = word.end()
    return without_controls("".join((*pieces, decode(bytes(data), charset), text[end:])))


def _data(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return from_base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)
