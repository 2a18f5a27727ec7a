"""What arXiv's query API says of papers whose ids are known."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from newsletter.errors import FetchError
from newsletter.model import Ask, EntryContent, Page
from newsletter.ports import Visit
from newsletter.rules.fetching import brief
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.arxiv.papers import Paper, abstract_of, links_for, title_of
from newsletter.sources.plaintext import cut, one_line
from newsletter.sources.xml_tree import read_xml, text_of

AT_ONCE: Final = 100
_ACCEPT: Final = "application/atom+xml, application/xml;q=0.9, */*;q=0.1"
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_IS_ERROR: Final = "/api/errors"
_BAD_REQUEST: Final = 400


def ask_api(visit: Visit, base: str, ids: Sequence[str]) -> Iterator[Paper]:
    """Yield what is known of `ids`, at most AT_ONCE of them; of unknown ones nothing comes.

    Raises FetchError, also where the service says in a feed that something was wrong.
    """
    asked = {"id_list": ",".join(ids), "max_results": str(len(ids))}
    url = f"{base}/api/query?{urlencode(asked, safe=',/')}"
    page = visit.fetch(Ask(url, accept=_ACCEPT, expected=frozenset({_BAD_REQUEST})))
    return read_answer(page)


def read_answer(page: Page) -> Iterator[Paper]:
    """Yield the papers of an answer; raises FetchError for one that tells an error."""
    for entry in read_xml(page).iterfind(f"{_ATOM}entry"):
        identifier = text_of(entry, f"{_ATOM}id") or ""
        if _IS_ERROR in identifier:
            reason = cut(one_line(text_of(entry, f"{_ATOM}summary") or "an error"), 300)
            message = f"{brief(page.url)}: arXiv says: {reason}"
            raise FetchError(message, status=page.status)
        found = canonical_arxiv_id(identifier)
        title = title_of(text_of(entry, f"{_ATOM}title"))
        if found and title:
            yield _paper(entry, *found, title)


def _paper(entry: Element, arxiv_id: str, version: int | None, title: str) -> Paper:
    authors = tuple(_texts(entry, f"{_ATOM}author/{_ATOM}name"))
    doi = canonical_doi(text_of(entry, f"{_ARXIV}doi") or "")
    published = _moment(text_of(entry, f"{_ATOM}published"))
    places = _texts(entry, f"{_ATOM}author/{_ARXIV}affiliation")
    content = EntryContent(
        title=title,
        abstract=abstract_of(text_of(entry, f"{_ATOM}summary")),
        authors=authors,
        author_count=len(authors) or None,
        published_on=published.date() if published else None,
        links=links_for(arxiv_id, doi),
        categories=tuple(_terms(entry)),
        affiliations=tuple(dict.fromkeys(places)),
        remark=_line(entry, f"{_ARXIV}comment"),
        venue=_line(entry, f"{_ARXIV}journal_ref"),
    )
    return Paper(arxiv_id, version, content, doi=doi)


def _terms(entry: Element) -> Iterator[str]:
    """Yield the categories, the primary one first."""
    named = [*entry.iterfind(f"{_ARXIV}primary_category"), *entry.iterfind(f"{_ATOM}category")]
    yield from dict.fromkeys(cut(one_line(one.get("term") or ""), 100) for one in named)


def _texts(entry: Element, path: str) -> Iterator[str]:
    for found in entry.iterfind(path):
        if text := cut(one_line(found.text or ""), 300):
            yield text


def _line(entry: Element, path: str) -> str | None:
    return cut(one_line(text_of(entry, path) or ""), 1_000) or None


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
