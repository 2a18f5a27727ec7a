"""Feeds of the web, read from pages written for these tests."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from newsletter.errors import FetchError, SourceError
from newsletter.model import Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.feeds import FeedSource
from newsletter.testing import FakeWeb
from tests.moments import soon

URL = "https://blog.example.org/feed"
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gulls</title>
<language>en-gb</language>{items}</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example.org/posts/">
<title>Gulls</title><id>urn:gulls</id>{items}</feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://b.example.org/"><title>G</title>
</channel>{items}</rdf:RDF>"""


def page(body: str | bytes, *headers: tuple[str, str], url: str = URL, **more: Any) -> Page:
    return Page(url, 200, headers, body if isinstance(body, bytes) else body.encode(), **more)


def rss(items: str, *headers: tuple[str, str]) -> Page:
    return page(RSS.format(items=items), *headers)


def pull(
    answer: Page | FetchError | FakeWeb, memory: Any = None, now: datetime = NOW, url: str = URL
) -> Pull:
    web = answer if isinstance(answer, FakeWeb) else FakeWeb({url: answer})
    return FeedSource(SourceName("blog"), web, url, topics=("sea",)).pull(
        PullOrder(now, memory or {})
    )


def test_a_post_of_rss_keeps_everything_a_letter_could_tell() -> None:
    (found,) = pull(
        rss(
            """<item><guid>g-1</guid><link>https://j.example.org/1</link>
            <title>&lt;i&gt;Larus&lt;/i&gt; &amp;amp; co</title><dc:creator>Ada Example</dc:creator>
            <description>Short.</description>
            <content:encoded><![CDATA[<p>They <b>plan</b>.</p><p>Well.</p>]]></content:encoded>
            <pubDate>Tue, 19 May 2026 10:00:00 +0200</pubDate><category>Birds</category>
            <prism:doi>10.1000/GULLS.1</prism:doi>
            <prism:publicationName>Journal of Birds</prism:publicationName>
            <enclosure url="https://j.example.org/1.pdf" type="application/pdf" length="1"/></item>"""
        )
    ).entries
    content = found.content
    assert (found.source_id, found.doi, found.topics) == ("g-1", "10.1000/gulls.1", ("sea",))
    assert found.announced_at == datetime(2026, 5, 19, 8, tzinfo=UTC)
    assert content.title == "Larus & co"
    assert content.abstract == "They plan.\n\nWell."
    assert (content.authors, content.categories) == (("Ada Example",), ("Birds",))
    assert content.published_on == date(2026, 5, 19)
    assert (content.venue, content.language) == ("Journal of Birds", "en-gb")
    assert content.links == (
        Link(LinkKind.PAGE, "https://j.example.org/1"),
        Link(LinkKind.PDF, "https://j.example.org/1.pdf"),
    )


def test_atom_resolves_links_and_reads_all_ways_of_content() -> None:
    items = """
    <entry><id>urn:1</id><link href="one.html"/><title type="html">A &lt;b&gt;title&lt;/b&gt;</title>
      <published>2026-05-19T08:00:00Z</published><author><name>Ada</name><email>a@example.org</email>
      </author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>In xhtml.</p></div>
      </content></entry>
    <entry><id>urn:2</id><link href="/two"/><title>Two</title>
      <content type="application/octet-stream">SW4gYmFzZTY0Lg==</content></entry>"""
    first, second = pull(page(ATOM.format(items=items))).entries
    assert first.content.links[0].url == "https://blog.example.org/posts/one.html"
    assert second.content.links[0].url == "https://blog.example.org/two"
    assert first.content.title == "A title"
    assert first.content.abstract == "In xhtml."
    assert first.content.authors == ("Ada",), "addresses of mail are nobody's business"


