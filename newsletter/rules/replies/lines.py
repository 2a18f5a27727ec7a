"""The lines of a part as they were typed: without quote marks, with their indentation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from newsletter.rules.replies.characters import clean

MOST_LINES: Final = 20_000
"""Nobody types more; a part with more is not read."""
_LINE_END: Final = re.compile("\r\n|[\r\n\x0b\x0c\u2028\u2029]")
_QUOTE_MARKS: Final = re.compile(r"(?: {0,3}(?:>|\|(?= |$)))+ ?")
_LONGEST_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class MailLine:
    """One line. `number` counts the lines of the part from 1, `depth` is how deep it is quoted.

    `text` keeps the indentation. `glue` joins it to the next line where the break between them is
    a soft one (RFC 3676 section 4.2); None where it is none. `is_struck`: crossed out.
    """

    number: int
    text: str
    depth: int = 0
    glue: str | None = None
    is_struck: bool = False

    @property
    def indent(self) -> int:
        """Columns before the first sign."""
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def shown(self) -> str:
        """The line for a message about it."""
        return self.text.strip()[:_LONGEST_SHOWN]


def plain_lines(text: str, *, is_flowed: bool, is_delsp: bool) -> tuple[MailLine, ...] | None:
    """Return the lines of a text/plain part; None when there are too many."""
    parts = _LINE_END.split(text, MOST_LINES)
    if len(parts) > MOST_LINES:
        return None
    if is_flowed:
        return tuple(_flowed(parts, is_delsp=is_delsp))
    return tuple(unquoted(number, part) for number, part in enumerate(parts, 1))


def unquoted(number: int, raw: str, depth: int = 0, *, is_struck: bool = False) -> MailLine:
    """Return a line without its quote marks, which add to `depth`."""
    text, marks = _without_marks(raw)
    return MailLine(number, text, depth + marks, is_struck=is_struck)


def _without_marks(raw: str) -> tuple[str, int]:
    text = raw.lstrip("\ufeff\u200b").replace("\u00a0", " ")
    found = _QUOTE_MARKS.match(text)
    if found is None:
        return clean(text), 0
    marks = found[0].count(">") + found[0].count("|")
    return clean(text[found.end() :]), marks


def _flowed(parts: list[str], *, is_delsp: bool) -> Iterator[MailLine]:
    for number, raw in enumerate(parts, 1):
        text, depth = _without_marks(raw)
        if not depth:
            # Section 4.4: a space in front was put there by the sender's program. Below quote
            # marks it is the space that was taken off with them.
            text = text.removeprefix(" ")
        is_signature = raw.lstrip("> ") == "-- "
        is_soft = raw.endswith(" ") and not is_signature and bool(text)
        glue = ("" if is_delsp and not raw.endswith("  ") else " ") if is_soft else None
        yield MailLine(number, text, depth, glue)
