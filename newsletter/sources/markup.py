"""Markup of feeds and registries as plain text: HTML, and the JATS of journals."""

import html
import re
from typing import Final

from newsletter.rules.plain_lines import BLOCKS, markup_pieces
from newsletter.sources.plaintext import cut, one_line, paragraphs

MOST_MARKUP: Final = 1_000_000
"""Characters that are read of one text."""

_ENDS_A_LINE: Final = BLOCKS | {"br", "sec", "list", "list-item", "figure", "figcaption"}
_PREFIX: Final = re.compile(r"<(/?)(?:jats|mml|xhtml|html):", re.IGNORECASE)
_HEADING: Final = re.compile(r"<(/?)title(?=[\s>])", re.IGNORECASE)
_RAISED: Final = {"sup": "$^{", "/sup": "}$", "sub": "$_{", "/sub": "}$"}
_AS_MEANT: Final = str.maketrans("\u00a0\u202f", "  ")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_BARE_HEADING: Final = re.compile(r"^(Abstract|Summary)\n+")
_LONGEST_ENTITY: Final = 40
_MARKUP: Final = re.compile(
    r"</?(?:a|abbr|b|bdi|blockquote|br|cite|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|iframe|img|"
    r"ins|jats:[a-z]+|kbd|li|mark|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup|"
    r"svg|table|td|th|tr|tt|u|ul|var|video|wbr)(?:[\s/][^<>]{0,500})?>|<!--|&(?:[a-z]{2,31}|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)


def plain(markup: str) -> str:
    """Return the text of `markup`, each paragraph on one line, an empty line between two.

    Raised and lowered text becomes TeX (`10$^{6}$`), which letters show as such. Of the first
    million characters, in time that grows with their number only.
    """
    text = _HEADING.sub(r"<\1h4", _PREFIX.sub(r"<\1", markup[:MOST_MARKUP]))
    pieces: list[str] = []
    for piece, tag in markup_pieces(text):
        pieces.append(_SPACES.sub(" ", piece))
        if tag.removeprefix("/") in _ENDS_A_LINE:
            pieces.append("\n" if tag == "br" else "\n\n")
        pieces.append(_RAISED.get(tag, ""))
    shown = paragraphs(unescape("".join(pieces)).translate(_AS_MEANT))
    return _BARE_HEADING.sub("", shown)


def plain_line(text: str) -> str:
    """Return a text that may be markup as one line: a title of which the source does not say.

    Only what looks like known tags or entities is taken for markup: `if a <b` stays.
    """
    return one_line(plain(text).replace("\n", " ") if _MARKUP.search(text) else text)


def plain_text(text: str) -> str:
    """Return a text that may be markup with its paragraphs."""
    return plain(text) if _MARKUP.search(text) else paragraphs(text)


def unescape(text: str) -> str:
    """Return `text` with its entities as characters; html.unescape takes long numbers for errors."""
    return re.sub(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});", _entity, text)


def _entity(found: re.Match[str]) -> str:
    return cut(html.unescape(found[0]), _LONGEST_ENTITY)
