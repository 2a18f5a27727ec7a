"""Entries and topics as the API answers with them."""

from datetime import date, datetime
from typing import Self

from newsletter.model import CatalogueTopic, Entry, EntryContent
from newsletter.web.api.records.forms import Record


class LinkRecord(Record):
    """Where to read on."""

    kind: str
    url: str


class EntryRecord(Record):
    """One paper or post."""

    id: str
    title: str
    abstract: str | None
    tldr: str | None
    authors: list[str]
    author_count: int | None
    organization: str | None
    published_on: date | None
    upvotes: int | None
    comments: int | None
    categories: list[str]
    links: list[LinkRecord]
    sources: list[str]
    first_seen_at: datetime
    release_no: int

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the record of an entry."""
        return cls(
            **_texts(entry.content),
            id=entry.id,
            sources=list(entry.sources),
            first_seen_at=entry.first_seen_at,
            release_no=entry.release_no,
        )


def _texts(content: EntryContent) -> dict[str, object]:
    return {
        "title": content.title,
        "abstract": content.abstract,
        "tldr": content.tldr,
        "authors": list(content.authors),
        "author_count": content.author_count,
        "organization": content.organization,
        "published_on": content.published_on,
        "upvotes": content.upvotes,
        "comments": content.comments,
        "categories": list(content.categories),
        "links": [LinkRecord(kind=link.kind, url=link.url) for link in content.links],
    }


class EntryPage(Record):
    """Some entries; `next` is what to ask `after` for more, None at the end."""

    entries: list[EntryRecord]
    next: int | None


class TopicRecord(Record):
    """A topic of the catalogue."""

    name: str
    title: str
    query: str | None
    about: str | None
    is_default: bool

    @classmethod
    def of(cls, offered: CatalogueTopic) -> Self:
        """Return the record of a topic."""
        topic = offered.topic
        return cls(
            name=topic.name,
            title=topic.title,
            query=topic.query,
            about=topic.about,
            is_default=offered.is_default,
        )


class TopicList(Record):
    """The catalogue."""

    topics: list[TopicRecord]
