"""Which links of a mail are entries, and which text belongs to each."""
# ruff: noqa: RUF001 - dashes and quotation marks of all kinds

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Final
from urllib.parse import urlsplit

from newsletter.model import LinkKind
from newsletter.sources.mail.addresses import Address, read_address
from newsletter.sources.mail.blocks import LONGEST_BLOCK, Anchor, Block
from newsletter.sources.mail.bylines import Byline, read_byline
from newsletter.sources.mail.papers import PaperIds, read_ids
from newsletter.sources.mail.wording import (
    LONGEST_TITLE,
    count_words,
    is_foot,
    is_frame_path,
    is_leaving,
    is_more,
    is_sentence,
    label_of,
    read_title,
)
from newsletter.sources.plaintext import one_line

MOST_ENTRIES: Final = 500
"""Of one mail."""
_LEAST_TEXT: Final = 8
"""Words that make a text an abstract."""
_FAR: Final = 5
"""Paragraphs below a title in which its abstract is looked for."""
_NEAR: Final = 8
"""Blocks above a `Read more` in which its title is looked for."""
_LONGEST_HEADLINE: Final = 250
_AROUND: Final = " \t-–—:;,.|·•>)]"


_Title = tuple[str, int]


@dataclass(slots=True)
class Find:
    """One entry of a mail while it is put together. `url` is None where only its owner knows it."""

    title: str
    url: str | None
    ids: PaperIds
    block: int
    links: list[tuple[LinkKind, str]] = field(default_factory=list)
    text: str = ""
    byline: Byline | None = None

    @property
    def key(self) -> str:
        """What tells it apart from the others of a mail."""
        return self.ids.arxiv or self.ids.doi or self.url or self.title.casefold()


def find_entries(blocks: Sequence[Block], own_words: Sequence[str] = ()) -> tuple[Find, ...]:
    """Return the entries of a mail in their order, each once.

    A link with one of `own_words` in it leads to what only we may see, such as our subscription.
    """
    finder = _Finder(blocks, [word.casefold() for word in own_words if word])
    finder.look()
    starts = [one.block for one in finder.found[1:]]
    for one, end in zip(finder.found, [*starts, len(blocks)], strict=False):
        _describe(one, blocks, end, finder.urls)
    return tuple(finder.found)


@dataclass(slots=True)
class _Finder:
    blocks: Sequence[Block]
    own_words: Sequence[str]
    found: list[Find] = field(default_factory=list)
    urls: set[str] = field(default_factory=set)
    _keys: set[str] = field(default_factory=set)
    _taken: set[int] = field(default_factory=set)
    """Blocks whose text is a title already."""

    def look(self) -> None:
        is_over = self._foot()
        for number, block in enumerate(self.blocks[:is_over]):
            for place, anchor in enumerate(block.anchors):
                if len(self.found) < MOST_ENTRIES:
                    self._take(number, place, anchor)

    def _foot(self) -> int:
        """Return where the foot begins: at the last link to leave, if most links stand above it."""
        places = [number for number, one in enumerate(self.blocks) if one.anchors]
        leaving = [
            at for at in places if any(is_leaving(one.text) for one in self.blocks[at].anchors)
        ]
        above = sum(at < leaving[-1] for at in places) if leaving else 0
        return leaving[-1] if leaving and 2 * above >= len(places) else len(self.blocks)

    def _take(self, number: int, place: int, anchor: Anchor) -> None:
        address = read_address(anchor.url)
        if address is None or self._is_private(anchor, address):
            return
        ids = read_ids(address.url or "")
        if self._join(anchor, address, ids):
            return
        if not (ids.has_any or _may_be_entry(address)):
            return
        found = self._title(number, place, anchor, ids)
        if found is None:
            return
        one = Find(found[0], address.url, ids, found[1])
        if one.key not in self._keys:
            self._keys.add(one.key)
            self.found.append(one)
            if one.url:
                self.urls.add(one.url)

    def _is_private(self, anchor: Anchor, address: Address) -> bool:
        told = f"{anchor.url} {address.written}".casefold()
        return any(word in told for word in self.own_words)

    def _join(self, anchor: Anchor, address: Address, ids: PaperIds) -> bool:
        """Add a link that is called `PDF` or `Code` to the entry above it."""
        kind = label_of(anchor.text)
        if kind is None or not self.found or address.url is None:
            return kind is not None and not ids.has_any
        last = self.found[-1]
        if ids.has_any and last.ids.has_any and ids != last.ids:
            return False
        last.links.append((kind, address.url))
        last.ids = (
            last.ids.with_gaps_filled(ids) if kind in {LinkKind.PAGE, LinkKind.PDF} else last.ids
        )
        return True

    def _title(self, number: int, place: int, anchor: Anchor, ids: PaperIds) -> _Title | None:
        """Return the title of a link, and the block where it stands."""
        is_paper = ids.has_any
        title = read_title(anchor.text, is_paper=is_paper)
        if title is not None:
            return title, number
        if anchor.text and not is_more(anchor.text) and "://" not in anchor.text:
            return None
        block = self.blocks[number]
        start = block.anchors[place - 1].end if place else 0
        end = block.anchors[place + 1].start if place + 1 < len(block.anchors) else len(block.text)
        for beside in (block.text[start : anchor.start], block.text[anchor.end : end]):
            if title := read_title(_headline(beside), is_paper=is_paper):
                return title, number
        return self._title_near(number, is_paper=is_paper)

    def _title_near(self, number: int, *, is_paper: bool) -> _Title | None:
        """Return the heading above a link without a title, else the short lines next to it."""
        above = list(self._above(number))
        headings = [[at] for at in above if self.blocks[at].is_heading]
        for lines in (*headings, self._paragraph_of(above), self._below(number)):
            text = " ".join(self.blocks[at].text for at in lines)
            if len(text) > _LONGEST_HEADLINE or (is_sentence(text) and lines not in headings):
                continue
            if title := read_title(text, is_paper=is_paper):
                self._taken.update(lines)
                return title, lines[-1]
        return None

    def _above(self, number: int) -> Iterator[int]:
        """Yield the blocks above that belong to no other link, the nearest first."""
        for at in range(number - 1, max(-1, number - 1 - _NEAR), -1):
            if self.blocks[at].anchors or at in self._taken:
                return
            yield at

    def _paragraph_of(self, above: Sequence[int]) -> list[int]:
        """Return the lines of the paragraph that ends just above, without one that names authors."""
        lines = [at for at in above if self.blocks[at].paragraph == self.blocks[above[0]].paragraph]
        lines.reverse()
        ends_in_names = len(lines) > 1 and read_byline(self.blocks[lines[-1]].text) is not None
        return lines[:-1] if ends_in_names else lines

    def _below(self, number: int) -> list[int]:
        """Return the line under an address that stands at the top of its paragraph."""
        if number + 1 == len(self.blocks):
            return []
        below = self.blocks[number + 1]
        is_one = not below.anchors and below.paragraph == self.blocks[number].paragraph
        return [number + 1] if is_one else []


