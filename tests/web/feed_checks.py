"""Checks of feeds: Atom as RFC 4287 wants it, JSON Feed as its version 1.1 does."""

import json
import re
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

import feedparser
import jsonschema

ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ONCE_IN_FEED: Final = ("id", "title", "updated")
_KNOWN: Final = frozenset(
    ATOM + name
    for name in ("id", "title", "updated", "published", "author", "link", "content", "entry")
)
_RFC3339: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")

_AUTHORS: Final = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string", "minLength": 1}},
        "required": ["name"],
        "additionalProperties": False,
    },
}
_MOMENT: Final = {"type": "string", "pattern": f"^{_RFC3339.pattern}$"}
_HTTP: Final = {"type": "string", "pattern": "^https?://"}
JSON_FEED_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": _HTTP,
        "feed_url": _HTTP,
        "language": {"type": "string"},
        "authors": _AUTHORS,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": _HTTP,
                    "title": {"type": "string"},
                    "content_html": {"type": "string"},
                    "authors": _AUTHORS,
                    "date_published": _MOMENT,
                    "date_modified": _MOMENT,
                },
                "required": ["id", "content_html"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["version", "title", "items"],
    "additionalProperties": False,
}


def check_atom(octets: bytes) -> Any:
    """Assert what RFC 4287 sections 4 and 3 want, and that a reader of feeds has no complaint."""
    root = ET.fromstring(octets)  # noqa: S314 - our own
    assert root.tag == f"{ATOM}feed"
    assert {one.tag for one in root.iter()} <= _KNOWN | {f"{ATOM}feed", f"{ATOM}name"}
    for name in _ONCE_IN_FEED:
        assert len(root.findall(ATOM + name)) == 1, name
    assert len(root.findall(f"{ATOM}link[@rel='self']")) == 1
    assert root.findall(f"{ATOM}author"), "entries may have no author of their own"
    ids = [_check_entry(entry) for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for moment in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
        assert _RFC3339.fullmatch(moment.text or "")
        datetime.fromisoformat(moment.text or "")
    read = feedparser.parse(octets)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert len(read.entries) == len(ids)
    return read


def _check_entry(entry: ET.Element) -> str:
    for name in ("id", "title", "updated", "content"):
        assert len(entry.findall(ATOM + name)) == 1, name
    assert len(entry.findall(f"{ATOM}link[@rel='alternate']")) <= 1
    name = entry.findtext(f"{ATOM}id") or ""
    # RFC 4287 section 4.2.6: an IRI; of ours, RFC 4151.
    assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}:[!-~]+", name)
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    return name


def check_json_feed(octets: bytes) -> Any:
    """Assert that a feed is what JSON Feed 1.1 describes."""
    feed = json.loads(octets)
    jsonschema.validate(feed, JSON_FEED_SCHEMA)
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    return feed
