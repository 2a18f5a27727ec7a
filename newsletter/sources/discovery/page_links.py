"""The feeds that a web page names, in one pass whose time grows with its length only.

The standard parser is not used on what strangers write: broken markup makes it slow beyond bounds.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from newsletter.sources.urls import read_url

MOST_MARKUP: Final = 1_000_000
"""Characters of a page that are looked at."""

_MOST_LINKS: Final = 6
"""Of each sort."""
_MOST_TAGS: Final = 20_000
_LONGEST_TAG: Final = 4_000
_MOST_ATTRIBUTES: Final = 40
_LONGEST_VALUE: Final = 2_000
"""Shorter than the numbers at which html.unescape gives up."""

_MARK: Final = re.compile(
    r"<(?:!--|(base|link|a|script|style|template|textarea|title)(?=[\s/>]))", re.IGNORECASE
)
_HIDES: Final = frozenset({"script", "style", "template", "textarea", "title"})
_ATTRIBUTE: Final = re.compile(
    r"[\s/]*([^\s/>=\"']{1,100})(?:\s{0,100}=\s{0,100}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?"
)
_FEED_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
    }
)
_PERHAPS: Final = frozenset({"text/xml", "application/xml", "application/json"})
"""Types of feeds and of much else."""
_FEED_NAME: Final = re.compile(
    r"(?:^|/)(?:rss|atom|feeds?|index)(?:\.(?:xml|rdf|rss|atom|json))?/?$|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_BARE_INDEX: Final = re.compile(r"(?:^|/)index/?$", re.IGNORECASE)
_FEED_QUERY: Final = re.compile(r"(?:^|&)(?:feed|format|type)=(?:rss2?|atom|json)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Absolute addresses in the order of the page, each once, at most six of each sort."""

    announced: tuple[str, ...] = ()
    """Named as feeds of this page."""
    linked: tuple[str, ...] = ()
    """Linked on the same site, and named as feeds are."""


def links_of_page(markup: str, url: str) -> PageLinks:
    """Return the feeds that the page at `url` names: of the first million characters."""
    base = url
    announced: dict[str, None] = {}
    linked: dict[str, None] = {}
    for name, attributes in islice(_tags(markup[:MOST_MARKUP]), _MOST_TAGS):
        target = attributes.get("href", "")
        if name == "base":
            base = (_absolute(url, target) or url) if base == url else base
        elif name == "link" and _announces(attributes):
            _add(announced, _absolute(base, target))
        elif name == "a" and looks_like_feed(target) and len(linked) < _MOST_LINKS:
            _add(linked, _on_site(url, _absolute(base, target)))
        if len(announced) >= _MOST_LINKS:
            break
    only = tuple(one for one in linked if one not in announced)
    return PageLinks(tuple(announced), only)


def looks_like_feed(address: str) -> bool:
    """Whether an address is named as feeds are."""
    path, _, query = address.partition("#")[0].partition("?")
    if _FEED_QUERY.search(query):
        return True
    return bool(_FEED_NAME.search(path)) and not _BARE_INDEX.search(path)


def _add(found: dict[str, None], url: str | None) -> None:
    if url and len(found) < _MOST_LINKS:
        found.setdefault(url)


def _tags(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the tags that can name a feed, outside of comments, scripts and the like."""
    position = 0
    while mark := _MARK.search(text, position):
        name = (mark[1] or "").lower()
        if not name:
            position = _after(text, "-->", mark.end())
        elif name in _HIDES:
            position = _after_hidden(text, name, mark.end())
        else:
            attributes, position = _attributes(text, mark.end())
            yield name, attributes


def _attributes(text: str, start: int) -> tuple[Mapping[str, str], int]:
    """Return the attributes of a tag, the first of each name, and where it has ended."""
    end = min(start + _LONGEST_TAG, len(text))
    found: dict[str, str] = {}
    position = start
    for _ in range(_MOST_ATTRIBUTES):
        one = _ATTRIBUTE.match(text, position, end)
        if one is None:
            break
        value = one[2] or one[3] or one[4] or ""
        found.setdefault(one[1].lower(), html.unescape(value[:_LONGEST_VALUE]).strip())
        position = one.end()
    return found, position


def _after(text: str, mark: str, position: int) -> int:
    """Return where `mark` has ended; without it, the end of the text: so nothing is sought twice."""
    found = text.find(mark, position)
    return len(text) if found < 0 else found + len(mark)


def _after_hidden(text: str, name: str, position: int) -> int:
    closing = re.compile(f"</{name}", re.IGNORECASE).search(text, position)
    return len(text) if closing is None else closing.end()


def _announces(attributes: Mapping[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    if "stylesheet" in relations:
        return False
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "feed" in relations:
        return kind in _FEED_TYPES | {""}
    is_one = kind in _FEED_TYPES
    is_one = is_one or (kind in _PERHAPS and looks_like_feed(attributes.get("href", "")))
    return "alternate" in relations and is_one


def _absolute(base: str, target: str) -> str | None:
    """Return an address of the web; None for all else, as `javascript:`."""
    try:
        joined = urljoin(base, as_web(target))
    except ValueError:
        return None
    return read_url(joined.partition("#")[0]) if target else None


def as_web(address: str) -> str:
    """Return an address of the old scheme `feed:` as one of the web."""
    if not address.lower().startswith("feed:"):
        return address
    rest = address[len("feed:") :]
    return f"https:{rest}" if rest.startswith("//") else rest


def _on_site(url: str, target: str | None) -> str | None:
    """Return `target` where it stands on the same site: pages link to feeds of others too."""
    if target is None:
        return None
    here, there = _site(url), _site(target)
    is_same = here == there or there.endswith(f".{here}") or here.endswith(f".{there}")
    return target if is_same else None


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
