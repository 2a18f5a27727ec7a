"""What a template is given of an answer: every value tidy, bounded and ready to be shown."""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from newsletter.errors import RenderingError
from newsletter.model import Answer, Block, Button, DocumentBlock, Letterhead, Listing, Paragraph
from newsletter.rendering.addresses import LONGEST_ADDRESS_OCTETS, link_address, mail_address
from newsletter.rules.answering import PREFERENCES_BEGIN, PREFERENCES_END
from newsletter.rules.composing import shorten, tidy

PREHEADER_CHARACTERS: Final = 150
_NO_BREAK: Final = "\u00a0"
_BLANKS: Final = re.compile(r"^ +| (?= )")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_MARKER_WORDS: Final = (PREFERENCES_BEGIN.lstrip("# "), PREFERENCES_END.lstrip("# "))
# What turns the text around it in another direction could make a line show what it does not say.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of a listing: a term, and what is said of it, which is often empty."""

    term: str
    text: str
    line: str
    """Both on one line, as plain text shows them."""


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block; `kind` says which of the other fields are filled."""

    kind: str
    """`paragraph` (text), `listing` (title, rows), `document` (lines), `button` (label, href)."""
    text: str = ""
    title: str = ""
    rows: tuple[RowView, ...] = ()
    lines: tuple[str, ...] = ()
    """With the marker lines: they must arrive as they are, each alone on its line."""
    html_lines: tuple[str, ...] = ()
    """The same for HTML, where blanks are lost that may break."""
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One message to a person that is no edition."""

    name: str
    subject: str
    preheader: str
    headline: str
    blocks: tuple[BlockView, ...]
    reason: str
    """Why the person gets it, in one sentence."""
    postal_address: str


def view_answer(answer: Answer, head: Letterhead) -> AnswerView:
    """Return what a template shows; raises RenderingError for a button that leads nowhere."""
    blocks = tuple(map(_view_block, answer.blocks))
    first = next((block.text for block in blocks if block.text), "")
    return AnswerView(
        name=tidy(head.name),
        subject=tidy(answer.subject),
        preheader=shorten(first, PREHEADER_CHARACTERS),
        headline=tidy(answer.headline),
        blocks=blocks,
        reason=tidy(answer.reason),
        postal_address=tidy(head.postal_address),
    )


def _view_block(block: Block) -> BlockView:
    match block:
        case Paragraph(text):
            return BlockView("paragraph", text=_tidy(text))
        case Listing(rows, title):
            shown = tuple(_view_row(term, text) for term, text in rows)
            return BlockView("listing", title=tidy(title), rows=shown)
        case DocumentBlock(text):
            lines = (PREFERENCES_BEGIN, *document_lines(text), PREFERENCES_END)
            return BlockView("document", lines=lines, html_lines=tuple(map(_unbreakable, lines)))
        case Button(label, href):
            return BlockView("button", label=tidy(label), href=_button_address(href))


def _view_row(term: str, text: str) -> RowView:
    term, text = tidy(term), _tidy(text)
    return RowView(term, text, " – ".join(filter(None, (term, text))))  # noqa: RUF001 - a dash is meant


def _tidy(text: str) -> str:
    """Return `text` as `tidy` does, but for blanks that hold words together on one line."""
    return _NO_BREAK.join(filter(None, map(tidy, text.split(_NO_BREAK))))


def document_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a document as a mail can carry them to and fro.

    Blanks at the ends of lines go (mail programs drop them), and with them control characters, what turns
    the direction of text, and comments that look like a marker, which would end the block too soon.
    """
    *whole, last = _LINE_END.split(text)
    lines = map(_carried, [*whole, last] if last or not whole else whole)
    return tuple(line for line in lines if not _is_like_marker(line))


def _is_like_marker(line: str) -> bool:
    is_comment = line.lstrip().startswith("#")
    return is_comment and any(words in line.upper() for words in _MARKER_WORDS)


def _carried(line: str) -> str:
    kept = (
        character
        for character in line.replace("\t", " ")
        if category(character) not in {"Cc", "Cs", "Zl", "Zp"} and character not in _REORDERING
    )
    return "".join(kept).rstrip()


def _unbreakable(line: str) -> str:
    """Return `line` with every blank that HTML would drop as one that it keeps."""
    return _BLANKS.sub(lambda found: _NO_BREAK * len(found[0]), line)


def _button_address(href: str) -> str:
    if len(href) > LONGEST_ADDRESS_OCTETS:
        message = f"an answer's button leads to an address of {len(href)} characters"
        raise RenderingError(message)
    return link_address(href) or mail_address(href, "button")
