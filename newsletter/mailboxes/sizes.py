"""How much of a message is taken, and how its end is read from a pipe."""

from dataclasses import dataclass, field
from typing import BinaryIO, Final

MAX_MESSAGE_BYTES: Final = 1_000_000
"""RFC 5321 section 4.5.3.1.7 asks for 64 kB at least; a command with a whole quoted letter has 200."""

MAX_HEADER_BYTES: Final = 65_536
"""What is kept of a message that is too big: its beginning, for a person to look at."""

_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Piped:
    """What came through a pipe; where it is not whole, `octets` are its beginning."""

    octets: bytes = field(repr=False)
    is_whole: bool


def read_piped(stream: BinaryIO, limit_bytes: int = MAX_MESSAGE_BYTES) -> Piped:
    """Read one message to the end of `stream`, as an MTA pipes it into us.

    What is over the limit is read too and dropped, because an MTA takes a pipe that breaks for
    trouble of its own. Raises OSError as the stream does.
    """
    message = stream.read(limit_bytes + 1)
    if len(message) <= limit_bytes:
        return Piped(message, is_whole=True)
    while stream.read(_CHUNK):
        pass
    return Piped(message[:MAX_HEADER_BYTES], is_whole=False)
