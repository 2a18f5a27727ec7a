"""What became of the indentation: each program moves it in its own way, or loses it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsletter.rules.replies.wraps import Piece


@dataclass(frozen=True, slots=True)
class Indents:
    """For each depth of quotation, which indentation in the mail stood for which in the block."""

    by_depth: Mapping[int, Mapping[int, frozenset[int]]]

    def target(self, piece: Piece) -> int | None:
        """Return the indentation that was meant; None where it cannot be told.

        Lines quoted as deep as no known one are taken as they are: their writer typed them anew.
        """
        moved = self.by_depth.get(piece.line.depth, {})
        indent = piece.line.indent
        if indent in moved:
            meant = moved[indent]
            return next(iter(meant)) if len(meant) == 1 else None
        shifts = {one - seen for seen, meant in moved.items() for one in meant}
        if not shifts:
            return indent
        if len(shifts) > 1 or indent + min(shifts) < 0:
            return None
        return indent + min(shifts)

    def is_whole(self, piece: Piece) -> bool:
        """Whether nothing was moved where this line stands."""
        moved = self.by_depth.get(piece.line.depth, {})
        return len({one - seen for seen, meant in moved.items() for one in meant}) <= 1


def read_indents(pieces: Iterable[Piece]) -> Indents:
    """Compare the known lines with how they were sent."""
    by_depth: dict[int, dict[int, set[int]]] = {}
    for piece in pieces:
        sent = {known.indent for known in piece.known if not known.shape.is_comment}
        if len(sent) == 1:
            moved = by_depth.setdefault(piece.line.depth, {})
            moved.setdefault(piece.line.indent, set()).update(sent)
    return Indents(
        {
            depth: {seen: frozenset(meant) for seen, meant in moved.items()}
            for depth, moved in by_depth.items()
        }
    )
