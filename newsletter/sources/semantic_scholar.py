"""Papers that Semantic Scholar finds for a query, from its JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from newsletter.errors import FetchError
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
from newsletter.sources.json_fields import LONGEST_TITLE, JsonFields, read_json

SERVICE: Final = "https://api.semanticscholar.org"
_MOST_PAGES: Final = 5
_FIELDS: Final = (
    "paperId,externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,authors,"
    "citationCount,fieldsOfStudy,openAccessPdf"
)
_SHARED_POOL: Final = timedelta(seconds=3)
"""Without a key all the world shares one quota: patience is what keeps it going."""


@dataclass(frozen=True, slots=True)
class SemanticScholarSource:
    """Papers published on the last `look_back` days that answer `query`.

    The query is that of its bulk search: `+`, `|`, `-`, quotes, `*` and `~`. `key` asks on one's
    own account.
    """

    name: SourceName
    web: Web
    query: str
    key: str | None = None
    look_back: int = 7
    base: str | None = None
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`semantic-scholar`."""
        return "semantic-scholar"

    @property
    def service(self) -> str:
        """What is asked: the service, or `base` in its place."""
        return self.base or SERVICE

    def pull(self, order: PullOrder) -> Pull:
        """Return the papers, the latest first; raises SourceError when none could be read."""
        interval = timedelta(seconds=1) if self.key else _SHARED_POOL
        manners = Manners(pace=self.kind, interval=interval, deadline=self.deadline)
        found = Gathering()
        problem = "a paper of the answer has no id or no title: left out"
        with self.web.visit(manners, order) as visit, found.enduring():
            for record in self._papers(visit, order.now):
                found.take(self._announce(record), problem)
        return found.pull("no new paper answers the query")

    def _papers(self, visit: Visit, now: datetime) -> Iterator[JsonFields]:
        last = now.astimezone(UTC).date()
        first = last - timedelta(days=self.look_back)
        asked = {
            "query": self.query,
            "fields": _FIELDS,
            "publicationDateOrYear": f"{first.isoformat()}:{last.isoformat()}",
            "sort": "publicationDate:desc",
        }
        headers = (("x-api-key", self.key),) if self.key else ()
        for _ in range(_MOST_PAGES):
            url = f"{self.service}/graph/v1/paper/search/bulk?{urlencode(asked)}"
            answer = JsonFields.of(
                read_json(visit.fetch(Ask(url, accept="application/json", headers=headers)))
            )
            if wrong := answer.text("error") or answer.text("message"):
                message = f"{self.service}: the service says: {wrong}"
                raise FetchError(message)
            found = list(answer.parts("data"))  # absent where nothing was found
            yield from found
            token = answer.text("token", 2_000)
            if not found or not token:
                return
            asked["token"] = token

    def _announce(self, paper: JsonFields) -> FetchedEntry | None:
        identifier, title = paper.text("paperId"), paper.text("title", LONGEST_TITLE)
        if identifier is None or title is None:
            return None
        others = paper.part("externalIds")
        arxiv = canonical_arxiv_id(others.text("ArXiv") or "")
        doi = canonical_doi(others.text("DOI") or "")
        authors = tuple(name for one in paper.parts("authors") if (name := one.text("name")))
        published = paper.day("publicationDate")
        content = EntryContent(
            title=title,
            abstract=paper.prose("abstract"),  # null where a licence forbids to show it
            tldr=paper.part("tldr").prose("text"),
            authors=authors,
            author_count=len(authors) or None,
            published_on=published,
            links=_links(paper, arxiv[0] if arxiv else None, doi),
            categories=paper.texts("fieldsOfStudy", 20),
            venue=paper.text("venue") or paper.part("publicationVenue").text("name"),
            license=paper.part("openAccessPdf").text("license"),
        )
        return FetchedEntry(
            source=self.name,
            source_id=identifier,
            content=content,
            arxiv_id=arxiv[0] if arxiv else None,
            doi=doi,
            topics=self.topics,
            announced_at=datetime.combine(published, time(), UTC) if published else None,
        )


def _links(paper: JsonFields, arxiv: str | None, doi: str | None) -> tuple[Link, ...]:
    pages = [
        f"https://arxiv.org/abs/{arxiv}" if arxiv else None,
        f"https://doi.org/{quote(doi, safe='/:;()')}" if doi else None,
        paper.url("url"),
    ]
    pdf = paper.part("openAccessPdf").url("url")
    return links_of([*((LinkKind.PAGE, url) for url in pages), (LinkKind.PDF, pdf)])
