"""One paper of arXiv, as each of its three services tells of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Final

from newsletter.model import EntryContent, FetchedEntry, Link, LinkKind, SourceName
from newsletter.rules.identity import merge
from newsletter.sources.arxiv.letters import in_unicode
from newsletter.sources.json_fields import LONGEST_ABSTRACT, LONGEST_NAME, LONGEST_TITLE
from newsletter.sources.plaintext import cut, one_line, paragraphs

_MOST_AUTHORS: Final = 5_000


class AnnounceType(IntEnum):
    """How a paper was announced; of several announcements of one day the first here counts."""

    NEW = 0
    CROSS = 1
    REPLACE = 2
    REPLACE_CROSS = 3

    @property
    def is_revision(self) -> bool:
        """Whether the paper was announced before, and this is another version."""
        return self >= AnnounceType.REPLACE


@dataclass(frozen=True, slots=True)
class Paper:
    """One announcement: `arxiv_id` is canonical and without version."""

    arxiv_id: str
    version: int | None
    content: EntryContent
    announced_at: datetime | None = None
    announced_as: AnnounceType = AnnounceType.NEW
    doi: str | None = None

    def entry(self, source: SourceName, topics: tuple[str, ...]) -> FetchedEntry:
        """Return the announcement as a source makes it."""
        return FetchedEntry(
            source=source,
            source_id=self.arxiv_id,
            content=self.content,
            arxiv_id=self.arxiv_id,
            doi=self.doi,
            version=self.version,
            topics=topics,
            announced_at=self.announced_at,
            is_revision=self.announced_as.is_revision,
        )

    def told_by(self, other: "Paper") -> "Paper":
        """Return this announcement with what the query API says of the same paper.

        Its names are in Unicode where the feed writes TeX, so of equally many they are taken.
        """
        content = merge(self.content, other.content)
        if other.content.authors and len(other.content.authors) >= len(self.content.authors):
            content = replace(content, authors=other.content.authors)
        return replace(
            self,
            content=content,
            doi=self.doi or other.doi,
            version=max(self.version or 0, other.version or 0) or None,
        )


@dataclass(slots=True)
class Papers:
    """Papers of several lists, each once, in the order in which they came first."""

    by_id: dict[str, Paper] = field(default_factory=dict)

    def add(self, papers: Iterable[Paper]) -> None:
        """Add papers; one in several lists keeps all categories and the announcement that counts."""
        for paper in papers:
            known = self.by_id.get(paper.arxiv_id)
            self.by_id[paper.arxiv_id] = _joined(known, paper) if known else paper


def _joined(a: Paper, b: Paper) -> Paper:
    first = min(a, b, key=lambda paper: paper.announced_as)
    version = max(a.version or 0, b.version or 0) or None
    return replace(first, content=merge(a.content, b.content), version=version)


def title_of(text: str | None) -> str:
    """Return a title on one line; "0" is one."""
    return cut(one_line(text or ""), LONGEST_TITLE)


def abstract_of(text: str | None) -> str | None:
    """Return an abstract without hard line ends and leading spaces."""
    return cut(paragraphs(text or ""), LONGEST_ABSTRACT) or None


def links_for(arxiv_id: str, doi: str | None = None) -> tuple[Link, ...]:
    """Return the links every paper has: its page, its PDF, and where a journal has it."""
    own = (
        Link(LinkKind.PAGE, f"https://arxiv.org/abs/{arxiv_id}"),
        Link(LinkKind.PDF, f"https://arxiv.org/pdf/{arxiv_id}"),
    )
    return (*own, Link(LinkKind.PAGE, f"https://doi.org/{doi}")) if doi else own


def split_names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names and the affiliations of `A B, C D (Cornell University, Ithaca), E`.

    Commas within brackets separate nothing.
    """
    names: list[str] = []
    places: list[str] = []
    current: list[str] = []
    depth = 0
    for piece in re.split(r"([(),])", in_unicode(one_line(text))):
        if piece == "(":
            depth += 1
            if depth == 1:
                current, name = [], "".join(current)
                names.append(name)
                continue
        elif piece == ")" and depth:
            depth -= 1
            if depth == 0:
                places.append("".join(current))
                current = []
                continue
        elif piece == "," and depth == 0:
            names.append("".join(current))
            current = []
            continue
        current.append(piece)
    (places if depth else names).append("".join(current))
    return _distinct(names)[:_MOST_AUTHORS], _distinct(places)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    shown = (cut(text.strip(), LONGEST_NAME) for text in texts)
    return tuple(dict.fromkeys(text for text in shown if text))
