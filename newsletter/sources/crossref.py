"""Works registered with Crossref that answer a query, from its JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from newsletter.model import (
    Ask,
    EntryContent,
    FetchedEntry,
    Link,
    LinkKind,
    Manners,
    Pull,
    PullOrder,
    SourceName,
)
from newsletter.ports import Visit, Web
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.gathering import Gathering, links_of
from newsletter.sources.json_fields import LONGEST_ABSTRACT, LONGEST_TITLE, JsonFields, read_json
from newsletter.sources.markup import plain, plain_line
from newsletter.sources.plaintext import cut
from newsletter.sources.row import Raw

SERVICE: Final = "https://api.crossref.org"
_ROWS: Final = 100
_MOST_PAGES: Final = 20
_MOST_AUTHORS: Final = 5_000
_MOST_LINKS: Final = 5
_PDF: Final = "application/pdf"
_FIELDS: Final = (
    "DOI,title,subtitle,abstract,author,container-title,created,posted,published,type,subtype,"
    "license,link,URL,language,relation,group-title,institution"
)


@dataclass(frozen=True, slots=True)
class CrossrefSource:
    """Works of `types` registered on the last `look_back` days that answer `query`.

    `contact` is an address that the registry can write to: who names one is served politely.
    """

    name: SourceName
    web: Web
    query: str
    types: tuple[str, ...]
    contact: str
    look_back: int = 3
    base: str | None = None
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`crossref`."""
        return "crossref"

    @property
    def service(self) -> str:
        """What is asked: the service, or `base` in its place."""
        return self.base or SERVICE

    def pull(self, order: PullOrder) -> Pull:
        """Return the works, the latest first; raises SourceError when none could be read.

        What came before something broke is kept, and the rest a problem.
        """
        manners = Manners(pace=self.kind, deadline=self.deadline)
        found = Gathering()
        with self.web.visit(manners, order) as visit, found.enduring():
            for place, record in self._works(visit, order.now):
                found.take(self._announce(record), f"{place} has no DOI or no title: left out")
        return found.pull("nothing was registered that answers the query")

    def _works(self, visit: Visit, now: datetime) -> Iterator[tuple[str, JsonFields]]:
        since = now.astimezone(UTC).date() - timedelta(days=self.look_back)
        kinds = (f"type:{kind}" for kind in self.types)
        asked = {
            "query": self.query,
            "filter": ",".join([f"from-created-date:{since.isoformat()}", *kinds]),
            "sort": "created",
            "order": "desc",
            "rows": str(_ROWS),
            "select": _FIELDS,
            "mailto": self.contact,
        }
        cursor = "*"
        for _ in range(_MOST_PAGES):
            url = f"{self.service}/works?{urlencode(asked | {'cursor': cursor})}"
            page = visit.fetch(Ask(url, accept="application/json"))
            message = JsonFields.of(read_json(page)).part("message")
            items = list(message.parts("items"))
            for number, item in enumerate(items, 1):
                yield f"{self.service}/works: work {number}", item
            following = message.text("next-cursor", 2_000)
            if len(items) < _ROWS or not following or following == cursor:
                return
            cursor = following

    def _announce(self, work: JsonFields) -> FetchedEntry | None:
        doi = canonical_doi(work.text("DOI") or "")
        title = _title(work)
        if doi is None or not title:
            return None
        arxiv = canonical_arxiv_id(doi)
        authors = tuple(name for name in map(_author, work.parts("author")) if name)[:_MOST_AUTHORS]
        published = _day(work, "posted") or _day(work, "published") or _day(work, "created")
        venue = _first(work.list("container-title")) or work.text("group-title")
        affiliations = _affiliations(work)
        content = EntryContent(
            title=title,
            abstract=cut(plain(_raw(work, "abstract")), LONGEST_ABSTRACT) or None,
            authors=authors,
            author_count=len(authors) or None,
            organization=affiliations[0] if affiliations else None,
            published_on=published,
            links=_links(work, doi),
            language=work.text("language"),
            affiliations=affiliations,
            venue=plain_line(venue) if venue else None,
            license=next((url for url in _urls(work, "license") if url), None),
        )
        return FetchedEntry(
            source=self.name,
            source_id=doi,
            content=content,
            arxiv_id=arxiv[0] if arxiv else None,
            doi=doi,
            topics=self.topics,
            announced_at=work.part("created").moment("date-time"),
        )


def _title(work: JsonFields) -> str:
    """Return title and subtitle, which are lists that may be empty."""
    title, subtitle = _first(work.list("title")), _first(work.list("subtitle"))
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title.removesuffix(':')}: {subtitle}"
    return cut(plain_line(title or ""), LONGEST_TITLE)


def _first(values: object) -> str | None:
    listed = values if isinstance(values, list | tuple) else ()
    return next((one for one in listed if isinstance(one, str) and one.strip()), None)


def _raw(work: JsonFields, key: str) -> str:
    value: Raw = work.values.get(key)
    return value if isinstance(value, str) else ""


def _author(author: JsonFields) -> str | None:
    parts = (author.text("given"), author.text("family"))
    return " ".join(part for part in parts if part) or author.text("name")


def _affiliations(work: JsonFields) -> tuple[str, ...]:
    named = (
        place.text("name")
        for author in work.parts("author")
        for place in author.parts("affiliation")
    )
    return tuple(dict.fromkeys(name for name in named if name))[:50]


def _day(work: JsonFields, key: str) -> date | None:
    """Return a day of `date-parts`, one to three numbers: of a year or month alone its first."""
    parts = next(iter(work.part(key).list("date-parts")), None)
    numbers = [part for part in parts if isinstance(part, int)] if isinstance(parts, list) else []
    try:
        return date(*[*numbers, 1, 1][:3]) if numbers else None
    except ValueError:
        return None


def _links(work: JsonFields, doi: str) -> tuple[Link, ...]:
    page = f"https://doi.org/{quote(doi, safe='/:;()')}"
    pdfs = (link.url("URL") for link in work.parts("link") if link.text("content-type") == _PDF)
    return links_of([(LinkKind.PAGE, page), *((LinkKind.PDF, url) for url in pdfs)])[:_MOST_LINKS]


def _urls(work: JsonFields, key: str) -> Iterator[str | None]:
    return (one.url("URL") for one in work.parts(key))
