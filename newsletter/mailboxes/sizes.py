"""How much of a message is taken, and how its end is read from a pipe."""

from typing import BinaryIO, Final

MAX_MESSAGE_BYTES: Final = 1_000_000
"""RFC 5321 section 4.5.3.1.7 asks for 64 kB at least; a command with a whole quoted letter has 200."""

MAX_HEADER_BYTES: Final = 65_536
"""What is kept of a message that is too big: its beginning, for a person to look at."""

_CHUNK: Final = 65_536


def read_piped(stream: BinaryIO, limit_bytes: int = MAX_MESSAGE_BYTES) -> bytes | None:
    """Read one message to the end of `stream`, as an MTA pipes it into us.

    Returns None when it is over the limit; then the rest is read too and dropped, because an MTA
    takes a pipe that breaks for trouble of its own. Raises OSError as the stream does.
    """
    message = stream.read(limit_bytes + 1)
    if len(message) <= limit_bytes:
        return message
    while stream.read(_CHUNK):
        pass
    return None
