"""Feeds in four formats: RSS 2.0, Atom 1.0, RDF Site Summary 1.0 and JSON Feed 1.1."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

from newsletter.testing.services.exchange import JsonValue
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import Post, hex_of
from newsletter.testing.services.xml_text import around, element

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_AHEAD: Final = timedelta(days=400)
_SCRIPT: Final = '<script>alert("in a title")</script> <b onclick="steal()">'
_A_PAGE: Final = 2


@dataclass(frozen=True, slots=True)
class Blog:
    """A blog, where its feed is, and what is wrong with it."""

    url: str
    feed_url: str
    title: str
    now: datetime
    faults: frozenset[Fault]
    page: int

    def title_of(self, post: Post) -> str:
        """Return the title of a post."""
        return f"{_SCRIPT}{post.title}</b>" if Fault.SCRIPTS in self.faults else post.title

    def html_of(self, post: Post) -> str:
        """Return the text of a post in HTML, with addresses that are relative."""
        bad = '<script src="//evil.example/x.js"></script>' if Fault.SCRIPTS in self.faults else ""
        return (
            f'<p>{escape(post.text)}</p>\n<p><img src="pictures/{post.number}.png" alt="">'
            f'<a href="{post.slug}#more">Read on</a></p>{bad}'
        )

    def id_of(self, post: Post) -> str:
        """Return what tells a post apart; with a fault it does not."""
        return f"{self.url}?p={1 if Fault.SAME_GUIDS in self.faults else post.number}"

    def moment_of(self, post: Post) -> datetime | None:
        """Return when a post says it was published."""
        if Fault.NO_DATES in self.faults:
            return None
        is_ahead = Fault.FUTURE_DATES in self.faults
        return self.now + _AHEAD if is_ahead else post.published_at

    def link_of(self, post: Post) -> str:
        """Return the address of a post."""
        return f"{self.url}{post.slug}"

    @property
    def has_ids(self) -> bool:
        """Whether posts have ids."""
        return Fault.NO_IDS not in self.faults


def rss(blog: Blog, posts: Sequence[Post]) -> str:
    """Return RSS 2.0: escaped HTML, an id that is no address, whole texts beside summaries."""
    head = [
        element("title", blog.title),
        element("link", blog.url),
        element("description", "Notes from a workshop that does not exist"),
        element("language", "en"),
        element("ttl", "60"),
        around("skipHours", [element("hour", "2"), element("hour", "3")]),
    ]
    items = []
    for post in posts:
        moment = blog.moment_of(post)
        parts = [element("title", blog.title_of(post)), element("link", blog.link_of(post))]
        if blog.has_ids:
            parts.append(element("guid", blog.id_of(post), {"isPermaLink": "false"}))
        if moment:
            parts.append(element("pubDate", format_datetime(moment)))
        parts += [
            element("dc:creator", post.author),
            element("description", f"<p>{escape(post.text.split('. ')[0])}.</p>"),
            f"<content:encoded><![CDATA[{blog.html_of(post)}]]></content:encoded>",
            element("category", "workshop"),
        ]
        items.append(around("item", parts))
    spaces = {
        "version": "2.0",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    }
    return _HEAD + around("rss", [around("channel", [*head, *items])], spaces)


def atom(blog: Blog, posts: Sequence[Post]) -> str:
    """Return Atom 1.0 (RFC 4287): addresses relative to xml:base, texts as XHTML, HTML and base64."""
    head = [
        element("id", f"tag:blogs.example.org,2026:{hex_of(blog.title, 8)}"),
        element("title", blog.title),
        element("updated", (posts[0].published_at if posts else blog.now).isoformat()),
        element("link", "", {"rel": "self", "href": blog.feed_url}),
        element("link", "", {"rel": "alternate", "href": "./"}),
    ]
    entries = [_atom_entry(blog, post) for post in posts]
    spaces = {"xmlns": "http://www.w3.org/2005/Atom", "xml:base": blog.url, "xml:lang": "en"}
    return _HEAD + around("feed", [*head, *entries], spaces)


def _atom_entry(blog: Blog, post: Post) -> str:
    moment = blog.moment_of(post)
    is_html = Fault.SCRIPTS in blog.faults
    parts = [element("id", blog.id_of(post))] if blog.has_ids else []
    parts.append(element("title", blog.title_of(post), {"type": "html"} if is_html else None))
    parts.append(element("link", "", {"href": post.slug}))
    if moment:
        parts += [
            element("published", moment.isoformat()),
            element("updated", (moment + timedelta(hours=1)).isoformat()),
        ]
    parts += [around("author", [element("name", post.author)]), _atom_content(blog, post)]
    return around("entry", parts)


def _atom_content(blog: Blog, post: Post) -> str:
    """Return the text: of one post in three as base64, of one as XHTML, of one as HTML."""
    match post.number % 3:
        case 0:
            packed = base64.b64encode(post.text.encode()).decode()
            return element("content", packed, {"type": "application/octet-stream"})
        case 1:
            text = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(post.text)}</p></div>'
            return f'<content type="xhtml">{text}</content>'
    return element("content", blog.html_of(post), {"type": "html"})


def rdf(blog: Blog, posts: Sequence[Post]) -> str:
    """Return RDF Site Summary 1.0, whose items stand beside the channel."""
    links = [f'<rdf:li rdf:resource="{blog.link_of(post)}"/>' for post in posts]
    channel = around(
        "channel",
        [
            element("title", blog.title),
            element("link", blog.url),
            element("description", "What the sea leaves behind"),
            around("items", [around("rdf:Seq", links)]),
        ],
        {"rdf:about": blog.feed_url},
    )
    items = []
    for post in posts:
        moment = blog.moment_of(post)
        dated = [element("dc:date", moment.astimezone(UTC).isoformat())] if moment else []
        about = blog.id_of(post) if Fault.SAME_GUIDS in blog.faults else blog.link_of(post)
        parts = [
            element("title", blog.title_of(post)),
            element("link", blog.link_of(post)),
            element("description", post.text),
            element("dc:creator", post.author),
            *dated,
        ]
        items.append(around("item", parts, {"rdf:about": about} if blog.has_ids else None))
    spaces = {
        "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xmlns": "http://purl.org/rss/1.0/",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    }
    return _HEAD + around("rdf:RDF", [channel, *items], spaces)


def json_feed(blog: Blog, posts: Sequence[Post]) -> str:
    """Return JSON Feed 1.1 in pages of two: ids that are numbers, links to elsewhere."""
    start = (blog.page - 1) * _A_PAGE
    items: list[JsonValue] = [_json_item(blog, post) for post in posts[start : start + _A_PAGE]]
    feed: dict[str, JsonValue] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": blog.title,
        "home_page_url": blog.url,
        "feed_url": blog.feed_url,
        "description": "Statistics, and what to do about it",
        "language": "en-GB",
        "authors": [{"name": posts[0].author}] if posts else [],
        "_generator": {"about": "an extension, to be ignored"},
        "items": items,
    }
    if len(posts) > start + _A_PAGE:
        feed["next_url"] = f"{blog.feed_url}?page={blog.page + 1}"
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(blog: Blog, post: Post) -> JsonValue:
    moment = blog.moment_of(post)
    item: dict[str, JsonValue] = {"url": blog.link_of(post), "title": blog.title_of(post)}
    if blog.has_ids:
        item["id"] = 1 if Fault.SAME_GUIDS in blog.faults else post.number
    if post.number % 2:
        item["content_text"] = post.text
    else:
        item |= {
            "content_html": blog.html_of(post),
            "external_url": f"https://elsewhere.example.org/{post.number}",
        }
    if moment:
        item["date_published"] = moment.isoformat()
    return {**item, "tags": ["statistics"], "_starred": False}


WRITERS: Final[Mapping[str, Callable[[Blog, Sequence[Post]], str]]] = {
    "workshop": rss,
    "marginalia": atom,
    "tideline": rdf,
    "ledger": json_feed,
}
