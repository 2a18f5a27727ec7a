"""HTML taken apart into texts and tags, in one pass whose time grows with its length only."""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_START: Final = re.compile(r"<(?:!--|[!?]|(?P<closing>/?)(?P<name>[A-Za-z][\w:.-]{0,40}))")
_IN_TAG: Final = re.compile(r"""=\s*"[^"]*"?|=\s*'[^']*'?|[^=>]+|=|>""")
_UNREAD: Final = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "template", "xml")
}
# Python refuses to read a number of thousands of digits, and no character has one of eight.
_LONG_NUMBER: Final = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")
_LONGEST_TAG: Final = 2_000


class Tag(NamedTuple):
    """A tag. `attributes` is its text, lower-case, cut after 2,000 characters."""

    name: str
    attributes: str = ""
    is_closing: bool = False


def pieces(page: str) -> Iterator[str | Tag]:
    """Yield texts, with entities read, and tags. Comments, scripts and styles are left out."""
    position = 0
    while found := _START.search(page, position):
        if found.start() > position:
            yield _unescape(page[position : found.start()])
        if found[0] == "<!--":
            position = _behind(page, "-->", found.end())
            continue
        if found[0] in {"<!", "<?"}:
            position = _behind(page, ">", found.end())
            continue
        tag, position = _read_tag(page, found)
        if tag.name in _UNREAD and not tag.is_closing:
            end = _UNREAD[tag.name].search(page, position)
            position = end.start() if end else len(page)
        yield tag
    if position < len(page):
        yield _unescape(page[position:])


def _behind(page: str, mark: str, position: int) -> int:
    """Return where `mark` ends, or the end of the page: so nothing is looked for twice."""
    found = page.find(mark, position)
    return len(page) if found < 0 else found + len(mark)


def _read_tag(page: str, start: re.Match[str]) -> tuple[Tag, int]:
    begin = start.end()
    end = page.find(">", begin) + 1 or len(page)
    if '"' in (said := page[begin:end]) or "'" in said:
        end = _end_of_tag(page, begin)
    attributes = page[begin:end][:_LONGEST_TAG].lower()
    return Tag(start["name"].lower(), attributes, bool(start["closing"])), end


def _end_of_tag(page: str, begin: int) -> int:
    """Return where a tag ends; a ">" in the quotation marks of an attribute ends none."""
    for piece in _IN_TAG.finditer(page, begin):
        if piece[0] == ">":
            return piece.end()
    return len(page)


def _unescape(text: str) -> str:
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text
