"""What arXiv changed since a day, from OAI-PMH (Open Archives Initiative, version 2.0)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from newsletter.errors import FetchError
from newsletter.model import Ask, EntryContent
from newsletter.ports import Visit
from newsletter.rules.fetching import brief
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.arxiv.papers import (
    AnnounceType,
    Paper,
    abstract_of,
    links_for,
    title_of,
)
from newsletter.sources.plaintext import cut, one_line
from newsletter.sources.xml_tree import read_xml, text_of

_OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
_ARXIV: Final = "{http://arxiv.org/OAI/arXiv/}"
_MOST_PAGES: Final = 50
_NOTHING: Final = frozenset({"noRecordsMatch"})
_FRESH: Final = timedelta(days=6)
"""A paper made so long before the days asked for, or longer, was announced before them."""
_OF_PHYSICS: Final = frozenset(
    """astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th physics
    quant-ph""".split()  # noqa: SIM905  a list would be 13 lines long
)


def set_of(category: str) -> str:
    """Return the name of a category as the service groups it: `cs:cs:LG`, `physics:hep-th`."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _OF_PHYSICS else archive
    parts = [group, archive] if subject or group != archive else [group]
    return ":".join([*parts, subject] if subject else parts)


def harvest(visit: Visit, base: str, category: str, days: tuple[date, date]) -> Iterator[Paper]:
    """Yield the papers of a category that were made or changed on `days`, first and last.

    The service dates changes, not submissions: one that was made long before is a revision.
    Raises FetchError.
    """
    first, last = days
    asked = {
        "verb": "ListRecords",
        "metadataPrefix": "arXiv",
        "from": first.isoformat(),
        "until": last.isoformat(),
        "set": set_of(category),
    }
    for _ in range(_MOST_PAGES):
        page = visit.fetch(Ask(f"{base}/oai?{urlencode(asked)}", accept="text/xml, */*;q=0.1"))
        root = read_xml(page)
        error = root.find(f"{_OAI}error")
        if error is not None:
            if error.get("code") in _NOTHING:
                return
            reason = cut(one_line(error.text or error.get("code") or "an error"), 300)
            message = f"{brief(page.url)}: arXiv says: {reason}"
            raise FetchError(message, status=page.status)
        for record in root.iterfind(f"{_OAI}ListRecords/{_OAI}record"):
            if paper := _paper(record, first):
                yield paper
        token = text_of(root, f"{_OAI}ListRecords/{_OAI}resumptionToken")
        if not token:
            return
        asked = {"verb": "ListRecords", "resumptionToken": token}


def _paper(record: Element, first: date) -> Paper | None:
    header = record.find(f"{_OAI}header")
    told = record.find(f"{_OAI}metadata/{_ARXIV}arXiv")
    if told is None or (header is not None and header.get("status") == "deleted"):
        return None
    found = canonical_arxiv_id(text_of(told, f"{_ARXIV}id") or "")
    title = title_of(text_of(told, f"{_ARXIV}title"))
    if found is None or not title:
        return None
    doi = canonical_doi((text_of(told, f"{_ARXIV}doi") or "").split(" ")[0])
    made = _day(text_of(told, f"{_ARXIV}created"))
    is_revision = made is not None and made <= first - _FRESH
    authors = tuple(_names(told))
    content = EntryContent(
        title=title,
        abstract=abstract_of(text_of(told, f"{_ARXIV}abstract")),
        authors=authors,
        author_count=len(authors) or None,
        published_on=made,
        links=links_for(found[0], doi),
        categories=tuple((text_of(told, f"{_ARXIV}categories") or "").split()[:50]),
        affiliations=tuple(dict.fromkeys(_affiliations(told))),
        remark=one_line(text_of(told, f"{_ARXIV}comments") or "") or None,
        venue=one_line(text_of(told, f"{_ARXIV}journal-ref") or "") or None,
        license=text_of(told, f"{_ARXIV}license"),
    )
    kind = AnnounceType.REPLACE if is_revision else AnnounceType.NEW
    return Paper(found[0], None, content, announced_as=kind, doi=doi)


def _names(told: Element) -> Iterator[str]:
    for author in told.iterfind(f"{_ARXIV}authors/{_ARXIV}author"):
        parts = (text_of(author, f"{_ARXIV}{name}") for name in ("forenames", "keyname", "suffix"))
        if name := cut(one_line(" ".join(part for part in parts if part)), 300):
            yield name


def _affiliations(told: Element) -> Iterator[str]:
    for place in told.iterfind(f"{_ARXIV}authors/{_ARXIV}author/{_ARXIV}affiliation"):
        if name := cut(one_line(place.text or ""), 300):
            yield name


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
