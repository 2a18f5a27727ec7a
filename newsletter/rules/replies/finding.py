"""From a mail to the document that its writer meant."""

from collections.abc import Sequence
from itertools import groupby, islice, takewhile
from typing import Final

from newsletter.model import InboundMail
from newsletter.rules.replies.assembling import Written, assemble
from newsletter.rules.replies.blocks import Block, find_blocks
from newsletter.rules.replies.found import DoubtError, Found, NoBlock, SeenLine, Why
from newsletter.rules.replies.html_lines import html_lines
from newsletter.rules.replies.lines import MailLine, plain_lines
from newsletter.rules.replies.sent import Sent, read_sent

MOST_BLOCK_LINES: Final = 1_000
MOST_BLOCK_CHARACTERS: Final = 32_768
"""Twice what a document may have: programs lengthen it."""
_MOST_BLOCKS: Final = 4
"""So many are read that are quoted alike: one that was sent, one that was edited, and older ones."""

_NONE: Final = NoBlock(
    Why.NO_BLOCK,
    "the lines # BEGIN PREFERENCES and # END PREFERENCES are missing; keep both in your answer",
)
_CUT: Final = NoBlock(
    Why.CUT,
    "one of the lines # BEGIN PREFERENCES and # END PREFERENCES is missing; send the whole block",
)
_SAME: Final = NoBlock(Why.UNCHANGED, "the block is the one that was sent")
_TOO_LONG: Final = NoBlock(
    Why.UNCERTAIN, "the mail is longer than any document; send the block alone"
)
_TWO: Final = NoBlock(
    Why.UNCERTAIN, "there are two blocks that say different things; send one of them alone"
)
_DISAGREE: Final = NoBlock(
    Why.UNCERTAIN,
    "the formatted text and the plain text of the mail say different things; send plain text",
)

_Look = Found | NoBlock


def find_block(mail: InboundMail, sent: str) -> Found | NoBlock:
    """Return the document that a person meant when they answered the block `sent`.

    `sent` is the text between the marker lines as it was mailed. What a mail program did to the
    lines is undone by comparison with it; what was typed stays as it was typed. Nothing is
    guessed: where a line can be read in two ways, a marker line is missing, or the two parts of the
    mail differ, the result says so. Never raises; time grows with the length of the mail only.
    """
    known = read_sent(sent)
    plain = html = None
    if mail.plain is not None:
        flows = mail.is_flowed
        lines = plain_lines(mail.plain, is_flowed=flows, is_delsp=flows and mail.is_delsp)
        plain = _look(lines, known, is_html=False)
    if mail.html is not None:
        html = _look(html_lines(mail.html), known, is_html=True)
    return _agree(plain or _NONE, html or _NONE)


def _look(lines: Sequence[MailLine] | None, sent: Sent, *, is_html: bool) -> _Look:
    """Read one part of the mail: the least quoted block that is not the sent one."""
    if lines is None:
        return _TOO_LONG
    blocks = find_blocks(lines)
    result, rank = _least_quoted(blocks.whole, sent, is_html=is_html)
    # A block that lost a marker line may be the one that was edited.
    if blocks.strays and (result is _NONE or blocks.strays[0] <= rank):
        return _CUT
    return result


def _least_quoted(blocks: Sequence[Block], sent: Sent, *, is_html: bool) -> tuple[_Look, int]:
    """Return the result that counts, and how deep its block is quoted.

    What is quoted deeper than a block that came back as it was sent is older than that one. Only an
    unquoted copy says nothing: the quotation below it may be what was edited.
    """
    result: tuple[_Look, int] = _NONE, 0
    for rank, alike in groupby(blocks, key=lambda block: block.rank):
        level = list(islice(alike, _MOST_BLOCKS + 1))
        if len(level) > _MOST_BLOCKS:
            return _TOO_LONG, rank
        result = _one_of([_read(block, sent, is_html=is_html) for block in level]), rank
        if result[0] is not _SAME or rank > 0:
            break
    return result


def _one_of(looks: Sequence[_Look]) -> _Look:
    """Choose between blocks that are quoted alike, topmost first."""
    if all(look is _SAME for look in looks):
        return _SAME
    changed = list(takewhile(lambda look: look is not _SAME, looks))
    if not changed or any(not _is_same(look, changed[0]) for look in changed):
        return _TWO
    return changed[0]


def _is_same(one: _Look, other: _Look) -> bool:
    if isinstance(one, Found) and isinstance(other, Found):
        return one.text == other.text
    return one == other


def _read(block: Block, sent: Sent, *, is_html: bool) -> _Look:
    size = sum(len(line.text) for line in block.lines)
    if len(block.lines) > MOST_BLOCK_LINES or size > MOST_BLOCK_CHARACTERS:
        return _TOO_LONG
    try:
        written = assemble(block.lines, sent, is_html=is_html)
    except DoubtError as error:
        place = SeenLine(error.number - block.start, error.text)
        return NoBlock(Why.UNCERTAIN, error.doubt, place)
    if _told(written) == [line.whole for line in sent.lines]:
        return _SAME
    text = "".join(f"{one.text}\n" for one in written)
    seen = (SeenLine(one.line.number - block.start, one.line.shown) for one in written)
    return Found(text, tuple(seen))


def _told(written: Sequence[Written]) -> list[str]:
    return [one.text for one in written if one.text]


def _agree(plain: _Look, html: _Look) -> _Look:
    """Choose between the two parts of a mail: one that can be read counts, two must agree."""
    if isinstance(plain, Found) and isinstance(html, Found):
        if _meant(plain.text) == _meant(html.text):
            return plain
        return html if _is_poorer(plain.text, html.text) else _DISAGREE
    for one, other in ((plain, html), (html, plain)):
        if isinstance(one, Found):
            return _DISAGREE if other is _SAME else one
    every = (plain, html)
    for why in (Why.UNCHANGED, Why.UNCERTAIN, Why.CUT):
        if found := next(
            (one for one in every if isinstance(one, NoBlock) and one.why is why), None
        ):
            return found
    return _NONE


def _meant(text: str) -> list[str]:
    """Return what counts of a document: no empty lines, no comments."""
    lines = (line.rstrip() for line in text.split("\n"))
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def _is_poorer(plain: str, html: str) -> bool:
    """Whether a plain part has a "?" where its charset lacks a letter, and is the same else."""
    pairs = zip(plain, html, strict=False)
    return len(plain) == len(html) and all(
        one == other or (one == "?" and not other.isascii()) for one, other in pairs
    )
