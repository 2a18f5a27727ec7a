"""What a reply holds: the document as meant, or why there is none."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a mail has no document that could be used."""

    NO_BLOCK = "no block"
    """There is neither of the two marker lines."""
    CUT = "cut"
    """There is only one of the marker lines: the mail may have been cut, so nothing is used."""
    UNCHANGED = "unchanged"
    """The block is the one that was sent."""
    UNCERTAIN = "uncertain"
    """A line can be read in more than one way, or not at all; `doubt` and `place` tell."""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line as its writer sees it. `number` counts from 1 below the first marker line."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """The document as it was meant, ready for the strict reader.

    `seen` has, for each line of `text`, the line that the person sees; a line that was joined from
    several is the first of them.
    """

    text: str
    seen: tuple[SeenLine, ...]

    def seen_at(self, line: int) -> SeenLine | None:
        """Return what stands at a line of `text`, from 1; None outside of it."""
        return self.seen[line - 1] if 1 <= line <= len(self.seen) else None


@dataclass(frozen=True, slots=True)
class NoBlock:
    """There is nothing to apply. `doubt` is a sentence without its full stop, with the remedy.

    `place` is the line that it is about, None for the whole mail.
    """

    why: Why
    doubt: str = ""
    place: SeenLine | None = None


class DoubtError(Exception):
    """A line of a block cannot be read for certain. Stays within this room."""

    def __init__(self, doubt: str, number: int, text: str) -> None:
        super().__init__(doubt)
        self.doubt = doubt
        self.number = number
        """Counts the lines of the part from 1."""
        self.text = text
