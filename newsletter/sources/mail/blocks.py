"""A mail as blocks of text with links in them, whatever it was written in."""

from dataclasses import dataclass
from typing import Final

MOST_BLOCKS: Final = 20_000
MOST_ANCHORS: Final = 3_000
"""Of one mail; the longest newsletters have some hundred."""
LONGEST_BLOCK: Final = 20_000
"""Characters of one block that are read."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link, as written, and where its text stands in the text of its block.

    `text` is empty where an address stands in the text by itself.
    """

    url: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A line of a plain mail; of HTML a paragraph, a heading, a cell of a table, or a line of one.

    `depth` is how deep it is quoted; `paragraph` is shared by the lines of one.
    """

    text: str
    anchors: tuple[Anchor, ...] = ()
    is_heading: bool = False
    depth: int = 0
    paragraph: int = 0

    @property
    def words(self) -> str:
        """The text with blanks in place of bare addresses, so that places stay."""
        said = self.text
        for anchor in self.anchors:
            if not anchor.text:
                blank = " " * (anchor.end - anchor.start)
                said = f"{said[: anchor.start]}{blank}{said[anchor.end :]}"
        return said
