"""What was found in a mail, as entries of a source."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from newsletter.model import EntryContent, FetchedEntry, InboundMail, LinkKind, SourceName
from newsletter.sources.gathering import links_of
from newsletter.sources.json_fields import LONGEST_ABSTRACT
from newsletter.sources.mail.finding import Find
from newsletter.sources.plaintext import cut, one_line
from newsletter.sources.urls import read_url

_LONGEST_DATE: Final = 100
_MOST_LINKS: Final = 20
_OF_IDS: Final = ("arxiv.org", "doi.org", "openreview.net")
"""Hosts whose addresses are written in one way, out of the ids that they hold."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a mail beside what it says.

    `own_words` stand in addresses that only we may see: the token that the mail was sent to.
    """

    source: SourceName
    received_at: datetime
    topics: tuple[str, ...] = ()
    own_words: tuple[str, ...] = ()


def announce(one: Find, mail: InboundMail, envelope: Envelope, at: datetime) -> FetchedEntry:
    """Return what was found in a mail of that date as the entry that it announces."""
    byline = one.byline
    arxiv = one.ids.arxiv or (byline.arxiv_id if byline else None)
    authors = byline.authors if byline else ()
    is_whole = byline is not None and not byline.is_cut
    return FetchedEntry(
        source=envelope.source,
        source_id=_source_id(one, mail, arxiv),
        content=EntryContent(
            title=one_line(one.title),
            abstract=cut(one.text, LONGEST_ABSTRACT) or None,
            authors=authors,
            author_count=len(authors) if is_whole else None,
            links=links_of(_links(one)),
            venue=byline.venue if byline else None,
        ),
        arxiv_id=arxiv,
        doi=one.ids.doi,
        version=one.ids.version,
        topics=envelope.topics,
        announced_at=at,
    )


def _source_id(one: Find, mail: InboundMail, arxiv: str | None) -> str:
    """Return the paper's id, else the address, else mail and title: so nothing comes up twice."""
    told = arxiv or one.ids.doi or one.ids.openreview
    if told:
        return told
    name = one.url or f"{mail.message_id}\n{one.title}"
    return sha256(name.encode(errors="replace")).hexdigest()[:32]


def _links(one: Find) -> Iterator[tuple[LinkKind, str | None]]:
    """Yield the pages of its ids and the address itself, unless that is one of those pages."""
    url = read_url(one.url or "")
    host = urlsplit(url or "").hostname or ""
    is_pdf = url is not None and ("/pdf" in url or url.lower().endswith(".pdf"))
    is_own_page = one.ids.has_any and not is_pdf and host.endswith(_OF_IDS)
    if not is_pdf and not is_own_page:
        yield LinkKind.PAGE, url
    yield from one.ids.pages()
    if is_pdf:
        yield LinkKind.PDF if one.ids.has_any else LinkKind.PAGE, url
    for kind, more in one.links[:_MOST_LINKS]:
        yield kind, read_url(more)


def date_of(mail: InboundMail, envelope: Envelope) -> datetime:
    """Return the date of a mail, but nothing after its coming; without one, its coming."""
    told = next(iter(mail.fields.get("date", ())), "")[:_LONGEST_DATE]
    try:
        at = parsedate_to_datetime(told)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(at.astimezone(UTC), envelope.received_at)
    except (TypeError, ValueError, IndexError, OverflowError):
        return envelope.received_at


def dated(entry: FetchedEntry, at: datetime) -> FetchedEntry:
    """Return an entry as announced then."""
    return replace(entry, announced_at=at)
