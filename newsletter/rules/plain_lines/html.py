"""HTML of a mail read as lines, in one pass whose time grows with its length only.

It is no renderer: blocks and breaks end a line, a blockquote is a quotation, markup is dropped.
The standard parser is not used on what strangers send: broken markup makes it slow beyond bounds.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

from newsletter.rules.plain_lines.line import MAX_LINE, MAX_LINES, PlainLine

MAX_HTML: Final = 300_000
"""Characters of the part that are read."""

BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_HIDDEN: Final = frozenset({"head", "script", "style", "template", "textarea", "title"})
_TAG_START: Final = re.compile(r"<(?:[!?/]|(?=[A-Za-z]))")
_TAG_NAME: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
_HTML_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


def html_lines(text: str) -> tuple[PlainLine, ...]:
    """Return the lines of an HTML part as a person sees them, empty ones included.

    At most 2,000 lines of 1,000 characters from the first 300,000 characters. Spaces that must
    not break stay as they are; others are one.
    """
    return _Page().read(text[:MAX_HTML])


class _Page:
    """Lines while they are made."""

    def __init__(self) -> None:
        self._lines: list[PlainLine] = []
        self._pieces: list[str] = []
        self._depth = 0

    def read(self, text: str) -> tuple[PlainLine, ...]:
        for piece, tag in markup_pieces(text):
            if len(self._lines) >= MAX_LINES:
                break
            self._pieces.append(piece)
            self._obey(tag)
        self._end_line()
        return tuple(self._lines[:MAX_LINES])

    def _obey(self, tag: str) -> None:
        name = tag.removeprefix("/")
        if name == "br":
            self._end_line(even_if_empty=True)
        elif name in BLOCKS:
            self._end_line(even_if_empty=tag == "/p")
        if tag == "blockquote":
            self._depth += 1
        elif tag == "/blockquote":
            self._depth = max(0, self._depth - 1)
            self._end_line(even_if_empty=True)

    def _end_line(self, *, even_if_empty: bool = False) -> None:
        said = _HTML_SPACES.sub(" ", "".join(self._pieces)).strip(" ")[:MAX_LINE]
        self._pieces.clear()
        if said or even_if_empty:
            # Cut before this: a number of thousands of digits is an error to html.unescape.
            shown = html.unescape(said).replace("\n", " ").replace("\r", " ")
            self._lines.append(PlainLine(len(self._lines) + 1, shown, self._depth))


def markup_pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each piece of text with the tag that ends it, its name in lower case, "" for none.

    A closing tag has its slash. Scripts, styles, titles and comments are passed over. Entities stay.
    """
    return ((piece, name) for piece, name, _ in markup_tags(text))


def markup_tags(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the same with what stands in the tag behind its name: its attributes, as written."""
    position = 0
    while position < len(text):
        mark = _TAG_START.search(text, position)
        if mark is None:
            yield text[position:], "", ""
            return
        start = mark.start()
        piece, inside = text[position:start], ""
        if text.startswith("<!--", start):
            name, end = "", _after(text, "-->", start + 4)
        elif found := _TAG_NAME.match(text, start + 1):
            name = found[0].lower()
            end = _after(text, ">", found.end())
            inside = text[found.end() : end].removesuffix(">")
            if name in _HIDDEN:
                end = _after_hidden(text, name, end)
        else:
            name, end = "", _after(text, ">", start)
        yield piece, name, inside
        position = end


def _after(text: str, mark: str, position: int) -> int:
    """Return where `mark` has ended; without it, the end of the text: so nothing is sought twice."""
    found = text.find(mark, position)
    return len(text) if found < 0 else found + len(mark)


def _after_hidden(text: str, name: str, position: int) -> int:
    closing = re.compile(f"</{name}", re.IGNORECASE).search(text, position)
    return len(text) if closing is None else _after(text, ">", closing.end())
