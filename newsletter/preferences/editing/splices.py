"""The text after one step, written so that nothing but the step's own bytes changes.

YAML has many styles, so each step has several ways to be written: the best first. The caller reads
each back and takes the first that says what it must.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.preferences.editing.changes import Delete, Insert, Path, Replace, Step
from newsletter.preferences.editing.pieces import Kind, Lines, Piece
from newsletter.preferences.editing.quoting import (
    Value,
    block,
    inline,
    is_inline,
    item_lines,
    key_lines,
)


def written(text: str, root: Piece, step: Step) -> Iterator[str]:
    """Yield the texts that `step` may lead to, the best first."""
    splicer = _Splicer(text, Lines(text))
    piece, key = _find(root, step.path)
    match step:
        case Replace(value=value):
            yield from splicer.replaced(piece, value, key)
        case Insert():
            yield from splicer.inserted(piece, step, key)
        case Delete(path=path):
            parent, _ = _find(root, path[:-1])
            yield from splicer.deleted(parent, _place(parent, path[-1]))


def _find(root: Piece, path: Path) -> tuple[Piece, str]:
    """Return the piece at `path`, and the last key on the way."""
    piece, key = root, ""
    for step in path:
        piece = piece.parts[_place(piece, step)]
        key = step if isinstance(step, str) else key
    return piece, key


def _place(piece: Piece, step: str | int) -> int:
    return piece.names.index(step) if isinstance(step, str) else step


@dataclass(frozen=True, slots=True)
class _Splicer:
    """A text and its lines."""

    text: str
    lines: Lines

    def replaced(self, piece: Piece, value: Value, key: str) -> Iterator[str]:
        if not is_inline(value, key) and not piece.is_flow | piece.is_bare:
            yield from self._as_block(piece, value, key)
        text = inline(value, key, piece.quote)
        if not text:
            yield self.text[: piece.lead] + " " * piece.is_flow + self.text[piece.end :]
        elif piece.is_empty:
            yield self._filled(piece, text)
        elif piece.kind is Kind.BLOCK_TEXT or (piece.is_collection and not piece.is_flow):
            yield self._shortened(piece, text)
        else:
            yield self.text[: piece.start] + text + self.text[piece.end :]

    def _as_block(self, piece: Piece, value: Value, key: str) -> Iterator[str]:
        """Write a value on lines of its own below its key; beside its dash in a list."""
        line_end = self.lines.end(piece.end)
        rest = self.text[piece.end : line_end]
        is_alone = not rest.strip() or rest.lstrip().startswith("#")
        is_one_line = self.lines.start(piece.head) == self.lines.start(piece.end)
        if not (is_alone and is_one_line) or piece.kind is Kind.BLOCK_TEXT:
            return
        is_item = self.text[piece.head] == "-" and piece.lead == piece.head + 1
        margin = " " * self.lines.column(piece.head)
        first, *others = block(value, key) if is_item else ["", *block(value, key)]
        lead = f" {first}" if first else ""
        below = "".join(f"{self.lines.line_end}{margin}  {line}" for line in others)
        yield self.text[: piece.lead] + lead + rest.rstrip() + below + self.text[line_end:]

    def _filled(self, piece: Piece, text: str) -> str:
        """Write a value where there is none."""
        colon = " "
        if piece.is_bare:
            margin = " " * self.lines.column(piece.head)
            colon = ": " if piece.is_flow else f"{self.lines.line_end}{margin}: "
        return self.text[: piece.lead] + colon + text + self.text[piece.lead :]

    def _shortened(self, piece: Piece, text: str) -> str:
        """Write one line in the place of several; a comment beside the key stays."""
        if piece.kind is Kind.BLOCK_TEXT:
            words = self.text[piece.start : self.lines.end(piece.start)].split(maxsplit=1)
            comment = f" {words[1]}" if len(words) > 1 else ""
            end = self.lines.end(max(piece.end, piece.start))
            return self.text[: piece.start] + text + comment + self.text[end:]
        if self.lines.start(piece.start) == self.lines.start(piece.lead):
            return self.text[: piece.start] + text + self.text[self.lines.end(piece.end) :]
        first, below = self.lines.start(piece.start), self.lines.after(piece.end)
        between = self.text[piece.lead : first]
        return f"{self.text[: piece.lead]} {text}{between}{self.text[below:]}"

    def inserted(self, parent: Piece, step: Insert, key: str) -> Iterator[str]:
        if parent.is_flow:
            yield from self._inserted_in_flow(parent, step, key)
            return
        lines = item_lines(step.value, key) if step.key is None else key_lines(step.key, step.value)
        column = self.lines.column(parent.start)
        if step.place:
            before = parent.parts[step.place - 1]
            yield self._with_lines(self._below(before, column), column, lines)
            yield self._with_lines(before.last, column, lines)
        for part in (*parent.parts[step.place :], parent.parts[0]):
            margin = self.lines.line_end + " " * column
            place = part.head
            yield self.text[:place] + margin.join(lines) + margin + self.text[place:]

    def _inserted_in_flow(self, parent: Piece, step: Insert, key: str) -> Iterator[str]:
        entry = (
            inline(step.value, key) if step.key is None else inline({step.key: step.value})[1:-1]
        )
        if step.place:
            before = parent.parts[step.place - 1]
            place = max(before.end, before.lead)
            comma = " , " if before.is_empty and not before.is_bare else ", "
            yield self.text[:place] + comma + entry + self.text[place:]
        else:
            place = parent.parts[0].head
            yield f"{self.text[:place]}{entry}, {self.text[place:]}"

    def _with_lines(self, place: int, column: int, lines: list[str]) -> str:
        """Put `lines` at `place`, where a line begins or the text ends."""
        end = self.lines.line_end
        margin = " " * column
        whole = "".join(f"{margin}{line}{end}" for line in lines)
        if place and self.text[place - 1] not in "\r\n":
            whole = end + whole.removesuffix(end)
        return self.text[:place] + whole + self.text[place:]

    def _below(self, entry: Piece, column: int) -> int:
        """Return where the lines of an entry end, with the comments indented below it."""
        place = look = self.lines.after(max(entry.end, entry.lead))
        while look < len(self.text):
            line = self.text[look : self.lines.end(look)]
            text = line.lstrip(" \t")
            is_its_own = text.startswith("#") and len(line) - len(text) > column
            if text and not is_its_own:
                break
            look = self.lines.after(look)
            if is_its_own:
                place = look
        return place

    def deleted(self, parent: Piece, place: int) -> Iterator[str]:
        part = parent.parts[place]
        following = parent.parts[place + 1].head if place + 1 < len(parent.parts) else None
        if parent.is_flow:
            yield from self._deleted_from_flow(parent, place, following)
            return
        column = self.lines.column(parent.start)
        below = self._below(part, column)
        first = self.lines.start(part.head)
        if self.text[first : part.head].strip():
            # The line holds the dash of the item around it: what comes next moves up.
            yield self.text[: part.head] + self.text[below:].lstrip(" \t\r\n")
            return
        yield self.text[:first] + self.text[below:]
        if following:
            yield self.text[: part.head] + self.text[following:]
        yield self.text[:first] + self.text[below:].lstrip("\r\n")

    def _deleted_from_flow(self, parent: Piece, place: int, following: int | None) -> Iterator[str]:
        part = parent.parts[place]
        end = max(part.end, part.lead)
        first, below = self.lines.start(part.head), self.lines.after(end)
        rest = self.text[end : self.lines.end(end)].lstrip(" \t").removeprefix(",").lstrip(" \t")
        if not self.text[first : part.head].strip() and (not rest or rest.startswith("#")):
            yield self.text[:first] + self.text[below:]
        if following:
            yield self.text[: part.head] + self.text[following:]
        elif place:
            before = parent.parts[place - 1]
            between = self.text[max(before.end, before.lead) : part.head]
            if "#" not in between:
                yield self.text[: max(before.end, before.lead)] + self.text[end:]
        yield self.text[: part.head] + self.text[end:]
