"""Preprints of bioRxiv and medRxiv, from their JSON."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from newsletter.errors import FetchError
from newsletter.model import (
    Ask,
    EntryContent,
    FetchedEntry,
    Link,
    LinkKind,
    Manners,
    Page,
    Pull,
    PullOrder,
    SourceName,
)
from newsletter.ports import Visit, Web
from newsletter.rules.fetching import AGAIN, brief
from newsletter.rules.identity import canonical_doi
from newsletter.sources.gathering import Gathering
from newsletter.sources.json_fields import LONGEST_TITLE, JsonFields, read_json

SERVICE: Final = "https://api.biorxiv.org"
_ZONE: Final = ZoneInfo("America/New_York")
_MOST_PAGES: Final = 200
_WEEKEND: Final = 5
_NO_POSTS: Final = re.compile(r"no posts|not found|no results", re.IGNORECASE)
_GLUED: Final = re.compile(
    r"(?:^|(?<=[.!?)]\s)|(?<=\n))"
    r"(Background|Objectives?|Aims?|Introduction|Methods|Results|Conclusions?|Findings|"
    r"Interpretation|Significance|Summary|Abstract|Motivation|Availability)(?=[A-Z][a-z])"
)
"""A heading of the abstract without a space after it; "Methodsville" is none."""


@dataclass(frozen=True, slots=True)
class BiorxivSource:
    """Preprints that `server` posted on the last `look_back` days, in `categories` or in all.

    Of several versions of one preprint the latest is kept; one that is not the first is a
    revision.
    """

    name: SourceName
    web: Web
    server: str = "biorxiv"
    categories: tuple[str, ...] = ()
    look_back: int = 2
    base: str | None = None
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`biorxiv`."""
        return "biorxiv"

    @property
    def service(self) -> str:
        """What is asked: the service, or `base` in its place."""
        return self.base or SERVICE

    def pull(self, order: PullOrder) -> Pull:
        """Return the preprints in the order in which they were posted.

        What came before something broke is kept and the rest a problem; raises SourceError when
        nothing came.
        """
        today = order.now.astimezone(_ZONE).date()
        first = _begin(order, today, self.look_back)
        manners = Manners(pace=self.kind, deadline=self.deadline)
        found = Gathering()
        with self.web.visit(manners, order) as visit:
            for category in self.categories or ("",):
                with found.enduring(category):
                    self._read(visit, category, (first, today), found)
        is_weekend = today.weekday() >= _WEEKEND
        empty = "nothing is posted on a weekend" if is_weekend else "nothing was posted"
        return found.pull(empty, {"read_until": today.isoformat()})

    def _read(self, visit: Visit, category: str, days: tuple[date, date], found: Gathering) -> None:
        for page, records in _pages(visit, self, category, days):
            for number, record in enumerate(records, 1):
                problem = f"{brief(page.url)}: preprint {number} has no DOI or no title: left out"
                found.take(_announce(record, self), problem)


def _begin(order: PullOrder, today: date, look_back: int) -> date:
    """Return the first day asked for: the day of the last pull, where that lies further back."""
    usual = today - timedelta(days=look_back)
    try:
        last = date.fromisoformat(order.memory.get("read_until", ""))
    except ValueError:
        return usual
    return min(usual, max(last - timedelta(days=1), today - timedelta(days=14)))


def _pages(
    visit: Visit, source: BiorxivSource, category: str, days: tuple[date, date]
) -> Iterator[tuple[Page, list[JsonFields]]]:
    cursor = 0
    question = f"?{urlencode({'category': category.replace(' ', '_')})}" if category else ""
    interval = "/".join(day.isoformat() for day in days)
    for _ in range(_MOST_PAGES):
        url = f"{source.service}/details/{source.server}/{interval}/{cursor}/json{question}"
        page = visit.fetch(Ask(url, accept="application/json"))
        answer = _read(page)
        records = list(answer.parts("collection"))
        if not records:
            return
        yield page, records
        cursor += len(records)
        total = next(answer.parts("messages"), JsonFields()).count("total")
        if total is None or cursor >= total:
            return


def _read(page: Page) -> JsonFields:
    """Return the answer; raises FetchError for an error that comes as success."""
    if not page.body.strip():
        fact = f"{brief(page.url)}: the answer is empty although it says 200; the service is down"
        raise FetchError(fact, status=page.status, remedy=AGAIN)
    answer = JsonFields.of(read_json(page))
    status = next(answer.parts("messages"), JsonFields()).text("status") or "without a status"
    if status.lower() != "ok" and not _NO_POSTS.search(status):
        fact = f"{brief(page.url)}: the service says: {status}"
        raise FetchError(fact, status=page.status, remedy=AGAIN)
    return answer


def _announce(record: JsonFields, source: BiorxivSource) -> FetchedEntry | None:
    doi = canonical_doi(record.text("doi") or "")
    title = record.text("title", LONGEST_TITLE)
    if doi is None or title is None:
        return None
    version = record.count("version")
    posted = record.day("date")
    authors = _authors(record.text("authors", 100_000) or "")
    institution = record.text("author_corresponding_institution")
    place = f"https://www.{source.server}.org/content/{quote(doi)}v{version or 1}"
    category = record.text("category")
    journal = canonical_doi(record.text("published") or "")  # "NA" until a journal has it
    content = EntryContent(
        title=title,
        abstract=_unglued(record.prose("abstract")),
        authors=authors,
        author_count=len(authors) or None,
        organization=institution,
        published_on=posted,
        links=(
            Link(LinkKind.PAGE, place),
            Link(LinkKind.PDF, f"{place}.full.pdf"),
            *(Link(LinkKind.PAGE, f"https://doi.org/{quote(one)}") for one in [journal] if one),
        ),
        categories=(category,) if category else (),
        affiliations=(institution,) if institution else (),
        license=record.text("license"),
    )
    return FetchedEntry(
        source=source.name,
        source_id=doi,
        content=content,
        doi=doi,
        version=version,
        topics=source.topics,
        announced_at=datetime.combine(posted, time(), _ZONE) if posted else None,
        is_revision=(version or 1) > 1,
    )


def _authors(written: str) -> tuple[str, ...]:
    """Return the names of `Loos, A. B.; van Dijk, C.` with the family name last."""
    names = (name.strip() for name in written.split(";"))
    return tuple(" ".join(reversed(name.split(", ", 1))) for name in names if name)


def _unglued(abstract: str | None) -> str | None:
    return _GLUED.sub(r"\1: ", abstract) if abstract else None