def test_rdf_is_read() -> None:
    items = '<item rdf:about="https://b.example.org/1"><title>One</title><link>https://b.example.org/1</link></item>'
    (found,) = pull(page(RDF.format(items=items))).entries
    assert (found.source_id, found.content.title) == ("https://b.example.org/1", "One")


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_a_json_feed_is_read_whole(version: str) -> None:
    feed = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "Gulls",
        "language": "en",
        "authors": [{"name": "The Gulls"}],
        "items": [
            {
                "id": 7,
                "url": "/1",
                "external_url": "https://elsewhere.example.org/1",
                "title": "One",
                "content_html": "<p>Told <em>here</em>.</p>",
                "summary": "Told.",
                "date_published": "2026-05-19T10:00:00+02:00",
                "author": {"name": "Ada Example"},
                "tags": ["birds"],
                "attachments": [
                    {"url": "https://x.example.org/1.pdf", "mime_type": "application/pdf"}
                ],
                "_own": 1,
            },
            {"id": "2", "url": "/2", "content_text": "A text without a title.\nWell."},
        ],
    }
    first, second = pull(page(json.dumps(feed))).entries
    assert first.source_id == "7"
    assert first.content.abstract == "Told here."
    assert first.content.authors == ("Ada Example",)
    assert first.content.categories == ("birds",)
    assert first.announced_at == datetime(2026, 5, 19, 8, tzinfo=UTC)
    assert [link.url for link in first.content.links] == [
        "https://elsewhere.example.org/1",
        "https://x.example.org/1.pdf",
    ]
    assert second.content.title == "A text without a title. Well."
    assert second.content.authors == ("The Gulls",)
    assert second.content.links[0].url == "https://blog.example.org/2"


def test_pages_of_a_json_feed_are_followed_but_never_in_a_circle() -> None:
    def of(number: int, following: str) -> Page:
        feed = {"version": "https://jsonfeed.org/version/1.1", "next_url": following}
        return page(json.dumps(feed | {"items": [{"id": str(number), "title": f"Post {number}"}]}))

    web = FakeWeb({URL: of(1, f"{URL}?p=2"), f"{URL}?p=2": of(2, URL)})
    assert [one.source_id for one in pull(web).entries] == ["1", "2"]
    assert len(web.asked) == 2


def test_a_post_without_an_id_is_known_by_its_link_and_else_by_its_title() -> None:
    items = "<item><title>A</title><link>https://b.example.org/a</link></item><item><title>B</title></item>"
    first, second = pull(rss(items)).entries
    assert first.source_id == "https://b.example.org/a"
    again = pull(rss("<item><title>B</title><description>changed</description></item>")).entries
    assert again[0].source_id == second.source_id


def test_posts_that_share_an_id_are_all_kept() -> None:
    items = "".join(f"<item><guid>same</guid><title>Post {n}</title></item>" for n in range(3))
    found = pull(rss(items)).entries
    assert len({one.source_id for one in found}) == 3


def test_a_paper_is_known_by_the_ids_in_its_link() -> None:
    items = """<item><title>A</title><link>https://arxiv.org/abs/2605.00001v2</link></item>
    <item><title>B</title><link>https://doi.org/10.1000/B</link></item>"""
    first, second = pull(rss(items)).entries
    assert first.arxiv_id == "2605.00001"
    assert second.doi == "10.1000/b"


@pytest.mark.parametrize("written", ["Wed, 20 May 2099 10:00:00 GMT", "soon", "", "1-1-1"])
def test_a_date_that_cannot_be_is_no_date(written: str) -> None:
    (found,) = pull(rss(f"<item><title>A</title><pubDate>{written}</pubDate></item>")).entries
    assert (found.announced_at, found.content.published_on) == (None, None)


def test_posts_that_say_nothing_are_told_and_stop_no_other() -> None:
    found = pull(rss("<item><guid>1</guid></item><item><title>A</title></item>"))
    assert len(found.entries) == 1
    assert "1 posts have neither title nor text" in found.problems[0]


def test_validators_go_back_as_they_came() -> None:
    headers = (("ETag", 'W/"a b"'), ("Last-Modified", "Tuesday, 19-May-26 08:00:00 GMT"))
    web = FakeWeb({URL: (rss("<item><title>A</title></item>", *headers), Page(URL, 304))})
    first = pull(web)
    second = pull(web, first.memory)
    third = pull(web, second.memory)
    assert [ask.validators.etag for ask in web.asked] == [None, 'W/"a b"', 'W/"a b"']
    assert web.asked[2].validators.last_modified == "Tuesday, 19-May-26 08:00:00 GMT"
    assert (third.verdict, third.note) == (SourceState.UNCHANGED, "not modified")


