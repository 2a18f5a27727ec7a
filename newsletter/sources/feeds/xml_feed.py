"""RSS, Atom and RDF, well-formed or not, as feedparser reads them."""

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from newsletter.errors import FetchError
from newsletter.model import Page
from newsletter.rules.fetching import LESS, brief
from newsletter.sources.feeds.posts import MOST_POSTS, Post, ReadFeed, shown_title
from newsletter.sources.plaintext import cut, one_line
from newsletter.sources.unreadable import is_web_page, unreadable

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
_MOST_TAGS: Final = 100_000
"""Of all posts together: what is in a body of 5 MB and means harm would take a minute."""
_POST: Final = re.compile(rb"<(?:item|entry)[\s>]", re.IGNORECASE)
_END: Final = re.compile(rb"(?:</channel>\s*)?</[A-Za-z:]+>\s*$", re.IGNORECASE)
_LONGEST_END: Final = 200
_PLACE: Final = re.compile(r"^<unknown>:(\d{1,9}):\d{1,9}: ")
"""How the parser of XML says where it stumbled."""
_Told = Mapping[str, Any]
"""What the library makes of a post: texts, lists and mappings, as its feed has them."""


def read_xml_feed(page: Page) -> ReadFeed:
    """Return the posts of a page; raises FetchError when it is no feed."""
    body = _first_posts(page.body)
    if body.count(b"<") > _MOST_TAGS:
        fact = (
            f"{brief(page.url)}: has more than {_MOST_TAGS:,} tags, which is the most that is read"
        )
        raise FetchError(fact, status=page.status, remedy=LESS)
    headers = {"content-type": page.header("content-type") or ""}
    try:
        read = feedparser.parse(
            _IMPOSSIBLE.sub(b"", body),
            response_headers=headers,
            sanitize_html=False,  # all markup goes, so none need be made safe
            resolve_relative_uris=False,  # nor its links looked at
        )
    except _STUMBLES as error:
        # What the library stumbles over is one feed's fault, and must be told as that.
        message = f"{brief(page.url)}: the feed cannot be read ({type(error).__name__}: {error})"
        raise FetchError(message, status=page.status) from error
    if not read.entries and not read.get("version"):
        raise _no_feed(page)
    language = _text(read.feed.get("language"))
    posts = tuple(_post(dict(told), page.url, language) for told in read.entries[:MOST_POSTS])
    return ReadFeed(
        posts,
        tuple(_problems(read, page, is_cut=body is not page.body)),
        title=shown_title(_text(read.feed.get("title"))),
        form=_form(_text(read.get("version"))),
    )


def _first_posts(body: bytes) -> bytes:
    """Return a feed with at most MOST_POSTS posts: the library reads some 100 kB in a second."""
    further = next(islice(_POST.finditer(body), MOST_POSTS, None), None)
    if further is None:
        return body
    end = _END.search(body, max(further.start(), len(body) - _LONGEST_END))
    return body[: further.start()] + (end[0] if end else b"")


def _form(version: str) -> str:
    """Return what the library calls `rss20` or `atom10` as people say it."""
    found = re.fullmatch(r"(rss|atom)(\d)(\d).{0,2}", version)
    names = {"rss": "RSS", "atom": "Atom"}
    return f"{names[found[1]]} {found[2]}.{found[3]}" if found else "RSS"


def _no_feed(page: Page) -> FetchError:
    if not is_web_page(page):
        return unreadable(page, "feed")
    fact = f"{brief(page.url)}: this is a web page, not a feed"
    remedy = f"`newsletter sources add {page.url}` looks for the feeds that it names"
    return FetchError(fact, status=page.status, remedy=remedy)


def _problems(read: _Told, page: Page, *, is_cut: bool) -> Iterable[str]:
    error = read.get("bozo_exception")
    if read.get("bozo") and type(error).__name__ not in _HARMLESS:
        count = len(read["entries"])
        reason = cut(one_line(_PLACE.sub(r"line \1: ", str(error))), 200)
        yield f"{brief(page.url)}: the feed is not well-formed ({reason}); {count} posts could be read"
    if is_cut or len(read["entries"]) > MOST_POSTS:
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
