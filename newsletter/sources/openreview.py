"""Papers of venues at OpenReview, from the JSON of its second interface."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode, urljoin

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
from newsletter.rules.identity import canonical_arxiv_id
from newsletter.sources.gathering import Gathering, links_of
from newsletter.sources.json_fields import LONGEST_TITLE, JsonFields, read_json
from newsletter.sources.urls import read_url

SERVICE: Final = "https://api2.openreview.net"
PAGES: Final = "https://openreview.net"
_AT_ONCE: Final = 1000
_MOST_PAGES: Final = 30
_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class OpenReviewSource:
    """Papers that stand under `venues`: withdrawn and rejected ones stand under names of their own.

    Guests may be turned away: with `username` and `password` the source signs in first.
    """

    name: SourceName
    web: Web
    venues: tuple[str, ...]
    username: str | None = None
    password: str | None = None
    base: str | None = None
    deadline: timedelta = timedelta(minutes=2)
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`openreview`."""
        return "openreview"

    @property
    def service(self) -> str:
        """What is asked: the service, or `base` in its place."""
        return self.base or SERVICE

    def pull(self, order: PullOrder) -> Pull:
        """Return the papers of all venues, the latest first; raises SourceError when there is none.

        A venue that cannot be read is a problem.
        """
        manners = Manners(pace=self.kind, deadline=self.deadline)
        found = Gathering()
        with self.web.visit(manners, order) as visit:
            headers = self._sign_in(visit)
            for venue in self.venues:
                with found.enduring(venue):
                    for note in self._notes(visit, venue, headers):
                        problem = f"{venue}: a paper has no id or no title: left out"
                        found.take(self._announce(note, venue), problem)
        pull = found.pull("no paper stands under these venues")
        return replace(pull, entries=tuple(sorted(pull.entries, key=_seniority, reverse=True)))

    def _sign_in(self, visit: Visit) -> tuple[tuple[str, str], ...]:
        if self.username is None or self.password is None:
            return ()
        body = json.dumps({"id": self.username, "password": self.password}).encode()
        ask = Ask(f"{self.service}/login", accept="application/json", body=body)
        token = JsonFields.of(read_json(visit.fetch(ask))).text("token", 10_000)
        return (("Authorization", f"Bearer {token}"),) if token else ()

    def _notes(
        self, visit: Visit, venue: str, headers: tuple[tuple[str, str], ...]
    ) -> Iterator[JsonFields]:
        read = 0
        for _ in range(_MOST_PAGES):
            asked = {
                "content.venueid": venue,
                "limit": _AT_ONCE,
                "offset": read,
                "sort": "cdate:desc",
            }
            url = f"{self.service}/notes?{urlencode(asked)}"
            try:
                page = visit.fetch(Ask(url, accept="application/json", headers=headers))
            except FetchError as error:
                if error.status != _FORBIDDEN or headers:
                    raise
                remedy = "guests are turned away: set username and password"
                raise FetchError(error.fact, status=error.status, remedy=remedy) from error
            notes = list(JsonFields.of(read_json(page)).parts("notes"))
            yield from notes
            read += len(notes)
            if len(notes) < _AT_ONCE:
                return

    def _announce(self, note: JsonFields, venue: str) -> FetchedEntry | None:
        content = _unwrapped(note.part("content"))
        identifier = note.text("forum") or note.text("id")
        title = content.text("title", LONGEST_TITLE)
        if identifier is None or title is None:
            return None
        authors = content.texts("authors")
        made = _moment(note, "odate") or _moment(note, "pdate") or _moment(note, "cdate")
        arxiv = canonical_arxiv_id(content.text("arxiv") or content.text("arxiv_id") or "")
        return FetchedEntry(
            source=self.name,
            source_id=identifier,
            content=EntryContent(
                title=title,
                abstract=content.prose("abstract"),
                tldr=content.prose("TLDR") or content.prose("TL;DR"),
                authors=authors,
                author_count=len(authors) or None,
                published_on=made.date() if made else None,
                links=_links(content, identifier),
                keywords=content.texts("keywords", 50),
                venue=content.text("venue") or venue,
            ),
            arxiv_id=arxiv[0] if arxiv else None,
            topics=self.topics,
            announced_at=made,
        )


def _unwrapped(content: JsonFields) -> JsonFields:
    """Return the fields of a paper without the `{value: …}` that the second interface puts around."""
    return JsonFields(
        {
            key: value.get("value") if isinstance(value, dict) else value
            for key, value in content.values.items()
        }
    )


def _moment(note: JsonFields, key: str) -> datetime | None:
    """Return a moment given in milliseconds since 1970."""
    value = note.values.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _links(content: JsonFields, identifier: str) -> tuple[Link, ...]:
    page = f"{PAGES}/forum?id={quote(identifier, safe='')}"
    pdf = content.text("pdf", 2_000)
    return links_of(
        [
            (LinkKind.PAGE, page),
            (LinkKind.PDF, read_url(urljoin(PAGES, pdf)) if pdf else None),
            (LinkKind.CODE, content.url("code")),
            (LinkKind.DISCUSSION, page),
        ]
    )


def _seniority(entry: FetchedEntry) -> datetime:
    return entry.announced_at or datetime.min.replace(tzinfo=UTC)