def test_a_server_that_asks_for_patience_gets_it_for_at_most_twelve_hours() -> None:
    web = FakeWeb({URL: rss("<item><title>A</title></item>", ("Cache-Control", "max-age=999999"))})
    first = pull(web)
    early = pull(web, first.memory, NOW + timedelta(hours=11))
    assert (early.entries, early.verdict) == ((), SourceState.UNCHANGED)
    assert "2026-05-21 00:00 UTC" in early.note
    pull(web, first.memory, NOW + timedelta(hours=12))
    assert len(web.asked) == 2


def test_a_feed_that_moved_for_good_is_asked_for_where_it_is_now() -> None:
    new = "https://new.example.org/feed"
    web = FakeWeb({URL: page(RSS.format(items="<item><title>A</title></item>"), moved_to=new)})
    web.put(new, rss("<item><title>A</title></item>"))
    first = pull(web)
    assert first.note == f"the feed moved for good to {new}; correct `url`"
    pull(web, first.memory)
    assert [ask.url for ask in web.asked] == [URL, new]


def test_corrected_settings_forget_what_was_remembered() -> None:
    web = FakeWeb({"https://other.example.org/f": rss("<item><title>A</title></item>")})
    memory = {"asked": URL, "url": URL, "etag": "x", "rests_until": "2099-01-01T00:00:00+00:00"}
    found = pull(web, memory, url="https://other.example.org/f")
    assert len(found.entries) == 1
    assert not web.asked[0].validators


def test_a_feed_that_is_gone_is_not_asked_for_again() -> None:
    web = FakeWeb({URL: FetchError("gone", status=410)})
    first = pull(web)
    second = pull(web, first.memory)
    assert "remove this source" in second.problems[0]
    assert len(web.asked) == 1


def test_a_web_page_is_no_feed_and_the_way_to_one_is_told() -> None:
    with pytest.raises(SourceError, match="newsletter sources add https://blog"):
        pull(page("<!doctype html><html><head><title>Gulls</title></head></html>"))


@pytest.mark.parametrize("body", ["", "   ", "gulls", "{}", "[]", '{"items": 5', "\x00\x01"])
def test_what_is_no_feed_at_all_is_an_error_with_its_place(body: str) -> None:
    with pytest.raises(SourceError, match="blog"):
        pull(page(body))


def test_a_feed_without_posts_is_empty() -> None:
    found = pull(rss(""))
    assert (found.verdict, found.note) == (SourceState.EMPTY, "the feed has no posts")


def test_a_feed_that_is_cut_off_gives_what_came_and_is_asked_for_whole_again() -> None:
    whole = RSS.format(items="<item><title>A</title></item><item><title>B</title></item>")
    found = pull(page(whole[: whole.index("</item></channel>")], ("ETag", '"x"')))
    assert [one.content.title for one in found.entries] == ["A", "B"]
    assert "not well-formed" in found.problems[0]
    assert found.memory is not None
    assert "etag" not in found.memory


@pytest.mark.parametrize("form", [RSS, ATOM, RDF], ids=["RSS", "Atom", "RDF"])
def test_of_a_feed_with_very_many_posts_the_first_are_read(form: str) -> None:
    name = "entry" if form is ATOM else "item"
    posts = "".join(
        f"<{name}><id>{number}</id><title>Gulls {number}</title></{name}>"
        for number in range(20_000)
    )
    pulled = soon(lambda: pull(page(form.format(items=posts))), 10)
    assert [one.content.title for one in pulled.entries[:2]] == ["Gulls 0", "Gulls 1"]
    assert len(pulled.entries) == 2_000
    assert pulled.problems == (f"{URL}: the feed has more than 2000 posts; the rest is left out",)


def test_a_feed_that_is_nothing_but_tags_is_refused_at_once() -> None:
    def refused() -> None:
        with pytest.raises(SourceError, match="more than 100,000 tags, which is the most"):
            pull(page(RSS.format(items="<item>" + "<a>" * 1_000_000)))

    soon(refused, 1)
