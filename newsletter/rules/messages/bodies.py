"""The body of a part in quoted-printable (RFC 2045 section 6.7), fit for every way mail travels.

Own encoder, because the standard library's leaves a dot at the start of a line and writes lines of
78 octets where one ends in a blank.
"""

import re
from functools import lru_cache
from typing import Final

MAX_LINE: Final = 76
"""RFC 2045 6.7 (5), the soft line break counted."""

_TO_ESCAPE: Final = re.compile(rb"[^\t\x20-\x7e]+")
_HARMFUL_STARTS: Final = (".", "From ")
# As long as there is room, no part of an escape torn off, and nothing harmful at the next start.
_PIECE: Final = re.compile(rb".{1,%d}(?<!=)(?<!=.)(?!\.|From )" % (MAX_LINE - 1), re.DOTALL)
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")


def encode_body(text: str) -> bytes:
    """Return `text` encoded, with CRLF at the end of each line, the last one included.

    Every line is encoded by itself, so the encodings of texts of whole lines can be joined. CR,
    LF and CRLF each end a line; half a surrogate pair becomes U+FFFD; all else arrives unchanged.
    No line of the result starts with a dot (so nothing is left for dot-stuffing) or with `From `.
    """
    whole = _HALF_CHARACTER.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = whole.removesuffix("\n").split("\n") if whole else []
    return b"".join(map(encode_line, lines))


def encode_line(line: str) -> bytes:
    """Return one line, which holds no line end, as `encode_body` does, with CRLF at its end."""
    is_plain = line.isascii() and line.isprintable()
    if is_plain and line[-1:] != " " and not line.startswith(_HARMFUL_STARTS):
        return _folded(line.replace("=", "=3D").encode("ascii"))
    octets = line.encode().replace(b"=", b"=3D")
    return _folded(_guard_start(_guard_end(_TO_ESCAPE.sub(_escape, octets))))


def _folded(line: bytes) -> bytes:
    """Return `line` in the longest pieces that leave room for the soft break and start harmlessly."""
    if len(line) <= MAX_LINE:
        return line + b"\r\n"
    # Without two dots in a row, every place before a dot has one near it that is not.
    return b"=\r\n".join(_PIECE.findall(line.replace(b"..", b".=2E"))) + b"\r\n"


def _escape(found: re.Match[bytes]) -> bytes:
    return _escaped(found[0])


@lru_cache(maxsize=1_024)  # a dash, an ellipsis, an umlaut
def _escaped(octets: bytes) -> bytes:
    return b"=" + octets.hex("=").upper().encode("ascii")


def _guard_end(line: bytes) -> bytes:
    """Encode a blank at the end, which a relay may drop (RFC 2045 6.7 (3))."""
    return line[:-1] + b"=%02X" % line[-1] if line.endswith((b" ", b"\t")) else line


def _guard_start(line: bytes) -> bytes:
    """Encode a first dot (RFC 5321 4.5.2) and the F of `From `, which some mailboxes change."""
    return b"=%02X" % line[0] + line[1:] if line.startswith((b".", b"From ")) else line
