"""HTML read as the lines that a person sees: blocks, breaks, lists, indentation, quotations.

Spaces that must not break are indentation, others are one; a list item begins with "- "; what is
hidden is left out. An unknown tag changes nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from newsletter.rules.replies.html_pieces import Tag, pieces
from newsletter.rules.replies.lines import MOST_LINES, MailLine, unquoted

_BLOCKS: Final = frozenset(
    ["address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
     "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "li",
     "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"]
)  # fmt: skip
_EMPTY: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
)
_CROSSED_OUT: Final = frozenset({"del", "s", "strike"})
_LISTS: Final = frozenset({"ul", "ol"})
_KEEPS_SPACES: Final = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
_HIDES: Final = re.compile(r"display\s*:\s*none")
_CROSSES_OUT: Final = re.compile(r"text-decoration[^;:]{0,10}:[^;]{0,40}line-through")
_WORD_LIST: Final = re.compile(r"mso-list\s*:[^;]{0,20}level([1-9])")
_ALT: Final = re.compile(r"""\balt=(?:"([^"]{1,16})"|'([^']{1,16})')""")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_MEANINGFUL: Final = _CROSSED_OUT | _LISTS | {"blockquote", "li", "pre"}
_ENDS_LEAD: Final = _LISTS | {"li", "p"}
_DEEPEST: Final = 400
_MOST_PIECES: Final = 80_000
"""Tags and the texts between them. A letter that is quoted three times has some 10,000."""
PICTURE: Final = "\ufffc"
"""Stands where a picture is (OBJECT REPLACEMENT CHARACTER)."""


@dataclass(frozen=True, slots=True)
class _Open:
    """What the elements that are not closed yet mean for the text in them."""

    keeps_spaces: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    quotes: int = 0
    lists: int = 0


def html_lines(page: str) -> tuple[MailLine, ...] | None:
    """Return the lines of a text/html part; None when there are too many, or too many tags."""
    reader = _Page()
    for number, piece in enumerate(pieces(page)):
        reader.read(piece)
        if number > _MOST_PIECES or len(reader.lines) > MOST_LINES:
            return None
    reader.end_line()
    return tuple(reader.lines)


def _within(around: _Open, tag: Tag) -> _Open:
    said = tag.attributes
    return _Open(
        keeps_spaces=around.keeps_spaces or tag.name == "pre" or bool(_KEEPS_SPACES.search(said)),
        is_hidden=around.is_hidden or bool(_HIDES.search(said)),
        is_struck=around.is_struck or tag.name in _CROSSED_OUT or bool(_CROSSES_OUT.search(said)),
        quotes=around.quotes + (tag.name == "blockquote"),
        lists=around.lists + (tag.name in _LISTS),
    )


class _Page:
    """Lines while they are made."""

    def __init__(self) -> None:
        self.lines: list[MailLine] = []
        self._text: list[str] = []
        self._is_struck = False
        self._lead = ""
        self._after = ""
        self._around = _Open()
        self._stack: list[tuple[str, _Open]] = []
        """The names of the open elements, and what was around each."""
        self._open_names = Counter[str]()

    def read(self, piece: str | Tag) -> None:
        if isinstance(piece, str):
            self._say(piece)
        elif piece.name == "br":
            self.end_line(even_if_empty=True)
        elif piece.name == "img":
            self._show(piece)
        elif piece.is_closing:
            self._close(piece.name)
        else:
            self._open(piece)

    def _say(self, text: str) -> None:
        around = self._around
        if around.is_hidden:
            return
        if around.keeps_spaces:
            first, *more = text.replace("\r\n", "\n").split("\n")
            self._add(first)
            for line in more[: MOST_LINES + 1]:
                self.end_line(even_if_empty=True)
                self._add(line)
            return
        said = _SPACES.sub(" ", text)
        if said[:1] == " " and (not self._text or self._text[-1].endswith(" ")):
            said = said[1:]
        self._add(said)

    def _add(self, said: str) -> None:
        if said:
            self._text.append(said)
            self._is_struck = self._is_struck or (self._around.is_struck and not said.isspace())

    def _show(self, tag: Tag) -> None:
        """An emoji is a picture in some programs; its text says which."""
        found = _ALT.search(tag.attributes)
        alternative = (found[1] or found[2]) if found else ""
        self._add(alternative if alternative and not alternative.isascii() else PICTURE)

    def _open(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self.end_line()
        if tag.name in _EMPTY or len(self._stack) > _DEEPEST:
            return
        self._stack.append((tag.name, self._around))
        self._open_names[tag.name] += 1
        if tag.name not in _MEANINGFUL and "style" not in tag.attributes:
            return
        self._around = _within(self._around, tag)
        if tag.name == "li":
            self._lead = "  " * self._around.lists + "- "
            self._after = "  " * self._around.lists + "  "
        elif found := _WORD_LIST.search(tag.attributes):
            self._lead = "  " * int(found[1])

    def _close(self, name: str) -> None:
        if name in _BLOCKS:
            self.end_line(even_if_empty=name == "p" and bool(self._text))
        # What is open within an element ends with it; each is taken off once.
        while self._open_names[name]:
            last, self._around = self._stack.pop()
            self._open_names[last] -= 1
            if last == name:
                break
        if name in _ENDS_LEAD:
            is_in_item = self._open_names["li"] > 0
            self._lead = self._after = "  " * (self._around.lists + 1) if is_in_item else ""

    def end_line(self, *, even_if_empty: bool = False) -> None:
        said = "".join(self._text).rstrip(" \t")
        self._text.clear()
        if said.strip("\u00a0 "):
            line = self._lead + said
            self._lead = self._after
        elif said or even_if_empty:
            line = ""
        else:
            return
        depth = self._around.quotes
        number = len(self.lines) + 1
        self.lines.append(unquoted(number, line, depth, is_struck=self._is_struck))
        self._is_struck = False