def _headline(text: str) -> str:
    """Return the first part of a text beside an address: its title, before a note about it."""
    for mark in (" — ", " – ", " - ", " | "):
        head, found, rest = text.strip().strip(_AROUND).partition(mark)
        if found and count_words(head) > 2 and rest:  # noqa: PLR2004  as many as a title has
            return head
    return text


def _may_be_entry(address: Address) -> bool:
    """Tell whether a page can be an entry: no home page, and none to manage or to share something."""
    parts = urlsplit(address.written)
    is_home = parts.path.strip("/") == "" and not parts.query
    return not is_home and (address.url is None or not is_frame_path(f"{parts.path}?{parts.query}"))


def _describe(one: Find, blocks: Sequence[Block], end: int, urls: set[str]) -> None:
    """Give an entry the text that belongs to it: of its own block, else of one below."""
    for text in _texts(one, blocks, end, urls):
        byline = read_byline(text) if one.byline is None else None
        if byline:
            one.byline = byline
        elif is_foot(text):
            return
        elif count_words(text[:LONGEST_TITLE]) >= _LEAST_TEXT and text != one.title:
            one.text = text
            return


def _texts(one: Find, blocks: Sequence[Block], end: int, urls: set[str]) -> Iterator[str]:
    """Yield the texts beside and below a title, paragraph by paragraph, up to the next one."""
    yield from _rest(one, blocks[one.block])
    below = (at for at in blocks[one.block + 1 : max(end, one.block + 1)] if _is_text(at, urls))
    paragraphs = groupby(below, key=lambda at: (at.paragraph, at.is_heading))
    for (_, is_heading), lines in islice(paragraphs, _FAR):
        if is_heading:
            return
        texts = [text for line in lines if (text := one_line(line.words))]
        if len(texts) > 1 and read_byline(texts[0]):
            yield texts.pop(0)
        yield " ".join(texts)[:LONGEST_BLOCK]


def _is_text(block: Block, urls: set[str]) -> bool:
    """Tell whether a block is a text: without links, around some, or all a link to what is known."""
    if len(block.text) > 2 * sum(len(anchor.text) for anchor in block.anchors):
        return True
    addresses = [read_address(anchor.url) for anchor in block.anchors]
    return all(one is not None and one.url in urls for one in addresses)


def _rest(one: Find, block: Block) -> Iterator[str]:
    """Yield what stands beside a title in its own block: the sentence it is part of, or what follows."""
    before, found, after = block.words.partition(one.title)
    if not found:
        return
    is_sentence_around = any(sign.isalpha() for sign in before) and label_of(before) is None
    if is_sentence_around and not block.anchors[1:]:
        yield " ".join(block.words.split())
        return
    title_ends = len(before) + len(found)
    following = [anchor.start for anchor in block.anchors if anchor.start >= title_ends]
    until = following[0] - title_ends if following else len(after)
    yield after[:until].strip(f"{_AROUND} (<[")
