"""A place in a text that moves on: reads commands and their arguments."""

import re
from dataclasses import dataclass
from typing import Final, Self

from newsletter.rendering.latex.outline import Outline
from newsletter.rendering.latex.symbols import PLAIN

_DEEPEST: Final = 16
"""How deep braces, formulas and arguments are followed; what is deeper loses its marks only."""

_MOST_GROUPS: Final = 3
_COMMAND: Final = re.compile(r"\\([A-Za-z]+)\*?")
_OPTION: Final = re.compile(r"\s*\[[^\[\]{}]{0,80}\]")
_SPACE: Final = re.compile(r"\s*")
_MARKS: Final = re.compile(r"[\\{}$^_~]")
_FRACTION: Final = re.compile(r"\\[dtc]?frac(?=\w\w)\w\w")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text: from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(slots=True)
class Cursor:
    """Moves through a span of an outlined text; `depth` counts the spans around it."""

    outline: Outline
    place: int
    end: int
    depth: int = 0

    @property
    def text(self) -> str:
        """The whole text, not only the span."""
        return self.outline.text

    def into(self, span: Span) -> Self:
        """Return a cursor for an inner span."""
        return type(self)(self.outline, span.start, span.end, self.depth + 1)

    def is_too_deep(self) -> bool:
        """Tell whether the span shall be printed without being understood."""
        return self.depth > _DEEPEST

    def without_marks(self) -> str:
        """Return the rest of the span without anything that TeX would act upon."""
        return _MARKS.sub("", self.text[self.place : self.end])

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match here and move behind it; None, and no move, when it does not fit."""
        found = pattern.match(self.text, self.place, self.end)
        if found:
            self.place = found.end()
        return found

    def peek(self) -> str:
        """Return the next character, empty at the end of the span."""
        return self.text[self.place] if self.place < self.end else ""

    def skip_option(self) -> None:
        """Move behind an optional argument, `[...]`, where there is one."""
        self.match(_OPTION)

    def option(self) -> str:
        """Read an optional argument as written, empty when there is none."""
        found = self.match(_OPTION)
        return found.group().strip()[1:-1] if found else ""

    def is_group(self) -> bool:
        """Tell whether a brace stands here that is closed within the span."""
        return self.peek() == "{" and self.outline.braces.get(self.place, self.end) < self.end

    def group(self) -> Span | None:
        """Read the group in braces that begins here, perhaps after spaces; None: there is none."""
        begin = self.place
        self.match(_SPACE)
        if not self.is_group():
            self.place = begin
            return None
        span = Span(self.place + 1, self.outline.braces[self.place])
        self.place = span.end + 1
        return span

    def argument(self) -> Span:
        r"""Read what TeX takes for an argument: a group, a command or a character.

        A command is read with the groups that follow it, since authors write `x^\text{max}`.
        """
        group = self.group()
        if group:
            return group
        self.match(_SPACE)
        begin = self.place
        if self.peek() in {"{", "}"}:
            self.place += 1  # an unmatched brace: nothing
            return Span(self.place, self.place)
        if not self.match(_FRACTION) and (command := self.match(_COMMAND)):
            groups = 0 if command[1] in PLAIN else _MOST_GROUPS
            for _ in range(groups):
                if self.peek() != "{" or not self.group():
                    break
        elif self.place == begin:
            self.place = min(begin + (2 if self.peek() == "\\" else 1), self.end)
        return Span(begin, self.place)
