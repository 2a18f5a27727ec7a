"""Lines that a mail program broke, put together again where the break can be proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.rules.replies.characters import fold
from newsletter.rules.replies.found import DoubtError
from newsletter.rules.replies.lines import MailLine
from newsletter.rules.replies.sent import Sent, SentLine
from newsletter.rules.replies.shape import Shape, shape_of

# RFC 5322 section 2.1.1 and RFC 3676 section 4.2: lines should not be longer than 78; programs
# break at 72 to 78, so a line with the word that follows it is longer than the least of them.
_NARROWEST: Final = 70
_WIDEST: Final = 80
_LEAST_SOFT: Final = 56
"""A soft break stands near the end of a line; a space that was typed may stand anywhere."""
_MOST_PIECES: Final = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the document, from one or more lines of the mail.

    `known` are the sent lines that it is; none: it was changed or is new. `blanks` counts the empty
    lines above it.
    """

    line: MailLine
    text: str
    known: tuple[SentLine, ...]
    blanks: int

    @property
    def shape(self) -> Shape:
        """The line taken apart."""
        return shape_of(self.text)

    def doubt(self, why: str) -> DoubtError:
        """Return the error that says why the line cannot be read."""
        return DoubtError(why, self.line.number, self.line.shown)


@dataclass(frozen=True, slots=True)
class _Told:
    """A line that holds something, and how many empty ones stand above it."""

    line: MailLine
    blanks: int

    @property
    def text(self) -> str:
        return self.line.text.strip()


def read_pieces(lines: Sequence[MailLine], sent: Sent, *, is_html: bool) -> tuple[Piece, ...]:
    """Return the lines of the document. Raises DoubtError where a break may be one or not."""
    joiner = _Joiner(_told(lines), sent, is_html=is_html)
    pieces: list[Piece] = []
    at = 0
    while at < len(joiner.told):
        piece, count = joiner.read(at)
        pieces.append(piece)
        at += count
    return tuple(pieces)


def _told(lines: Sequence[MailLine]) -> list[_Told]:
    told: list[_Told] = []
    blanks = 0
    for line in lines:
        if line.text.strip():
            told.append(_Told(line, blanks))
            blanks = 0
        else:
            blanks += 1
    return told


class _Joiner:
    """Reads the lines of one block."""

    def __init__(self, told: list[_Told], sent: Sent, *, is_html: bool) -> None:
        self.told = told
        self._sent = sent
        self._is_html = is_html
        self._lengths = sorted(len(one.line.text) for one in told if " " in one.text)

    def read(self, at: int) -> tuple[Piece, int]:
        """Return the piece that begins with line `at`, and how many lines it took."""
        first = self.told[at]
        known = self._sent.find(first.text)
        if not known or self._is_loose(at + 1):
            texts = [one.text for one in self.told[at : at + _MOST_PIECES]]
            if wrapped := self._sent.find_wrapped(texts):
                line, count = wrapped
                return Piece(first.line, line.text, (line,), first.blanks), count
        if known:
            return Piece(first.line, first.text, known, first.blanks), 1
        text, count = self._join_new(at)
        return Piece(first.line, text, self._sent.find(text), first.blanks), count

    def _is_loose(self, at: int) -> bool:
        """Whether a line is there that nobody knows and that begins neither key nor item."""
        if at >= len(self.told):
            return False
        text = self.told[at].text
        return shape_of(text).is_loose and not self._sent.find(text)

    def _join_new(self, at: int) -> tuple[str, int]:
        text = self.told[at].text
        for index in range(at + 1, min(at + _MOST_PIECES, len(self.told))):
            glue = self._glue(text, index)
            if glue is None:
                return text, index - at
            text += glue + self.told[index].text
        return text, min(_MOST_PIECES, len(self.told) - at)

    def _glue(self, text: str, index: int) -> str | None:
        """Return what stood at the break above line `index`; None where it is a line of its own."""
        above, line = self.told[index - 1].line, self.told[index].line
        following = self.told[index].text
        if self.told[index].blanks or self._sent.find(following) or above.depth != line.depth:
            return None
        shape = shape_of(following)
        if shape.is_loose and shape_of(text).is_open_quotation:
            return " " if above.glue is None else above.glue
        is_inside = shape_of(text).is_open
        if above.glue is not None and (shape.is_loose or len(above.text) >= _LEAST_SOFT):
            return above.glue
        if line.indent or not self._is_broken(above.text, following):
            return " " if self._ends_alike(text, following) else None
        if shape.is_loose or is_inside:
            return " "
        if shape_of(text).is_comment or shape.is_comment:
            return None
        why = "it may be the end of the line above it; write both on one line"
        raise DoubtError(why, line.number, line.shown)

    def _is_broken(self, above: str, following: str) -> bool:
        """Whether a program that breaks long lines broke this one, and none that is longer stayed."""
        if self._is_html:
            return False
        whole = len(above) + 1 + len(following.split(" ", 1)[0])
        return whole > _NARROWEST and len(above) <= _WIDEST and self._lengths[-1] < whole

    def _ends_alike(self, text: str, following: str) -> bool:
        """Whether a sent line ends with the last word of `text` and all of `following`."""
        end = f" {fold(text).rsplit(' ', 1)[-1]} {fold(following)}"
        key = shape_of(text).key.lower()
        return (
            bool(key)
            and shape_of(following).is_loose
            and any(
                one.shape.key == key and fold(one.text).endswith(end) for one in self._sent.lines
            )
        )
