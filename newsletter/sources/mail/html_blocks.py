"""The blocks of an HTML mail, in one pass whose time grows with its length only."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from newsletter.rules.plain_lines import BLOCKS, markup_tags
from newsletter.sources.mail.blocks import LONGEST_BLOCK, MOST_ANCHORS, MOST_BLOCKS, Anchor, Block
from newsletter.sources.markup import MOST_MARKUP, unescape

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LONGEST_TAG: Final = 8_000
_HREF: Final = re.compile(
    r"""\bhref\s*=\s*(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'>]{1,4000}))""", re.IGNORECASE
)
_SPACES: Final = re.compile(r"[\s\u00a0]+")
_UNSEEN: Final = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5]")
"""What newsletters fill the preview of a mail program with, as far as it counts as printable."""


def html_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of an HTML part that hold text, in their order."""
    page = _Page()
    for piece, tag, inside in markup_tags(text[:MOST_MARKUP]):
        page.say(piece)
        page.obey(tag, inside)
        if len(page.blocks) >= MOST_BLOCKS:
            break
    page.end_block()
    return tuple(page.blocks)


@dataclass(slots=True)
class _Page:
    """Blocks while they are made. A link that stays open over a block goes on in the next one."""

    blocks: list[Block] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _anchors: list[Anchor] = field(default_factory=list)
    _url: str = ""
    _since: int = 0
    _all_anchors: int = 0
    _depth: int = 0
    _headings: int = 0
    _paragraph: int = 0

    def say(self, piece: str) -> None:
        if self._length > LONGEST_BLOCK:
            return
        said = _SPACES.sub(" ", _seen(unescape(piece[:LONGEST_BLOCK])))
        if not self._length or self._pieces[-1].endswith(" "):
            said = said.removeprefix(" ")
        if said:
            self._pieces.append(said)
            self._length += len(said)

    def obey(self, tag: str, inside: str) -> None:
        name = tag.removeprefix("/")
        if name == "a":
            self._close_link()
            self._url = "" if tag == "/a" else _href(inside)
            self._since = self._length
        elif name == "br":
            self.end_block()
        elif name in BLOCKS:
            self.end_block()
            self._paragraph += 1
            self._deepen(tag)

    def _deepen(self, tag: str) -> None:
        name = tag.removeprefix("/")
        step = -1 if tag.startswith("/") else 1
        if name in _HEADINGS:
            self._headings = max(0, self._headings + step)
        elif name == "blockquote":
            self._depth = max(0, self._depth + step)

    def _close_link(self) -> None:
        if self._url and self._all_anchors < MOST_ANCHORS:
            self._anchors.append(Anchor(self._url, "", self._since, self._length))
            self._all_anchors += 1

    def end_block(self) -> None:
        self._close_link()
        text = "".join(self._pieces).rstrip()[:LONGEST_BLOCK]
        if text:
            named = (replace(one, text=text[one.start : one.end].strip()) for one in self._anchors)
            anchors = tuple(one for one in named if one.text)
            is_heading = self._headings > 0
            self.blocks.append(Block(text, anchors, is_heading, self._depth, self._paragraph))
        self._pieces.clear()
        self._anchors.clear()
        self._length = self._since = 0


def _seen(text: str) -> str:
    """Return `text` without what cannot be seen: zero-width characters, marks of direction, controls."""
    if not text.isprintable():
        text = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return _UNSEEN.sub("", text)


def _href(inside: str) -> str:
    found = _HREF.search(inside[:_LONGEST_TAG])
    return unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
