"""Feeds that readers of feeds accept: valid, stable, and without a text that is obeyed."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from newsletter.model import EntryContent, EntryId
from newsletter.web.archive.feeds import Feed, items_of, write_atom, write_json_feed
from newsletter.workflows import FeedEntry
from tests.web.archive_desk import DAY, HOSTILE, MONDAY, Archive, planned_at
from tests.web.feed_checks import check_atom, check_json_feed
from tests.web.test_archive_pages import site_of

Serve = Callable[[Starlette], httpx.Client]
TEXTS = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize("path", ["/archive", "/archive/gulls", "/archive/owls"])
@pytest.mark.parametrize("url", ["https://news.example.org", None])
def test_feeds_are_valid_whatever_the_titles_say(serve: Serve, path: str, url: str | None) -> None:
    client = serve(site_of(Archive(), url))
    atom = client.get(f"{path}/feed.atom")
    assert atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = check_atom(atom.content)
    of_json = client.get(f"{path}/feed.json")
    assert of_json.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = check_json_feed(of_json.content)
    count = 0 if path.endswith("owls") else 2
    assert len(read.entries) == len(feed["items"]) == count


def test_a_title_is_the_same_text_in_both_and_no_markup(serve: Serve) -> None:
    client = serve(site_of(Archive()))
    feed = check_json_feed(client.get("/archive/feed.json").content)
    assert "<script>alert(1)</script>" in feed["items"][0]["title"]
    assert "<script" not in feed["items"][0]["content_html"]
    atom = client.get("/archive/feed.atom").text
    assert "<script" not in atom
    assert "&lt;script" in atom
    assert "&amp;lt;script" in atom  # the content is HTML, and so escaped twice


def test_an_entry_keeps_its_name_and_its_moment_when_others_come(serve: Serve) -> None:
    archive = Archive()
    client = serve(site_of(archive))
    before = check_json_feed(client.get("/archive/gulls/feed.json").content)["items"]
    archive.by_day[MONDAY + DAY] = planned_at(MONDAY + DAY)
    after = check_json_feed(client.get("/archive/gulls/feed.json").content)["items"]
    assert after[1:] == before
    assert after[0]["id"] != before[0]["id"]
    assert before[0]["date_modified"] == "2026-11-24T00:05:00Z"
    whole = check_json_feed(client.get("/archive/feed.json").content)["items"]
    assert [one["id"] for one in whole] == [one["id"] for one in after]


def feed_of(entries: list[FeedEntry], text: str = "Shore") -> Feed:
    items = tuple(items_of(entries, "example.org"))
    return Feed("tag:example.org,2026:x", text, "/x", "/", text, "https://example.org", items)


@settings(max_examples=60, deadline=None)  # three parsers read each
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_text_makes_a_valid_feed(name: str, title: str, abstract: str, reason: str) -> None:
    content = EntryContent(title, abstract=abstract, authors=(title, abstract))
    entry = FeedEntry(
        EntryId(name or "x"),
        content,
        (reason,),
        datetime(2026, 11, 23, tzinfo=UTC),
        MONDAY,
    )
    feed = feed_of([entry])
    check_atom(write_atom(feed).encode("utf-8"))
    check_json_feed(write_json_feed(feed).encode("utf-8"))


def test_a_feed_without_entries_is_valid_and_keeps_its_moment() -> None:
    feed = feed_of([])
    check_atom(write_atom(feed).encode())
    assert re.search("<updated>2026-01-01T00:00:00Z</updated>", write_atom(feed))
    assert json.loads(write_json_feed(feed))["items"] == []


def test_of_very_many_authors_the_first_are_named() -> None:
    content = EntryContent("Big", authors=tuple(f"Author {n}" for n in range(600)))
    entry = FeedEntry(EntryId("x"), content, (HOSTILE,), datetime(2026, 11, 23, tzinfo=UTC), MONDAY)
    assert write_atom(feed_of([entry])).count("<name>Author") == 20
