"""The documents of one text, which stand between lines `---`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BETWEEN: Final = re.compile(
    r"---(?:(?<=[\r\n]---)|(?<=\A---)|(?<=\A\ufeff---))[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)"
)
_NOTHING: Final = re.compile(r"\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class Part:
    """One document as written, the line of the file on which it begins, and its first character.

    `start` counts from 0 in the whole text, a byte order mark included.
    """

    text: str
    line: int
    start: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing, or comments alone: then it is no document."""
        return all(_NOTHING.match(line) for line in self.text.splitlines())


def split(text: str) -> Iterator[Part]:
    """Yield the parts of `text`, blank ones too; a byte order mark belongs to none."""
    start = 1 if text.startswith("\ufeff") else 0
    line = 1
    for between in _BETWEEN.finditer(text, start):
        yield Part(text[start : between.start()], line, start)
        line += _count_lines(text, start, between.end())
        start = between.end()
    yield Part(text[start:], line, start)


def _count_lines(text: str, start: int, end: int) -> int:
    """Count the ends of lines as the YAML reader does: line feeds, carriage returns, both as one."""
    ends = text.count("\n", start, end) + text.count("\r", start, end)
    return ends - text.count("\r\n", start, end)
