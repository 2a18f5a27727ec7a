"""Feeds: Atom (RFC 4287) and JSON Feed (version 1.1, jsonfeed.org)."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape
from typing import TYPE_CHECKING, Final

from newsletter.model import LetterEntry
from newsletter.rendering import view_entry
from newsletter.rules.composing import tidy
from newsletter.rules.public import entry_tag

if TYPE_CHECKING:
    from newsletter.workflows import FeedEntry

ATOM: Final = "application/atom+xml; charset=utf-8"
JSON_FEED: Final = "application/feed+json; charset=utf-8"

_SHOWN_AUTHORS: Final = 20
_NEVER: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed changed last that has no entry yet."""
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0, section 2.2."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `url` is https, empty where there is no such page; `paragraphs` are plain text."""

    id: str
    title: str
    url: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    updated_at: datetime
    published_on: date | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its items, the latest first. Without `site`, the public address, links are relative."""

    id: str
    title: str
    path: str
    page_path: str
    author: str
    site: str
    items: tuple[Item, ...]

    @property
    def updated_at(self) -> datetime:
        """When the last item came."""
        return max((item.updated_at for item in self.items), default=_NEVER)

    @property
    def page_url(self) -> str:
        """The page that the feed belongs to."""
        return self.site + self.page_path

    def url(self, kind: str) -> str:
        """Return where the feed itself is, as `atom` or `json`."""
        return f"{self.site}{self.path}/feed.{kind}"


def items_of(entries: "Iterable[FeedEntry]", domain: str) -> Iterator[Item]:
    """Yield entries as items of a newsletter's feed; `domain` is the newsletter's."""
    for entry in entries:
        content = entry.content
        texts = (tidy(content.tldr or ""), tidy(content.abstract or ""))
        why = " · ".join(filter(None, map(tidy, entry.reasons)))
        view = view_entry(_as_letter_entry(entry), 1, entry.on)
        yield Item(
            id=entry_tag(entry.id, domain),
            title=view.title,
            url=view.href,
            authors=tuple(filter(None, map(tidy, content.authors[:_SHOWN_AUTHORS]))),
            paragraphs=tuple(filter(None, (*dict.fromkeys(texts), f"Why: {why}" if why else ""))),
            updated_at=entry.shown_at,
            published_on=content.published_on,
        )


def write_atom(feed: Feed) -> str:
    """Write a feed as RFC 4287 says."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        _element("id", feed.id),
        _element("title", feed.title),
        _element("updated", _moment(feed.updated_at)),
        f"<author>{_element('name', feed.author)}</author>",
        _link("self", feed.url("atom"), "application/atom+xml"),
        _link("alternate", feed.page_url, "text/html"),
        *(line for item in feed.items for line in _atom_entry(item)),
        "</feed>\n",
    ]
    return "\n".join(lines)


def write_json_feed(feed: Feed) -> str:
    """Write a feed as JSON Feed 1.1 says."""
    whole: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        **({"home_page_url": feed.page_url, "feed_url": feed.url("json")} if feed.site else {}),
        "authors": [{"name": feed.author}],
        "language": "en",
        "items": [_json_item(item) for item in feed.items],
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _atom_entry(item: Item) -> Sequence[str]:
    published = item.published_on
    return [
        "<entry>",
        _element("id", item.id),
        _element("title", item.title),
        _element("updated", _moment(item.updated_at)),
        *([_element("published", _moment(_midnight(published)))] if published else []),
        *([_link("alternate", item.url, "text/html")] if item.url else []),
        *(f"<author>{_element('name', name)}</author>" for name in item.authors),
        f'<content type="html">{_text(_html(item))}</content>',
        "</entry>",
    ]


def _json_item(item: Item) -> dict[str, object]:
    published = item.published_on
    return {
        "id": item.id,
        "title": item.title,
        **({"url": item.url} if item.url else {}),
        "content_html": _html(item),
        **({"authors": [{"name": name} for name in item.authors]} if item.authors else {}),
        **({"date_published": _moment(_midnight(published))} if published else {}),
        "date_modified": _moment(item.updated_at),
    }


def _html(item: Item) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in item.paragraphs)


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _link(relation: str, href: str, kind: str) -> str:
    return f'<link rel="{relation}" type="{kind}" href="{_text(href)}"/>'


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))


def _moment(moment: datetime) -> str:
    """Write a moment as RFC 3339 says."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def _as_letter_entry(entry: "FeedEntry") -> LetterEntry:
    return LetterEntry(entry.id, entry.content, (), "", entry.reasons)
