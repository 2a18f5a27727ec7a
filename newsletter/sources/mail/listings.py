r"""The daily mails of arXiv: papers between lines of two backslashes, as plain text.

A paper has a header of fields, then its abstract, then `\\ ( https://arxiv.org/abs/… , 12kb)`. One
that was replaced by a new version has no abstract; one from another list says `(*cross-listing*)`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Final

from newsletter.model import EntryContent
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.arxiv.papers import (
    AnnounceType,
    Paper,
    abstract_of,
    links_for,
    split_names,
    title_of,
)
from newsletter.sources.json_fields import LONGEST_NAME
from newsletter.sources.plaintext import cut, one_line

MOST_PAPERS: Final = 5_000
_RULE: Final = "\\\\"
_LINE: Final = "-----"
_FIELD: Final = re.compile(
    r"(title|authors?|categories|comments|journal-ref|doi|license|report-no|msc-class|acm-class|date)"
    r"\s?:\s?(.*)",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(?:arXiv|Paper)\s?:\s?(\S{6,40})(.*)", re.IGNORECASE)
_LONGEST_FIELD: Final = 50_000
_LAST_AND: Final = re.compile(r",?\s+and\s+")
_SIZE: Final = re.compile(r"\s*\([\d.]+\s?kb.*", re.IGNORECASE)


@dataclass(slots=True)
class _Record:
    """One paper while it is read."""

    named: str
    rest: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    abstract: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def line(self, key: str) -> str:
        return one_line("\n".join(self.fields.get(key, ()))[:_LONGEST_FIELD])


def is_listing(text: str) -> bool:
    """Tell whether a mail is one of arXiv's lists."""
    lines = text.split("\n", 2_000)
    return any(
        line.rstrip() == _RULE and _NAMED.match(following) for line, following in pairwise(lines)
    )


def read_listing(text: str) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """Return the papers of a list, and what is wrong with others, in their order."""
    papers: list[Paper] = []
    problems: list[str] = []
    for record in _records(text):
        if len(papers) >= MOST_PAPERS:
            problems.append(f"the list has more than {MOST_PAPERS:,} papers: the rest is left out")
            break
        paper = _paper(record)
        if paper is None:
            problems.append(f'"{cut(record.named, 60)}" has no title or no id: left out')
        else:
            papers.append(paper)
    return tuple(papers), tuple(problems)


def _records(text: str) -> Iterator[_Record]:
    """Yield the papers; what stands between two of them is passed over."""
    record: _Record | None = None
    in_abstract = False
    after_rule = False
    last = ""
    for line in text.split("\n"):
        bare = line.rstrip()
        if bare.startswith(_RULE):
            ends = record is not None and (bare != _RULE or in_abstract)
            if ends and record is not None:
                yield record
                record = None
            in_abstract = record is not None
            after_rule = True
        elif record is not None and in_abstract and bare.startswith(_LINE):
            yield record
            record = None
        elif record is not None and in_abstract:
            record.abstract.append(bare)
        elif record is not None:
            last = _read_header_line(record, bare, last)
        elif after_rule and (named := _NAMED.match(bare)):
            record, in_abstract, last = _Record(named[1], named[2]), False, ""
        elif bare:
            after_rule = False
    if record is not None:
        yield record


def _read_header_line(record: _Record, line: str, last: str) -> str:
    """Take one line of a header; return the name of the field that the next one may go on with."""
    found = _FIELD.match(line)
    if found:
        name = found[1].lower()
        record.fields.setdefault(name, []).append(found[2])
        return name
    if last and line[:1].isspace() and line.strip():
        record.fields[last].append(line)
        return last
    record.notes.append(line)
    return ""


def _paper(record: _Record) -> Paper | None:
    found = canonical_arxiv_id(record.named) or canonical_arxiv_id(record.named.rstrip(".,;"))
    title = title_of(record.line("title"))
    if found is None or not title:
        return None
    told = ", ".join(_LAST_AND.split(record.line("authors") or record.line("author")))
    authors, affiliations = split_names(told)
    doi = canonical_doi(record.line("doi").partition(" ")[0])
    return Paper(
        arxiv_id=found[0],
        version=found[1],
        content=EntryContent(
            title=title,
            abstract=abstract_of("\n".join(record.abstract)),
            authors=authors,
            author_count=len(authors) or None,
            published_on=_day(record),
            links=links_for(found[0], doi),
            categories=tuple(dict.fromkeys(record.line("categories").split()))[:50],
            affiliations=()
            if any(one.strip("0123456789 ,") == "" for one in affiliations)
            else affiliations,
            remark=cut(record.line("comments"), LONGEST_NAME) or None,
            venue=cut(record.line("journal-ref"), LONGEST_NAME) or None,
            license=cut(record.line("license"), LONGEST_NAME) or None,
        ),
        announced_as=_kind(record),
        doi=doi,
    )


def _kind(record: _Record) -> AnnounceType:
    notes = " ".join(record.notes[:5]).lower()
    is_cross = "cross-listing" in record.rest.lower()
    if "replaced with" in notes:
        return AnnounceType.REPLACE_CROSS if is_cross else AnnounceType.REPLACE
    return AnnounceType.CROSS if is_cross else AnnounceType.NEW


def _day(record: _Record) -> date | None:
    """Return the day on which the first version was sent in, as far as this is it."""
    try:
        return parsedate_to_datetime(_SIZE.sub("", record.line("date"))[:60]).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
