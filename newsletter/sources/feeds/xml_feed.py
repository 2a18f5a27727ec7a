"""RSS, Atom and RDF, well-formed or not, as feedparser reads them."""

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from newsletter.errors import FetchError
from newsletter.model import Page
from newsletter.rules.fetching import brief
from newsletter.sources.feeds.posts import MOST_POSTS, Post, ReadFeed, shown_title
from newsletter.sources.plaintext import cut, one_line

_HARMLESS: Final = ("CharacterEncodingOverride", "NonXMLContentType")
"""Slips that lose nothing."""
_IMPOSSIBLE: Final = re.compile(rb"&#(?:0*[xX][0-9a-fA-F]{7,}|0*[1-9]\d{7,});?")
"""Numbers of characters that cannot be: the library would give up the whole feed for one."""
_STUMBLES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_LONGEST: Final = 1_000_000
_Told = Mapping[str, Any]
"""What the library makes of a post: texts, lists and mappings, as its feed has them."""


def read_xml_feed(page: Page) -> ReadFeed:
    """Return the posts of a page; raises FetchError when it is no feed."""
    headers = {"content-type": page.header("content-type") or ""}
    try:
        read = feedparser.parse(
            _IMPOSSIBLE.sub(b"", page.body),
            response_headers=headers,
            sanitize_html=False,  # all markup goes, so none need be made safe
            resolve_relative_uris=False,  # nor its links looked at
        )
    except _STUMBLES as error:
        # What the library stumbles over is one feed's fault, and must be told as that.
        message = f"{brief(page.url)}: the feed cannot be read ({type(error).__name__}: {error})"
        raise FetchError(message, status=page.status) from error
    if not read.entries and not read.get("version"):
        raise FetchError(_no_feed(page), status=page.status)
    language = _text(read.feed.get("language"))
    posts = tuple(_post(dict(told), page.url, language) for told in read.entries[:MOST_POSTS])
    return ReadFeed(
        posts,
        tuple(_problems(read, page)),
        title=shown_title(_text(read.feed.get("title"))),
        form=_form(_text(read.get("version"))),
    )


def _form(version: str) -> str:
    """Return what the library calls `rss20` or `atom10` as people say it."""
    found = re.fullmatch(r"(rss|atom)(\d)(\d).{0,2}", version)
    names = {"rss": "RSS", "atom": "Atom"}
    return f"{names[found[1]]} {found[2]}.{found[3]}" if found else "RSS"


def _no_feed(page: Page) -> str:
    begin = page.body[:2_000].lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html")) or b"<html" in begin:
        return (
            f"{brief(page.url)}: this is a web page, not a feed; `newsletter sources add {page.url}` "
            "looks for the feeds that it names"
        )
    start = cut(one_line(page.body[:80].decode(errors="replace")), 60)
    told = f'it begins with "{start}"' if start else "it is empty"
    return f"{brief(page.url)}: this is no feed; {told}"


def _problems(read: _Told, page: Page) -> Iterable[str]:
    error = read.get("bozo_exception")
    if read.get("bozo") and type(error).__name__ not in _HARMLESS:
        count = len(read["entries"])
        reason = cut(one_line(str(error)), 200)
        yield f"{brief(page.url)}: the feed is not well-formed ({reason}); {count} posts could be read"
    if len(read["entries"]) > MOST_POSTS:
        yield f"{brief(page.url)}: the feed has more than {MOST_POSTS} posts; the rest is left out"


def _post(told: _Told, base: str, language: str) -> Post:
    """Return one post; `told` is a plain mapping, since the library's own warns of some keys."""
    contents = [_text(one.get("value")) for one in _listed(told.get("content"))]
    links = _listed(told.get("links"))
    return Post(
        identifier=_text(told.get("id")),
        link=_resolved(base, _text(told.get("link"))),
        title=_text(told.get("title")),
        texts=tuple(text for text in (*contents, _text(told.get("summary"))) if text),
        authors=tuple(_text(one.get("name")) for one in _listed(told.get("authors"))),
        published_at=_moment(told.get("published_parsed")) or _moment(told.get("updated_parsed")),
        tags=tuple(_text(one.get("term")) for one in _listed(told.get("tags"))),
        pdfs=tuple(_text(one.get("href")) for one in links if one.get("type") == "application/pdf"),
        ids=tuple(_text(told.get(key)) for key in ("prism_doi", "dc_identifier", "doi")),
        venue=_text(told.get("prism_publicationname")),
        language=_text(told.get("language")) or language,
    )


def _resolved(base: str, link: str) -> str:
    """Return an address, seen from the feed's own; ids stay as they are, so that a move changes none."""
    try:
        return urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _listed(value: object) -> list[_Told]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    """Return a moment that the library gives as nine numbers of UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError, TypeError):
        return None
