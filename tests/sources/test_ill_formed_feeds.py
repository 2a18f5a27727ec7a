"""A hundred and more feeds as nobody should write them: no exception, no markup, nothing endless."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest

from newsletter.errors import SourceError
from newsletter.model import Page, Pull, PullOrder, SourceName
from newsletter.sources.feeds import FeedSource
from newsletter.testing import FakeWeb

URL: Final = "https://blog.example.org/feed"
NOW: Final = datetime(2026, 5, 20, 12, tzinfo=UTC)
MARKUP: Final = re.compile(
    r"</?(?:p|b|i|a|div|script|img|br|style|title|item|entry)\b[^<>]*>", re.IGNORECASE
)

GOOD: Final = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Gulls</title>
<item><guid>1</guid><title>Grüße von der Möwe</title><link>/1</link><description>&lt;p&gt;They
 plan&lt;/p&gt;</description><pubDate>Tue, 19 May 2026 10:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>Second</title><description><![CDATA[<p>CDATA]]></description></item>
</channel></rss>"""
ATOM: Final = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Gulls</title><entry><id>urn:1</id>
<title type="html">&lt;b&gt;Bold&lt;/b&gt; gulls</title><updated>2026-05-19T10:00:00Z</updated>
<content type="{kind}">{content}</content></entry></feed>"""


def item(inner: str) -> bytes:
    return f'<rss version="2.0"><channel><item>{inner}</item></channel></rss>'.encode()


def written() -> Iterator[tuple[str, bytes]]:
    """Yield the ones written by hand: a name and the bytes."""
    titles = [
        "<script>alert(1)</script>Gulls", "&lt;script&gt;alert(1)&lt;/script&gt;Gulls",
        "<![CDATA[<img src=x onerror=y>Gulls]]>", "&amp;lt;b&amp;gt;Gulls&amp;lt;/b&amp;gt;",
        "Gulls &nbsp; &bogus; &#0; &#xFFFFFFFF; &", "Gulls \x00\x01\x0b", "\u202eslluG", "G" * 50_000,
        "<b>Gulls", "Gulls</b></i></title><title>Other", "<![CDATA[Gulls", "<!-- Gulls -->Gulls",
        "&#x3c;b&#x3e;Gulls", "\ud83e\udd85 Gulls".encode("utf-16", "surrogatepass").decode("utf-16"),
        "<svg/onload=x>Gulls", "<a href='javascript:x'>Gulls</a>", "", " ", "<b></b>",
    ]  # fmt: skip
    for number, title in enumerate(titles):
        yield f"title {number}", item(f"<guid>1</guid><title>{title}</title>")
    dates = [
        "19 May 26", "2026-02-30", "mar., 19 mai 2026 10:00:00 +0200", "0000-00-00", "9" * 50, "-1",
        "Tue, 19 May 2126 10:00:00 GMT", "Tue, 19 May 2026 99:99:99 XYZ", "2026-05-19T24:00:00Z",
        "<b>today</b>", "1e400", "Tue, 19 May 2026 10:00:00 +9999", "오늘", "20260519", "T", "",
    ]  # fmt: skip
    for number, day in enumerate(dates):
        yield f"date {number}", item(f"<title>Gulls</title><pubDate>{day}</pubDate>")
    links = [
        "/relative", "javascript:alert(1)", "data:text/html,x", "//host/x", "http://[::1", "ftp://x/y",
        "https://user:pw@x.example.org/", "https://x.example.org/ a", "http://" + "a" * 5_000, "?", "\x00",
        "https://x.example.org/<b>", "file:///etc/passwd",
    ]  # fmt: skip
    for number, link in enumerate(links):
        yield f"link {number}", item(f"<title>Gulls</title><link>{link}</link><guid>{link}</guid>")
    for kind in (
        "text",
        "html",
        "xhtml",
        "base64",
        "application/octet-stream",
        "image/png",
        "",
        "?",
    ):
        for content in ("R3VsbHM=", "&lt;p&gt;x", "<p>x</p>", "====", "<p><b>"):
            body = ATOM.format(kind=kind, content=content).encode()
            yield f"atom {kind} {content}", body
    for declared in (
        "utf-16",
        "latin-1",
        "ascii",
        "bogus",
        "utf-7",
        "cp1252",
        "utf-32",
        "shift_jis",
    ):
        text = GOOD.replace("utf-8", declared)
        yield f"declared {declared}", text.encode()
        yield f"declared {declared}, written as Latin-1", text.encode("latin-1", "replace")
    for codec in ("utf-16", "utf-16-le", "utf-32", "cp500", "utf-8-sig"):
        yield f"in {codec}", GOOD.encode(codec)
    yield "a document type", b'<!DOCTYPE rss [<!ENTITY g "Gulls">]>' + item("<title>&g;</title>")
    bomb = "".join(f'<!ENTITY g{n} "{f"&g{n - 1};" * 10}">' for n in range(1, 12))
    yield "a bomb", f'<!DOCTYPE r [<!ENTITY g0 "G">{bomb}]>'.encode() + item("<title>&g11;</title>")
    outside = b'<!DOCTYPE r [<!ENTITY g SYSTEM "file:///etc/passwd">]>'
    yield "an entity from outside", outside + item("<title>&g;</title>")
    yield "deep", b"<rss><channel>" + b"<item>" * 2_000 + b"<title>Gulls</title>"
    yield "no ids", b"<rss><channel>" + b"<item><title>G</title></item>" * 50 + b"</channel></rss>"
    yield "one id", b"<rss><channel>" + b"<item><guid>1</guid><title>G</title></item>" * 50
    yield "a tail", GOOD.encode() + b"<html>" + GOOD.encode()


def damaged(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield a good feed cut, and with bytes changed, put in or taken out, by a fixed seed."""
    dice = random.Random(7)  # noqa: S311 - the same damage each time
    good = GOOD.encode()
    for number in range(count):
        body = bytearray(good[: dice.randrange(len(good))] if number % 2 else good)
        for _ in range(dice.randrange(6)):
            place = dice.randrange(len(body) + 1)
            body[place : place + dice.randrange(3)] = dice.choice(
                [b"<", b">", b"&", b"\xff\xfe", b"]]>", b"<!--", b"<![CDATA[", b"", b"\x00", b'"']
            )
        yield f"damaged {number}", bytes(body)


