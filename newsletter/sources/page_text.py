"""The text of a Daily Papers page, as a browser copies it, taken apart.

A page is a header (a few lines, the last of them the page's own date) and then entries. An
entry is a title, an abstract and, on most pages, three lines about it: `• 6 authors` (or the
account and the name of an organization: `amazon Amazon`), a lone dot, and `Jan 7, 2024 1`,
where the present year is left out, and the count of comments when there are none.

**Where an entry ends.** The three lines, found by the lone dot with a date after it, close an
entry. What stands between two such ends is a run of blocks (a block is what empty lines part;
on a page without empty lines every line is one). A closed run of two blocks is a title and an
abstract. A longer or an open run holds entries without the three lines: title and abstract take
turns if every block at the place of an abstract reads as prose and none at the place of a title
does. Otherwise (an abstract of several paragraphs, or none) the run is read block by block:
prose goes on with the entry, what is no prose begins the next.

**Prose** is longer than any title, or has some words and a full stop after or between them, or
many words and a question or an exclamation among them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from newsletter.sources.page_facts import Facts, find_facts
from newsletter.sources.page_lines import (
    Block,
    Line,
    blocks_of,
    lines_of,
    reads_as_prose,
    skip_header,
    text_of,
)
from newsletter.sources.plaintext import cut

_LONGEST_TITLE: Final = 1_000
_LONGEST_ABSTRACT: Final = 20_000


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One entry as the page shows it; None where the page says nothing."""

    title: str
    abstract: str | None = None
    author_count: int | None = None
    organization: str | None = None
    published_on: date | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something on the page that could not be understood; lines count from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """All entries of a page in its order, and what was not understood."""

    entries: tuple[PageEntry, ...]
    doubts: tuple[Doubt, ...]
    is_daily_papers: bool
    """False when neither a header nor the lines about an entry were met."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """The blocks of one entry: its title, then the paragraphs of its abstract."""

    blocks: Sequence[Block]
    facts: Facts | None = None


def read_page(text: str, *, year: int | None = None) -> Page:
    """Take a page apart. Never raises.

    A date without a year is of the page's year: one more than the latest year on the page, or
    `year` when the page shows none, or unknown when that is None.
    """
    body, has_header = skip_header(lines_of(text))
    every_facts = find_facts(body)
    years = [facts.date.year for facts in every_facts if facts.date.year]
    page_year = max(years) + 1 if years else year
    entries: list[PageEntry] = []
    doubts: list[Doubt] = []
    for draft in _drafts(_part(body), every_facts):
        entry, found = _finish(draft, page_year)
        doubts += found
        if entry:
            entries.append(entry)
    return Page(tuple(entries), tuple(doubts), has_header or bool(every_facts))


def _part(lines: Sequence[Line]) -> Sequence[Line]:
    """Make every line a block of its own where the page has no empty lines."""
    if lines and lines[0].block != lines[-1].block:
        return lines
    return [replace(line, block=line.number) for line in lines]


def _drafts(body: Sequence[Line], every_facts: Sequence[Facts]) -> Iterator[_Draft]:
    start = 0
    for facts in every_facts:
        *others, last = _split(blocks_of(body[start : facts.start]), facts)
        yield from map(_Draft, others)
        yield _Draft(last, facts)
        start = facts.end
    yield from map(_Draft, _split(blocks_of(body[start:]), None))


def _split(run: Sequence[Block], facts: Facts | None) -> Sequence[Sequence[Block]]:
    """Return the blocks of each entry of a run; a run closed by facts has at least one entry."""
    if not run:
        return [()] if facts else []
    pairs = [run[at : at + 2] for at in range(0, len(run), 2)]
    if (facts and len(run) == len(pairs[0])) or _takes_turns(run):
        return pairs
    return _split_by_prose(run)


def _takes_turns(run: Sequence[Block]) -> bool:
    is_prose = [reads_as_prose(text_of(block)) for block in run]
    return len(run) % 2 == 0 and not any(is_prose[0::2]) and all(is_prose[1::2])


def _split_by_prose(run: Sequence[Block]) -> Sequence[Sequence[Block]]:
    entries: list[list[Block]] = []
    for block in run:
        if entries and reads_as_prose(text_of(block)):
            entries[-1].append(block)
        else:
            entries.append([block])
    return entries


def _finish(draft: _Draft, page_year: int | None) -> tuple[PageEntry | None, Sequence[Doubt]]:
    facts = draft.facts
    if not draft.blocks:
        line = facts.line if facts else 0
        return None, [Doubt(line, "a date with no title before it; it is left out")]
    title, *rest = map(text_of, draft.blocks)
    abstract = "\n\n".join(rest) or None
    if not facts and not abstract:
        message = f'"{cut(title, 60)}" has neither an abstract nor a date; it is no entry'
        return None, [Doubt(draft.blocks[0][0].number, message)]
    entry = PageEntry(cut(title, _LONGEST_TITLE), abstract and cut(abstract, _LONGEST_ABSTRACT))
    return (
        (_with_facts(entry, facts, page_year), _doubts(facts, page_year)) if facts else (entry, [])
    )


def _with_facts(entry: PageEntry, facts: Facts, page_year: int | None) -> PageEntry:
    return replace(
        entry,
        author_count=facts.author_count,
        organization=facts.organization,
        published_on=facts.date.in_year(page_year),
        comments=facts.date.comments,
    )


def _doubts(facts: Facts, page_year: int | None) -> Sequence[Doubt]:
    found: list[Doubt] = []
    if facts.date.in_year(page_year) is None:
        message = "the date has no year; set `year` of this source in config.yaml"
        if facts.date.year or page_year:
            message = "there is no such day; the date is left out"
        found.append(Doubt(facts.line, message))
    if facts.date.rest and facts.date.comments is None:
        message = f'"{facts.date.rest}" is no count of comments; it is left out'
        found.append(Doubt(facts.line, message))
    return found
