"""Imitates rss.arxiv.org: what was announced last, as RSS 2.0 and as Atom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from newsletter.testing.services.exchange import Call, Reply
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import (
    Listing,
    Person,
    feed_day,
    has_batch,
    midnight,
    next_midnight,
    pick,
)
from newsletter.testing.services.xml_text import HEAD, around, element, tex_accents

_ARCHIVES_TEXT: Final = (
    "astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex "
    "nucl-th physics q-bio q-fin quant-ph stat"
)
_ARCHIVES: Final = tuple(_ARCHIVES_TEXT.split())
_LIMIT: Final = 2_000
_SITE: Final = "http://rss.arxiv.org"

_RSS_ROOT: Final = {
    "xmlns:arxiv": "http://arxiv.org/schemas/atom",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "version": "2.0",
}
_ATOM_ROOT: Final = {
    "xmlns:arxiv": "http://arxiv.org/schemas/atom",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns": "http://www.w3.org/2005/Atom",
    "xml:lang": "en-us",
}


@dataclass(frozen=True, slots=True)
class _Feed:
    query: str
    names: str
    built_at: datetime
    day: date
    items: tuple[Listing, ...]


def answer(call: Call) -> Reply:
    """Return the feed of the present day: 200 always, or 400 with a feed that says why."""
    _, form, query = call.path.split("/", 2)
    problem = _problem(call, query)
    if problem:
        status = 200 if Fault.ERROR_200 in call.faults else 400
        text = _error_feed(form, query, problem, call.now)
    else:
        status, text = 200, _write(form, _feed(call, query))
    body = (HEAD + text + "\n").encode()
    left = next_midnight(call.now) - call.now
    headers = {
        # A bare digest, which is no entity tag of RFC 9110 section 8.8.3: that has quotes.
        "ETag": sha256(body).hexdigest(),
        "Cache-Control": f"max-age={int(left.total_seconds())}",
    }
    return Reply(status, body, f"application/{form}+xml", headers)


def _problem(call: Call, query: str) -> str | None:
    if call.faults & {Fault.ERROR_400, Fault.ERROR_200}:
        return "The feed cannot be built at the moment."
    if call.query.get("version", "2.0") != "2.0":
        return f"Unsupported RSS version: {call.query['version']}"
    for name in query.split("+"):
        archive, _, part = name.partition(".")
        if archive.lower() not in _ARCHIVES:
            return f"Bad archive '{archive}'. Valid archives are: {', '.join(_ARCHIVES)}."
        if "." in name and not re.fullmatch("[A-Za-z-]{2,}", part):
            return f"Bad subject class '{part}'."
    return None


def _feed(call: Call, query: str) -> _Feed:
    day = feed_day(call.now)
    wanted = sorted(query.split("+"), key=lambda name: "." in name)  # archives first
    shown = day
    if Fault.STALE in call.faults:
        shown = call.world.latest_batch(call.world.latest_batch(day) - timedelta(days=1))
    is_empty = Fault.EMPTY in call.faults or not has_batch(shown)
    built_at = midnight(day) + timedelta(seconds=pick(f"{query} {day}", 5), microseconds=899_254)
    if Fault.REBUILT in call.faults:
        built_at = call.now
    return _Feed(
        query="+".join(wanted),
        names=", ".join(wanted),
        built_at=built_at,
        day=day,
        items=() if is_empty else call.world.listings(shown, wanted)[:_LIMIT],
    )


def _write(form: str, feed: _Feed) -> str:
    return _rss(feed) if form == "rss" else _atom(feed)


def _rss(feed: _Feed) -> str:
    address = f"{_SITE}/rss/{feed.query}"
    midnight_text = format_datetime(midnight(feed.day))
    days = [element("day", name) for name in ("Saturday", "Sunday")]
    head = [
        element("title", f"{feed.names} updates on arXiv.org"),
        element("link", address),
        element("description", f"{feed.names} updates on the arXiv.org e-print archive."),
        element("atom:link", "", {"href": address, "rel": "self", "type": "application/rss+xml"}),
        element("docs", "http://www.rssboard.org/rss-specification"),
        element("language", "en-us"),
        element("lastBuildDate", format_datetime(feed.built_at.astimezone(UTC))),
        element("managingEditor", "rss-help@arxiv.org"),
        element("pubDate", midnight_text),
        around("skipDays", days if feed.day.day % 2 else days[::-1]),
    ]
    items = [_rss_item(listing, midnight_text) for listing in feed.items]
    return around("rss", [around("channel", [*head, *items])], _RSS_ROOT)


def _rss_item(listing: Listing, published: str) -> str:
    paper, version = listing.paper, listing.version
    return around(
        "item",
        [
            element("title", version.title),
            element("link", f"https://arxiv.org/abs/{paper.arxiv_id}"),
            element("description", _description(listing)),
            element("guid", _identifier(listing), {"isPermaLink": "false"}),
            *(element("category", name) for name in paper.categories),
            element("pubDate", published),
            *_extensions(listing),
        ],
    )


def _atom(feed: _Feed) -> str:
    address = f"{_SITE}/atom/{feed.query}"
    built = feed.built_at.astimezone(UTC).isoformat()
    head = [
        element("id", address),
        element("title", f"{feed.names} updates on arXiv.org"),
        element("updated", built),
        element("link", "", {"href": address, "rel": "self", "type": "application/atom+xml"}),
        element("subtitle", f"{feed.names} updates on the arXiv.org e-print archive."),
    ]
    return around(
        "feed", [*head, *(_atom_entry(one, feed, built) for one in feed.items)], _ATOM_ROOT
    )


def _atom_entry(listing: Listing, feed: _Feed, built: str) -> str:
    paper = listing.paper
    page = {
        "href": f"https://arxiv.org/abs/{paper.arxiv_id}",
        "rel": "alternate",
        "type": "text/html",
    }
    return around(
        "entry",
        [
            element("id", _identifier(listing)),
            element("title", listing.version.title),
            element("updated", built),
            element("link", "", page),
            element("summary", _description(listing)),
            *(element("category", "", {"term": name}) for name in paper.categories),
            element("published", midnight(feed.day).isoformat()),
            *_extensions(listing),
        ],
    )


def _identifier(listing: Listing) -> str:
    """Return the only place in which a feed tells the version."""
    return f"oai:arXiv.org:{listing.paper.arxiv_id}v{listing.version.number}"


def _description(listing: Listing) -> str:
    """Return version, kind and abstract in one text; a space stands before the line break."""
    head = f"arXiv:{listing.paper.arxiv_id}v{listing.version.number} Announce Type: {listing.kind}"
    return f"{head} \nAbstract: {listing.version.abstract}"


def _extensions(listing: Listing) -> Sequence[str]:
    paper = listing.paper
    optional = []
    if paper.doi:
        optional.append(element("arxiv:DOI", paper.doi))
    if paper.journal:
        optional.append(element("arxiv:journal_reference", paper.journal))
    return (
        element("arxiv:announce_type", listing.kind),
        element("dc:rights", paper.licence),
        *optional,
        element("dc:creator", ", ".join(_creator(person) for person in paper.authors)),
    )


def _creator(person: Person) -> str:
    name = tex_accents(person.name)
    return f"{name} ({person.affiliation})" if person.affiliation else name


def _error_feed(form: str, query: str, problem: str, now: datetime) -> str:
    title = f"Feed error for query: {query}"
    if form == "rss":
        parts = [
            element("title", title),
            element("link", _SITE),
            element("description", problem),
            element("lastBuildDate", format_datetime(now.astimezone(UTC))),
        ]
        return around("rss", [around("channel", parts)], _RSS_ROOT)
    parts = [
        element("id", _SITE),
        element("title", title),
        element("updated", now.astimezone(UTC).isoformat()),
        element("subtitle", problem),
    ]
    return around("feed", parts, _ATOM_ROOT)