CASES: Final = [*written(), *damaged(60)]


def pull(body: bytes) -> Pull | None:
    web = FakeWeb({URL: Page(URL, 200, (("Content-Type", "application/rss+xml"),), body)})
    try:
        return FeedSource(SourceName("blog"), web, URL).pull(PullOrder(NOW))
    except SourceError:
        return None


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 160


@pytest.mark.parametrize("body", [body for _, body in CASES], ids=[name for name, _ in CASES])
def test_an_ill_formed_feed_gives_plain_entries_or_a_clear_error(body: bytes) -> None:
    found = pull(body)
    for entry in found.entries if found else ():
        content = entry.content
        texts = [content.title, content.abstract or "", *content.authors, *content.categories]
        assert content.title.strip()
        assert len(content.title) <= 1_000
        assert not [text for text in texts if MARKUP.search(text)]
        assert not [text for text in texts if not text.replace("\n\n", "").isprintable()]
        assert "root:" not in "".join(texts), "nothing of this machine gets in"
        assert all(link.url.startswith(("https://", "http://")) for link in content.links)
        assert entry.announced_at is None or entry.announced_at.year <= NOW.year


def test_ids_stay_apart_and_the_same_from_pull_to_pull() -> None:
    for _, body in CASES:
        first, second = pull(body), pull(body)
        ids = [one.source_id for one in first.entries] if first else []
        assert ids == ([one.source_id for one in second.entries] if second else [])
