"""The archive: pages that everybody may read and keep, with links between days and topics."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from newsletter.web import Health, Site, make_app
from newsletter.web.archive import robots_routes
from newsletter.web.archive.sitemap import MOST_ADDRESSES
from newsletter.web.views import Pages
from tests.web.archive_desk import DAY, MONDAY, Archive

Serve = Callable[[Starlette], httpx.Client]
PAGES = (
    "/archive",
    "/archive/gulls",
    "/archive/2026",
    "/archive/2026-11-23",
    "/archive/gulls/2026-11-23",
)


def site_of(archive: Archive | None, url: str | None = "https://news.example.org") -> Starlette:
    health = Health(is_well=True)
    site = Site(name="Shore", health=lambda: health, url=url, archive=archive, domain="example.org")
    return make_app(site)


@pytest.fixture
def archive() -> Archive:
    return Archive()


@pytest.fixture
def client(archive: Archive, serve: Serve) -> httpx.Client:
    return serve(site_of(archive))


def test_the_archive_leads_to_topics_days_and_feeds(client: httpx.Client) -> None:
    page = client.get("/archive")
    assert page.status_code == 200
    for link in ("/archive/gulls", "/archive/2026-11-23", "/archive/2026-11-22"):
        assert f'href="{link}"' in page.text
    assert "Nothing so far: Owls." in page.text
    assert "November 2026" in page.text
    for kind in ("atom+xml", "feed+json"):
        assert f'<link rel="alternate" type="application/{kind}"' in page.text


def test_an_edition_shows_entries_with_reasons_and_the_days_beside_it(
    client: httpx.Client, archive: Archive
) -> None:
    archive.title = "Owls at sea"
    page = client.get("/archive/gulls/2026-11-22").text
    assert "Sunday, 22 November 2026" in page
    assert "2 of 12,345 new" in page
    assert "Owls at sea 0" in page
    assert "About Owls at sea 1. It is long." in page
    assert ">Why</b>" in page
    assert 'rel="next" href="/archive/gulls/2026-11-23"' in page
    assert 'rel="prev"' not in page
    assert "Also matched" in page


def test_every_text_from_outside_is_shown_and_not_obeyed(client: httpx.Client) -> None:
    for path in PAGES:
        page = client.get(path).text
        assert "<script" not in page
        assert "<b>{{" not in page
        assert "49" not in page
        assert not re.search("[\x00-\x08\x0b\u202e\ud800]", page)
    edition = client.get("/archive/gulls/2026-11-23").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in edition
    assert "Gulls &amp; &lt;i&gt;terns&lt;/i&gt;" in edition
    assert 'href="https://papers.example.org/1.pdf?a=1&amp;b=2"' in edition


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_described_and_may_be_listed_and_kept(
    client: httpx.Client, path: str
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "public, max-age=300"
    assert "noindex" not in page.headers.get("x-robots-tag", "")
    assert f'<link rel="canonical" href="https://news.example.org{path}">' in page.text
    assert f'<meta property="og:url" content="https://news.example.org{path}">' in page.text
    for name in ("og:title", "og:description", "og:type", "og:site_name"):
        (said,) = re.findall(f'<meta property="{name}" content="([^"]*)">', page.text)
        assert unescape(said).strip()
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    "path", [*PAGES, "/archive/feed.atom", "/archive/gulls/feed.json", "/sitemap.xml"]
)
def test_who_has_a_page_is_told_so(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    tag = page.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == page.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


def test_an_edition_and_a_feed_change_when_something_comes(
    client: httpx.Client, archive: Archive
) -> None:
    for path in ("/archive/gulls/2026-11-23", "/archive/gulls/feed.atom"):
        had = client.get(path).headers
        assert had["last-modified"] == "Tue, 24 Nov 2026 00:05:00 GMT"
        since = {"If-Modified-Since": had["last-modified"]}
        assert client.get(path, headers=since).status_code == 304
        assert client.get(path, headers={"If-Modified-Since": "nonsense"}).status_code == 200
        # Given a tag, the moment does not count
        both = since | {"If-None-Match": '"other"'}
        assert client.get(path, headers=both).status_code == 200
    archive.by_day[MONDAY + DAY] = archive.by_day[MONDAY] + DAY
    for path in ("/archive/gulls/2026-11-23", "/archive/gulls/feed.atom"):
        assert client.get(path, headers=since).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/archive/nothing", "/archive/2026-11-20", "/archive/2026-02-30", "/archive/1999"),
        *("/archive/owls/2026-11-23", "/archive/gulls/feed.rss", "/archive/gulls/0000-00-00"),
        *(
            "/archive/gulls/2026-11-23/more",
            "/archive/nothing/feed.atom",
            "/archive/%00",
            "/sitemap-1x.xml",
        ),
        *("/sitemap-0.xml", "/sitemap-7.xml", f"/sitemap-{'9' * 5_000}.xml", "/archive/9999"),
    ],
)
def test_what_is_not_there_is_one_page(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.text == client.get("/no-such-page").text


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=3))
def test_any_address_is_answered_without_a_fault(client: httpx.Client, parts: list[str]) -> None:
    words = [quote(part.encode("utf-8", "surrogatepass"), safe="") for part in parts]
    assert client.get(f"/archive/{'/'.join(words)}").status_code in {200, 307, 404}


def test_a_fault_of_ours_is_admitted_and_tells_nothing(
    client: httpx.Client, archive: Archive
) -> None:
    archive.is_broken = True
    page = client.get("/archive/gulls")
    assert page.status_code == 503
    assert "retry-after" in page.headers
    assert "secret" not in page.text


def test_years_that_are_long_past_have_pages_of_their_own(serve: Serve) -> None:
    days = [MONDAY - back * DAY for back in range(900, -1, -1)]
    client = serve(site_of(Archive(days)))
    front = client.get("/archive").text
    assert front.count("<table") == 12
    assert "2024-11-23" not in front
    for year in (2024, 2025, 2026):
        assert f'href="/archive/{year}"' in front
    past = client.get("/archive/gulls/2025").text
    assert past.count('href="/archive/gulls/2025-') == 365
    assert 'href="/archive/gulls/2024-' not in past


def test_an_archive_without_a_day_says_so(serve: Serve) -> None:
    client = serve(site_of(Archive([])))
    assert "There is nothing here yet." in client.get("/archive").text
    assert "There is nothing here yet" in client.get("/archive/owls").text
    assert client.get("/archive/2026").status_code == 404


def test_without_a_public_address_links_are_relative(serve: Serve) -> None:
    client = serve(site_of(Archive(), url=None))
    page = client.get("/archive/gulls").text
    assert "canonical" not in page
    assert "og:url" not in page
    assert 'href="/archive/gulls/feed.atom"' in page
    assert client.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in client.get("/robots.txt").text


def test_without_an_archive_there_is_no_page_of_it(serve: Serve) -> None:
    client = serve(site_of(None))
    for path in (*PAGES, "/archive/feed.atom", "/sitemap.xml"):
        assert client.get(path).status_code == 404
    assert "Sitemap" not in client.get("/robots.txt").text


def test_robots_are_kept_from_pages_with_tokens_and_told_of_the_others(
    client: httpx.Client,
) -> None:
    robots = client.get("/robots.txt")
    assert robots.headers["content-type"] == "text/plain; charset=utf-8"
    lines = robots.text.splitlines()
    for path in ("unsubscribe", "confirm", "undo", "likes", "letters", "feeds", "preferences"):
        assert f"Disallow: /{path}/" in lines
    assert not any(line.startswith("Disallow: /archive") for line in lines)
    assert lines[-1] == "Sitemap: https://news.example.org/sitemap.xml"


def test_below_a_path_robots_are_told_the_whole_path(serve: Serve) -> None:
    client = serve(site_of(Archive(), url="https://example.org/news"))
    assert "Disallow: /news/letters/" in client.get("/robots.txt").text


def test_the_sitemap_names_every_public_page_once(client: httpx.Client) -> None:
    listed = re.findall("<loc>([^<]+)</loc>", client.get("/sitemap.xml").text)
    assert sorted(listed) == sorted(
        f"https://news.example.org{path}"
        for path in (
            *("/", "/archive", "/archive/gulls"),
            *(f"/archive/{day}" for day in ("2026-11-22", "2026-11-23")),
            *(f"/archive/gulls/{day}" for day in ("2026-11-22", "2026-11-23")),
        )
    )
    for address in listed:
        path = address.removeprefix("https://news.example.org")
        assert client.get(path).status_code == 200


def test_more_addresses_than_one_file_may_hold_are_told_in_parts(serve: Serve) -> None:
    pages = Pages("Shore", "https://news.example.org")
    client = serve(Starlette(routes=[*robots_routes(pages, Archive(), most=3)]))
    index = client.get("/sitemap.xml").text
    parts = re.findall("<loc>https://news.example.org(/sitemap-[0-9]+.xml)</loc>", index)
    assert parts == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    listed = [
        one for part in parts for one in re.findall("<loc>(.*?)</loc>", client.get(part).text)
    ]
    assert len(listed) == len(set(listed)) == 7
    assert MOST_ADDRESSES == 50_000


def test_a_new_edition_is_in_the_sitemap(client: httpx.Client, archive: Archive) -> None:
    before = client.get("/sitemap.xml").text
    archive.by_day[MONDAY + DAY] = archive.by_day[MONDAY] + DAY
    after = client.get("/sitemap.xml").text
    assert "2026-11-24" not in before
    assert "/archive/gulls/2026-11-24" in after
