"""From the bytes of a file to its text, which is UTF-8."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import Final, NamedTuple

_OTHER_MARKS: Final = (BOM_UTF32_LE, BOM_UTF32_BE, BOM_UTF16_LE, BOM_UTF16_BE)
_LOOKED_AT: Final = 200
_MOST_LINE: Final = 30


class Undecodable(NamedTuple):
    """Why bytes are no text of ours, with the line; 0 means all of the file."""

    message: str
    line: int


def decode(octets: bytes) -> str | Undecodable:
    """Return the text; the message names the line and what stands there in the likely encoding."""
    if _is_wide(octets[:_LOOKED_AT]):
        message = 'is not UTF-8 but UTF-16 ("Unicode" in some editors); save it as UTF-8'
        return Undecodable(message, 0)
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        return _explained(octets, error.start, error.reason)


def _is_wide(octets: bytes) -> bool:
    """Whether every character of a plain text takes two bytes or four."""
    return octets.startswith(_OTHER_MARKS) or octets.count(0) * 3 > len(octets)


def _explained(octets: bytes, place: int, reason: str) -> Undecodable:
    line = octets.count(b"\n", 0, place) + 1
    if reason == "unexpected end of data":
        return Undecodable("is not UTF-8: it ends within a character; save it again", line)
    begin = octets.rfind(b"\n", 0, place) + 1
    around = octets[max(begin, place - _MOST_LINE) : place + _MOST_LINE].split(b"\n")[0]
    # Windows-1252 is what editors write that know nothing of UTF-8; five bytes of it mean nothing.
    likely = around.decode("cp1252", "replace").strip()
    shown = "".join(sign for sign in likely if sign.isprintable())
    return Undecodable(f'is not UTF-8, at "{shown}"; save it as UTF-8', line)
