"""From the lines that came back to the document: each line at its place, or a doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.rules.replies.indents import Indents, read_indents
from newsletter.rules.replies.lines import MailLine
from newsletter.rules.replies.outline import (
    ROOT,
    Levels,
    Path,
    Place,
    place,
    places_for_item,
    places_for_key,
)
from newsletter.rules.replies.sent import Sent, SentLine
from newsletter.rules.replies.shape import Shape
from newsletter.rules.replies.values import mend
from newsletter.rules.replies.wraps import Piece, read_pieces

_LOST: Final = "its indentation was lost; write it as far to the right as the lines like it"
_STRANGE: Final = "it is neither a key with a colon nor an item with a dash; remove it or write one"
_INNER: Final = "it belongs to a longer text that was changed; write that text on one line"


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the document and where it came from; empty lines come from the next one."""

    text: str
    line: MailLine


def assemble(lines: Sequence[MailLine], sent: Sent, *, is_html: bool) -> tuple[Written, ...]:
    """Return the document that these lines mean. Raises DoubtError where one may mean two things."""
    pieces = read_pieces(lines, sent, is_html=is_html)
    writer = _Writer(pieces, sent)
    for piece in pieces:
        writer.write(piece)
    return tuple(writer.written)


class _Writer:
    """Writes a document line by line."""

    def __init__(self, pieces: Sequence[Piece], sent: Sent) -> None:
        self.written: list[Written] = []
        self._sent = sent
        self._indents: Indents = read_indents(pieces)
        self._returned = {known.index for piece in pieces for known in piece.known}
        self._keeps_blanks = _keeps_blanks(pieces)
        self._levels: Levels = ROOT
        self._last: SentLine | None = None
        self._above: int | None = None
        """The indentation of the last key or item."""
        self._is_text = False
        """A text of several lines (`|` or `>`) is open."""

    def write(self, piece: Piece) -> None:
        target = self._indents.target(piece)
        if self._is_text and self._goes_on(piece, target):
            return
        known = self._choose(piece, target)
        if known is None:
            self._write_new(piece, target)
        elif known.is_inner:
            if not self._follows(known):
                raise piece.doubt(_INNER)
            self._put(piece, known.whole, known)
        elif known.shape.is_comment:
            self._put(piece, known.whole, known)
        else:
            found = place(self._levels, known.indent, known.shape)
            if found is None:
                raise piece.doubt(_LOST)
            self._put_at(piece, found, known.shape, known)

    def _follows(self, known: SentLine) -> bool:
        return self._last is not None and known.index == self._last.index + 1

    def _goes_on(self, piece: Piece, target: int | None) -> bool:
        """Write a line of an open text; False where the text has ended above it."""
        inner = next((one for one in piece.known if one.is_inner and self._follows(one)), None)
        if inner:
            self._put(piece, inner.whole, inner)
            return True
        above = self._above or 0
        is_structure = any(not one.is_inner for one in piece.known)
        if (target is not None and target <= above) or (target is None and is_structure):
            self._is_text = False
            return False
        if target is None or not self._indents.is_whole(piece) or not self._keeps_blanks:
            raise piece.doubt(_INNER)
        self._put(piece, " " * target + piece.line.text.strip(), None)
        return True

    def _choose(self, piece: Piece, target: int | None) -> SentLine | None:
        """Of sent lines that are alike take the next one; one at the same indentation goes first."""
        at = -1 if self._last is None else self._last.index
        alike = [one for one in piece.known if one.indent == target] or piece.known
        return next((one for one in alike if one.index > at), next(iter(alike), None))

    def _write_new(self, piece: Piece, target: int | None) -> None:
        shape = piece.shape
        if shape.is_comment:
            shape = mend(piece, ())
            self._put(piece, " " * (target or 0) + shape.text, None)
        elif shape.is_loose:
            # YAML would take an indented line into the text above it: a greeting as well.
            mend(piece, ())
            raise piece.doubt(_STRANGE)
        else:
            found = self._place_new(piece, target)
            shape = mend(piece, self._paired(found.path))
            again = place(self._levels, found.indent, shape) or found
            self._put_at(piece, again, shape, None)

    def _place_new(self, piece: Piece, target: int | None) -> Place:
        shape = piece.shape.in_small_letters()
        typed = None if target is None else place(self._levels, target, shape)
        if shape.is_item:
            indents = places_for_item(self._levels, self._sent.indent_of)
        else:
            indents = places_for_key(self._levels, shape.key, self._sent.indent_of)
        if typed and not (len(indents) == 1 and self._is_missed(typed, indents[0], shape)):
            return typed
        found = place(self._levels, indents[0], shape) if len(indents) == 1 else None
        if found is None:
            raise piece.doubt(_LOST)
        return found

    def _is_missed(self, typed: Place, indent: int, shape: Shape) -> bool:
        """Whether a key stands where none like it was sent, and is missed where it was."""
        if shape.is_item or self._sent.by_path.get(typed.path):
            return False
        found = place(self._levels, indent, shape)
        return found is not None and bool(self._paired(found.path))

    def _paired(self, path: Path) -> tuple[SentLine, ...]:
        """Return the sent lines with this path that did not come back as they were."""
        alike = self._sent.by_path.get(path, ())
        return tuple(one for one in alike if one.index not in self._returned)

    def _put_at(self, piece: Piece, found: Place, shape: Shape, known: SentLine | None) -> None:
        self._levels = found.levels
        text = known.text if known else shape.text
        self._put(piece, " " * found.indent + text, known)
        self._above = found.indent
        self._is_text = shape.opens_text

    def _put(self, piece: Piece, text: str, known: SentLine | None) -> None:
        blanks = min(piece.blanks, 1) if self._keeps_blanks else 0
        if known and self._follows(known):
            blanks = known.blanks
        self.written.extend([Written("", piece.line)] * (blanks if self.written else 0))
        self.written.append(Written(text, piece.line))
        self._last = known or self._last


def _keeps_blanks(pieces: Sequence[Piece]) -> bool:
    """Whether the empty lines between lines that followed one another are those that were sent."""
    last: SentLine | None = None
    for piece in pieces:
        known = piece.known[0] if len(piece.known) == 1 else None
        is_next = last is not None and known is not None and known.index == last.index + 1
        if is_next and known and known.blanks != piece.blanks:
            return False
        last = known
    return True
