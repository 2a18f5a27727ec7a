"""Pages that name feeds, as people and enemies write them; what is asked, in which order."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import BusyError, FetchError, OutOfTimeError
from newsletter.model import Ask, Manners, Page, PullOrder
from newsletter.sources.discovery import AskedOnce, Discovery, discover
from newsletter.sources.discovery.asking import interval_of, may_be_feed, usual_places
from newsletter.sources.discovery.page_links import PageLinks, links_of_page
from newsletter.sources.http import PoliteWeb
from newsletter.testing import FakeWeb
from newsletter.testing.paces import MemoryPaces
from newsletter.testing.web import Answer
from tests.moments import soon

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SITE = "https://blog.example.org/"


def rss(title: str = "Notes", day: int = 20, count: int = 1) -> str:
    items = "".join(
        f"<item><title>Post {n}</title><link>https://blog.example.org/{n}</link>"
        f"<pubDate>{day} Nov 2026 08:00:00 GMT</pubDate></item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>A &lt;b&gt;B&lt;/b&gt;</title>"
    "<entry><id>1</id><title>One</title><updated>2026-11-19T00:00:00Z</updated></entry></feed>"
)

RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    "xmlns='http://purl.org/rss/1.0/'><channel><title>Sea</title></channel>"
    "<item><title>One</title></item></rdf:RDF>"
)
TWO_BASES = '<base href="https://cdn.example.org/x/"><base href="https://second.example/">'
SITEMAP = '<link rel=alternate type=text/xml href="/sitemap.xml">'


def page(body: str, url: str = "", moved_to: str | None = None) -> Page:
    return Page(url, 200, (), body.encode(), moved_to)


def html(head: str, body: str = "") -> Page:
    return page(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>")


def look(pages: Mapping[str, Answer], url: str = SITE) -> tuple[Discovery, list[str]]:
    """Return what was found, and every address that was asked."""
    web = FakeWeb(pages)
    found = discover(url, web, PullOrder(NOW), folder=Path("/nowhere"))
    return found, [one.url for one in web.asked]


def urls(found: Discovery) -> list[object]:
    return [one.settings.get("url") for one in found.candidates]


def test_a_feed_is_a_feed() -> None:
    found, asked = look({SITE: page(rss(count=3))})
    (one,) = found.candidates
    assert (one.kind, one.settings, one.title, one.form) == (
        "feed",
        {"url": SITE},
        "Notes",
        "RSS 2.0",
    )
    assert (one.posts, one.latest_at) == (3, datetime(2026, 11, 20, 8, tzinfo=UTC))
    assert asked == [SITE]


@pytest.mark.parametrize(
    ("body", "form", "title"),
    [
        (ATOM, "Atom 1.0", "A B"),
        (
            RDF,
            "RSS 1.0",
            "Sea",
        ),
        (
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "Ledger",
                    "items": [{"id": 1, "content_text": "x"}],
                }
            ),
            "JSON Feed",
            "Ledger",
        ),
    ],
)
def test_every_form_is_known(body: str, form: str, title: str) -> None:
    found, _ = look({SITE: page(body)})
    (one,) = found.candidates
    assert (one.form, one.title, one.posts) == (form, title, 1)


def test_feeds_that_a_page_announces_are_read_in_its_order_comments_last() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="comments/feed">'
        '<LINK HREF=/atom.xml TYPE="Application/Atom+XML; charset=utf-8" REL="Alternate home"/>'
        "<link rel=alternate hreflang=de href=/de/>"
        '<link rel="alternate" type="application/json" href="/wp-json/pages/1">'
        '<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
    )
    found, asked = look(
        {
            SITE: html(head),
            f"{SITE}comments/feed": page(rss("Comments on Notes")),
            f"{SITE}atom.xml": page(ATOM),
        }
    )
    assert urls(found) == [f"{SITE}atom.xml", f"{SITE}comments/feed"]
    assert asked == [SITE, f"{SITE}comments/feed", f"{SITE}atom.xml", f"{SITE}gone.xml"]
    assert "404" in found.tried[0]
    assert {one.found for one in found.candidates} == {"announced by the page"}


def test_a_page_that_announces_nothing_may_link_to_its_feed() -> None:
    body = (
        '<a href="https://elsewhere.example/rss.xml">a friend</a>'
        '<a href="/about">us</a><a href=" /rss.xml#top ">feed</a>'
    )
    found, asked = look({SITE: html("", body), f"{SITE}rss.xml": page(rss())})
    assert urls(found) == [f"{SITE}rss.xml"]
    assert asked == [SITE, f"{SITE}rss.xml"]


def test_the_usual_places_are_tried_last_and_only_until_one_is_found() -> None:
    found, asked = look({SITE: html(""), f"{SITE}atom.xml": page(ATOM)})
    assert urls(found) == [f"{SITE}atom.xml"]
    assert asked == [SITE, f"{SITE}feed", f"{SITE}rss.xml", f"{SITE}atom.xml"]
    assert [line.partition(":")[0] for line in found.tried] == ["a usual place"] * 2


def test_where_nothing_is_found_what_was_tried_is_told() -> None:
    found, asked = look({SITE: html("", "<p>hello"), f"{SITE}feed": html("not one")})
    assert not found.candidates
    assert not found.is_passing
    assert len(asked) == 7
    assert len(found.tried) == 6
    assert "this is no feed" in found.tried[0]
    assert "No feed was found" in found.hint


@pytest.mark.parametrize(
    ("url", "first", "count"),
    [
        ("https://x.example/", "https://x.example/feed", 6),
        ("https://x.example", "https://x.example/feed", 6),
        ("https://x.example/index.html", "https://x.example/feed", 6),
        ("https://x.example/a/b/post?q=1", "https://x.example/a/b/feed", 6),
    ],
)
def test_the_usual_places_are_few(url: str, first: str, count: int) -> None:
    places = usual_places(url)
    assert (places[0], len(places)) == (first, count)
    assert len(set(places)) == count


@pytest.mark.parametrize(
    ("body", "told"), [(b'{"rows": []}', "no JSON Feed"), (b"<feed ", "no feed"), (b"{", "no JSON")]
)
def test_what_looks_like_a_feed_and_is_none_is_told(body: bytes, told: str) -> None:
    found, _ = look({SITE: Page("", 200, (), body)})
    assert not found.candidates
    assert told in found.tried[0]


def test_a_page_in_another_encoding_is_read_all_the_same() -> None:
    markup = "<html><title>Caf\u00e9</title><link rel=feed href=/f>".encode("latin-1")
    found, _ = look({SITE: Page("", 200, (), markup), f"{SITE}f": page(rss())})
    assert urls(found) == [f"{SITE}f"]


def test_a_feed_that_cannot_be_read_whole_says_so() -> None:
    found, _ = look({SITE: page(rss(count=2)[:-30])})
    (one,) = found.candidates
    assert one.posts
    assert "not well-formed" in one.note


def test_a_feed_that_moved_for_good_is_proposed_where_it_is_now() -> None:
    there = "https://new.example.org/feed"
    found, _ = look({SITE: page(rss(), there, moved_to=there)})
    (one,) = found.candidates
    assert one.settings == {"url": there}
    assert "moved for good" in one.note


def test_two_names_of_one_feed_are_one_candidate() -> None:
    head = "".join(
        f'<link rel=alternate type=application/rss+xml href="/{name}">' for name in ("a", "b", "a")
    )
    there = f"{SITE}c"
    pages = {f"{SITE}{name}": page(rss(), there, moved_to=there) for name in ("a", "b")}
    found, asked = look({SITE: html(head), **pages})
    assert urls(found) == [there]
    assert len(asked) == 3


def test_a_page_that_announces_a_known_service_is_followed_there_without_asking() -> None:
    head = '<link rel=alternate type=application/rss+xml href="https://rss.arxiv.org/rss/cs.LG">'
    found, asked = look({SITE: html(head)})
    assert [(one.kind, one.settings) for one in found.candidates] == [
        ("arxiv", {"categories": ("cs.LG",)})
    ]
    assert asked == [SITE]


@pytest.mark.parametrize(
    ("error", "is_passing"),
    [
        (FetchError("gone", status=404), False),
        (FetchError("their fault", status=502), True),
        (FetchError("no address"), True),
        (BusyError("later", status=429), True),
        (OutOfTimeError("late"), True),
    ],
)
def test_an_address_that_does_not_answer_is_no_source_now(
    error: FetchError, *, is_passing: bool
) -> None:
    found, asked = look({SITE: error})
    assert not found.candidates
    assert (found.tried, found.is_passing) == ((str(error),), is_passing)
    assert asked == [SITE]


def test_who_asks_for_patience_is_asked_no_more() -> None:
    found, asked = look({SITE: html(""), f"{SITE}feed": BusyError("later", status=429)})
    assert asked == [SITE, f"{SITE}feed"]
    assert found.is_passing


def test_questions_of_their_own_kind_are_asked_every_time() -> None:
    web = FakeWeb({SITE: page("{}")})
    with AskedOnce(web).visit(Manners("x"), PullOrder(NOW)) as visit:
        for _ in range(2):
            visit.fetch(Ask(SITE, headers=(("Authorization", "Bearer x"),)))
            visit.fetch(Ask(SITE, body=b"[]"))
    assert len(web.asked) == 4


def test_each_page_is_asked_for_once() -> None:
    web = FakeWeb({SITE: page(rss(), f"{SITE}new", moved_to=f"{SITE}new")})
    once = AskedOnce(web)
    for url in (SITE, f"{SITE}new"):
        found = discover(url, once, PullOrder(NOW), folder=Path("/nowhere"))
        assert urls(found) == [f"{SITE}new"]
    assert len(web.asked) == 1


# What strangers write.


@pytest.mark.parametrize(
    ("markup", "links"),
    [
        ('<link rel=alternate type=application/atom+xml href="javascript:alert(1)">', ()),
        ('<link rel=alternate type=application/atom+xml href="data:text/xml,x">', ()),
        ('<link rel=alternate type=application/atom+xml href="file:///etc/passwd">', ()),
        ('<link rel=alternate type=application/atom+xml href="https://u:p@x.example/">', ()),
        ('<link rel=alternate type=application/atom+xml href="">', ()),
        ("<link rel=alternate type=application/atom+xml>", ()),
        ('<!-- <link rel=alternate type=application/atom+xml href="/a"> -->', ()),
        ("<script>'<link rel=alternate type=application/atom+xml href=/a>'</script>", ()),
        ("<title><link rel=alternate type=application/atom+xml href=/a></title>", ()),
        ('<link rel="stylesheet alternate" type=application/atom+xml href="/a">', ()),
        ('<link rel=alternate type=application/atom+xml href="http://[bad/">', ()),
        ("<link rel=alternate type=application/atom+xml href=/a", ("https://blog.example.org/a",)),
        (
            "<link\nrel = 'alternate'\ntype = 'application/atom+xml'\nhref = '/a?x=1&amp;y=2'\n>",
            ("https://blog.example.org/a?x=1&y=2",),
        ),
        (
            TWO_BASES + '<link rel=alternate type=application/atom+xml href="a">',
            ("https://cdn.example.org/x/a",),
        ),
        (
            '<base href="javascript:1"><link rel=feed href="feed://f.example.org/a">',
            ("https://f.example.org/a",),
        ),
        (
            '<link rel=alternate type=text/xml href="/feed.xml">' + SITEMAP,
            ("https://blog.example.org/feed.xml",),
        ),
        (
            f'<link rel=alternate type=application/atom+xml title="&#{"9" * 5000};" href="/a">',
            (),
        ),
    ],
)
def test_only_addresses_of_the_web_in_the_open_count(markup: str, links: tuple[str, ...]) -> None:
    assert links_of_page(markup, SITE).announced == links


def test_at_most_six_links_of_each_sort_are_followed() -> None:
    markup = "".join(
        f"<a href=/{n}/rss.xml><link rel=alternate type=application/rss+xml href=/{n}>"
        for n in range(100)
    )
    found = links_of_page(markup, SITE)
    assert len(found.announced) == 6
    assert len(found.linked) <= 6


@pytest.mark.parametrize(
    "piece",
    [
        "<link",
        "<link ",
        "<link/",
        "<link a=\"'",
        "<link a='<link b=\"",
        "<a href=",
        "<a href=x.rss ",
        "<link rel=alternate type=application/rss+xml href=javascript:x>",
        "<!--",
        "<script ",
        "<script></scrip",
        "</title",
        "<link " + " " * 3000,
        "<link ====",
        "<a\n=\n",
        "<base href=//x ",
        "<a href=/rss.xml>",
    ],
)
def test_a_megabyte_of_anything_is_read_in_a_moment(piece: str) -> None:
    markup = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    soon(lambda: links_of_page(markup, SITE), 5)
    assert not soon(lambda: may_be_feed(page(markup)), 5)


@given(st.text(alphabet="<>/='\" \nlinkahrefbs!-&#;:.xmltyp", max_size=300))
def test_no_markup_is_an_error(markup: str) -> None:
    assert isinstance(links_of_page(markup, SITE), PageLinks)


def test_an_enormous_page_is_no_feed_and_no_fault() -> None:
    web = {SITE: page("<html>" + "<link <a <!" * 90_000)}
    found, asked = look(web)
    assert not found.candidates
    assert len(asked) == 7


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:9/rss.xml", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.7/"],
)
def test_private_addresses_are_refused_by_the_client(target: str) -> None:
    found = discover(target, PoliteWeb(MemoryPaces(), "test/1"), PullOrder(NOW), folder=Path("/x"))
    assert not found.candidates
    assert "is no public address" in found.tried[0]


@pytest.mark.parametrize(
    ("days", "every"),
    [
        ([], "3h"),
        ([21, 21, 20, 20, 19], "1h"),
        ([20, 16, 12, 8, 4], "3h"),
        ([1], "6h"),
    ],
)
def test_who_writes_seldom_is_asked_seldom(days: list[int], every: str) -> None:
    dates = [datetime(2026, 11, day, tzinfo=UTC) for day in days]
    assert interval_of(dates, NOW) == every
