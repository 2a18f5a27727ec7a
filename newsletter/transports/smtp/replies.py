"""Reads what an SMTP server says, bounded, without doing any input itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from newsletter.errors import NewsletterError

MAX_LINE_BYTES: Final = 4096
"""RFC 5321 section 4.5.3.1.5 allows 512; some servers put much more into one line."""

MAX_LINES: Final = 100
MAX_TEXT_CHARACTERS: Final = 1000
_LINES_KEPT: Final = 256
"""A server says the same to each MAIL, RCPT and DATA: such a line is read once."""
CODE_DIGITS: Final = 3

SERVICE_CLOSING: Final = 421


class GarbledReplyError(NewsletterError):
    """The other side does not speak SMTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: a code of three digits and the text of each of its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all lines as one of at most 1,000 printable characters."""
        joined = " ".join(line for line in self.lines if line)
        return joined[:MAX_TEXT_CHARACTERS]

    @property
    def is_positive(self) -> bool:
        """Whether the command was done (RFC 5321 section 4.2.1, 2yz)."""
        return 200 <= self.code < 300  # noqa: PLR2004 - the digits are the rule

    @property
    def is_intermediate(self) -> bool:
        """Whether the server waits for more (3yz)."""
        return 300 <= self.code < 400  # noqa: PLR2004 - the digits are the rule


class ReplyReader:
    """Cuts a stream of octets into replies (RFC 5321 section 4.2.1)."""

    __slots__ = ("_code", "_lines", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._code: int | None = None
        self._lines: list[str] = []

    @property
    def is_between_replies(self) -> bool:
        """Whether no octet of an unfinished reply is waiting."""
        return not self._rest and not self._lines

    def feed(self, octets: bytes) -> Iterator[Reply]:
        """Yield the replies that `octets` complete, in order; must be read to its end.

        Lines may end in LF alone. Raises GarbledReplyError for what is no reply, for a line over
        4,096 octets and for a reply over 100 lines.
        """
        *lines, self._rest = (self._rest + octets).split(b"\n")
        for line in lines:
            if reply := self._take(line.removesuffix(b"\r")):
                yield reply
        if len(self._rest) > MAX_LINE_BYTES:
            raise GarbledReplyError(f"the server sent a line over {MAX_LINE_BYTES} octets")

    def _take(self, line: bytes) -> Reply | None:
        code, is_last, text = _parse(line)
        if is_last and self._code is None:
            return Reply(code, (text,))
        if self._code not in {None, code}:
            raise GarbledReplyError(f"the server changed its code within a reply: {_shown(line)}")
        if len(self._lines) == MAX_LINES:
            raise GarbledReplyError(f"the server sent a reply over {MAX_LINES} lines")
        self._code = code
        self._lines.append(text)
        return self._finish(code) if is_last else None

    def _finish(self, code: int) -> Reply:
        reply = Reply(code, tuple(self._lines))
        self._code = None
        self._lines = []
        return reply


@lru_cache(maxsize=_LINES_KEPT)
def _parse(line: bytes) -> tuple[int, bool, str]:
    digits, separator = line[:CODE_DIGITS], line[CODE_DIGITS : CODE_DIGITS + 1]
    is_code = len(digits) == CODE_DIGITS and digits.isdigit() and digits[:1] in b"2345"
    if not is_code or separator not in {b" ", b"-", b""}:
        raise GarbledReplyError(f"the server does not speak SMTP: {_shown(line)}")
    if len(line) > MAX_LINE_BYTES:
        raise GarbledReplyError(f"the server sent a line over {MAX_LINE_BYTES} octets")
    return int(digits), separator != b"-", _printable(line[CODE_DIGITS + 1 :])


def _printable(octets: bytes) -> str:
    text = octets.decode("utf-8", errors="replace").strip()
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)


def _shown(line: bytes) -> str:
    return repr(_printable(line[:60]))
