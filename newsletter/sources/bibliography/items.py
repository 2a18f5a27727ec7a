"""One record of a reference manager, whatever its format, as the announcement of a paper."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from newsletter.model import LIBRARY, EntryContent, FetchedEntry, Link, LinkKind
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi, fingerprint
from newsletter.sources.plaintext import cut, one_line, paragraphs
from newsletter.sources.urls import read_url

_LONGEST_TITLE: Final = 1_000
_LONGEST_ABSTRACT: Final = 20_000
_LONGEST_NAME: Final = 300
_MOST_AUTHORS: Final = 5_000
_LONGEST_NOTE: Final = 2_000
_WITHIN: Final = re.compile(
    r"\barxiv:\s?(\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7})", re.IGNORECASE
)
"""How `arXiv preprint arXiv:2605.01234` names a preprint."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a file says of one paper, as it says it. `place` names where, for people.

    `ids` are texts that are an arXiv id or a DOI if they are anything, `notes` may hold an arXiv id.
    """

    place: str
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    ids: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One paper of a file. `announcement` is None where nothing but its id is told.

    `keys` are its arXiv id and its DOI as identity keys have them.
    """

    place: str
    keys: tuple[str, ...]
    announcement: FetchedEntry | None


def refer(record: Record) -> Reference | None:
    """Return the paper of a record; None when it names neither a title nor an id."""
    arxiv_id, doi = _arxiv_id(record), _doi(record)
    keys = (*((f"arxiv:{arxiv_id}",) if arxiv_id else ()), *((f"doi:{doi}",) if doi else ()))
    title = cut(one_line(record.title), _LONGEST_TITLE)
    if not title and not keys:
        return None
    return Reference(record.place, keys, _announce(record, title, arxiv_id, doi))


def _announce(
    record: Record, title: str, arxiv_id: str | None, doi: str | None
) -> FetchedEntry | None:
    if not title:
        return None
    content = EntryContent(
        title=title,
        abstract=cut(paragraphs(record.abstract), _LONGEST_ABSTRACT) or None,
        authors=tuple(_authors(record.authors)),
        venue=cut(one_line(record.venue), _LONGEST_NAME) or None,
        links=tuple(_links(record)),
    )
    # What the file calls it is no name: everybody has a `smith2024`.
    own = fingerprint(title, content.abstract or doi or arxiv_id or "")
    return FetchedEntry(LIBRARY, own, content, arxiv_id=arxiv_id, doi=doi)


def _arxiv_id(record: Record) -> str | None:
    for text in (*record.ids, *record.urls):
        if found := canonical_arxiv_id(text):
            return found[0]
    for note in record.notes:
        within = _WITHIN.search(note[:_LONGEST_NOTE])
        if within and (found := canonical_arxiv_id(within[1])):
            return found[0]
    return None


def _doi(record: Record) -> str | None:
    dois = (canonical_doi(text) for text in (*record.ids, *record.urls))
    # arXiv registers a DOI for each of its papers: it says the same as the id.
    return next((doi for doi in dois if doi and canonical_arxiv_id(doi) is None), None)


def _links(record: Record) -> Iterator[Link]:
    for text in record.urls[:1]:
        if url := read_url(text):
            yield Link(LinkKind.PAGE, url)


def _authors(written: Iterable[str]) -> Iterator[str]:
    """Yield names as people write them: `Last, First` is turned round."""
    for name, _ in zip(map(one_line, written), range(_MOST_AUTHORS), strict=False):
        last, comma, first = name.partition(",")
        whole = f"{first.strip()} {last.strip()}".strip() if comma else name
        if whole:
            yield cut(whole, _LONGEST_NAME)
