"""The octets of one message off the wire, bounded whatever the peer does."""

import asyncio
from typing import Final

_END: Final = b".\r\n"
_PATIENCE: Final = 20
"""So many times the limit is read to its end, to say 552; who sends more is cut off."""


class TooLongError(Exception):
    """The peer does not stop; the connection can only be ended."""


async def read_body(reader: asyncio.StreamReader, limit_bytes: int) -> bytes | None:
    """Read to the lone dot (RFC 5321 section 4.1.1.4) and undo the stuffing of dots.

    A line ends with CR LF only: a bare LF stays what it is, so that nobody can hide a second
    message in one (section 2.3.8). Returns None when the message is over the limit; what is over
    is read and dropped. Raises TooLongError when that does not end.
    """
    kept = bytearray()
    seen = 0
    is_line_begin = True
    while True:
        line, is_whole = await _read_some(reader)
        if is_line_begin and is_whole and line == _END:
            return bytes(kept) if len(kept) <= limit_bytes else None
        seen += len(line)
        if seen > limit_bytes * _PATIENCE:
            raise TooLongError
        if len(kept) <= limit_bytes:
            kept += line[1:] if is_line_begin and line.startswith(b".") else line
        is_line_begin = is_whole


async def _read_some(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """Return a line, or the beginning of one that is too long for the buffer, and which it is."""
    try:
        return await reader.readuntil(b"\r\n"), True
    except asyncio.LimitOverrunError as error:
        # At least one octet, never the CR of an end that has not come in yet.
        return await reader.readexactly(max(1, error.consumed)), False
