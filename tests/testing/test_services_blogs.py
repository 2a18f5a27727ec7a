import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest

from newsletter.testing.services import FEEDS, Fault, Services
from tests.testing.asking import ATOM, ask

CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RSS1 = "{http://purl.org/rss/1.0/}"
ADDRESSES = {name: f"blogs/{name}/{feed[0]}" for name, feed in FEEDS.items()}
XML = ["workshop", "marginalia", "tideline"]


def test_a_page_announces_its_feed_and_the_first_page_all_of_them(services: Services) -> None:
    page = ask(services, "blogs/").body.decode()
    found = re.findall(r'<link rel="alternate" type="([^"]+)"[^>]* href="([^"]+)"', page)
    assert [kind for kind, _ in found] == [feed[1] for feed in FEEDS.values()]
    assert {href.startswith("http") for _, href in found} == {True, False}
    one = ask(services, "blogs/tideline/").body.decode()
    assert 'href="index.rdf"' in one


def test_rss_has_escaped_texts_ids_that_are_no_addresses_and_hints(services: Services) -> None:
    answer = ask(services, ADDRESSES["workshop"])
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = answer.xml()[0]
    assert channel.findtext("ttl") == "60"
    assert [one.text for one in channel.iter("hour")] == ["2", "3"]
    item = next(channel.iter("item"))
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert (item.findtext("description") or "").startswith("<p>")
    assert 'src="pictures/' in (item.findtext(f"{CONTENT}encoded") or ""), "a relative address"
    assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo


def test_atom_has_relative_addresses_and_three_kinds_of_content(services: Services) -> None:
    services.advance(timedelta(days=20))
    root = ask(services, ADDRESSES["marginalia"]).xml()
    base = "{http://www.w3.org/XML/1998/namespace}base"
    assert (root.get(base) or "").endswith("/blogs/marginalia/")
    links = [one.get("href") or "" for one in root.findall(f"{ATOM}entry/{ATOM}link")]
    assert links
    assert not any(one.startswith("http") for one in links)
    kinds = {one.get("type") for one in root.iter(f"{ATOM}content")}
    assert kinds == {"html", "xhtml", "application/octet-stream"}


def test_items_of_rdf_stand_beside_the_channel(services: Services) -> None:
    root = ask(services, ADDRESSES["tideline"]).xml()
    items = root.findall(f"{RSS1}item")
    listed = [one.get(f"{RDF}resource") for one in root.iter(f"{RDF}li")]
    assert [one.get(f"{RDF}about") for one in items] == listed


def test_json_feed_has_numbers_for_ids_and_a_second_page(services: Services) -> None:
    services.advance(timedelta(days=20))
    answer = ask(services, ADDRESSES["ledger"])
    feed = answer.json()
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert all(isinstance(one["id"], int) for one in feed["items"])
    assert any("external_url" in one for one in feed["items"])
    assert {"content_html" in one for one in feed["items"]} == {True, False}
    following = feed["next_url"].partition(f":{services.port}/")[2]
    second = ask(services, following).json()
    assert second["items"]
    assert "next_url" not in second
    assert feed["next_url"] != feed["feed_url"]


@pytest.mark.parametrize("name", FEEDS)
def test_validators_that_come_back_byte_for_byte_are_answered_304(
    services: Services, name: str
) -> None:
    first = ask(services, ADDRESSES[name])
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for header, value in (("If-None-Match", tag), ("If-Modified-Since", changed)):
        again = ask(services, ADDRESSES[name], {header: value})
        assert (again.status, again.body) == (304, b"")
    assert ask(services, ADDRESSES[name], {"If-None-Match": tag.strip('"')}).status == 200
    services.advance(timedelta(days=5))
    assert ask(services, ADDRESSES[name], {"If-None-Match": tag}).status == 200
    services.fault("blogs", Fault.NO_VALIDATORS)
    assert "ETag" not in ask(services, ADDRESSES[name], {"If-None-Match": tag}).headers


@pytest.mark.parametrize("name", FEEDS)
def test_ids_can_be_the_same_or_missing(services: Services, name: str) -> None:
    services.fault("blogs", Fault.SAME_GUIDS, times=1)
    same = ask(services, ADDRESSES[name]).body
    services.fault("blogs", Fault.NO_IDS, times=1)
    none = ask(services, ADDRESSES[name]).body
    usual = ask(services, ADDRESSES[name]).body
    assert len({same, none, usual}) == 3
    assert re.search(rb'\?p=1\b|"id": 1\b', same)
    assert not re.search(rb'<guid|<entry>\s*<id|<item rdf:about|"id":', none)


@pytest.mark.parametrize("name", FEEDS)
def test_dates_can_be_missing_or_lie_ahead(services: Services, name: str) -> None:
    services.fault("blogs", Fault.FUTURE_DATES, times=1)
    assert b"2027" in ask(services, ADDRESSES[name]).body.replace(b"2026-", b"")
    services.fault("blogs", Fault.NO_DATES, times=1)
    assert not re.search(
        rb"pubDate|published>|dc:date>|date_published", ask(services, ADDRESSES[name]).body
    )


@pytest.mark.parametrize("name", FEEDS)
def test_titles_can_hold_scripts(services: Services, name: str) -> None:
    services.fault("blogs", Fault.SCRIPTS)
    body = ask(services, ADDRESSES[name]).body
    assert b"<script>alert" in body or b"&lt;script&gt;alert" in body


@pytest.mark.parametrize("name", XML)
def test_xml_can_be_cut_or_in_another_charset(services: Services, name: str) -> None:
    services.fault("blogs", Fault.CUT, times=1)
    cut = ask(services, ADDRESSES[name])
    with pytest.raises(ET.ParseError):
        cut.xml()
    services.fault("blogs", Fault.WRONG_CHARSET, times=1)
    wrong = ask(services, ADDRESSES[name])
    with pytest.raises(UnicodeDecodeError):
        wrong.body.decode()
    assert "utf-8" in wrong.headers["Content-Type"]


def test_posts_have_pages_and_appear_in_time(services: Services) -> None:
    link = next(ask(services, ADDRESSES["workshop"]).xml().iter("item")).findtext("link") or ""
    page = ask(services, link.partition(f":{services.port}/")[2])
    assert page.status == 200
    before = len(list(ask(services, ADDRESSES["workshop"]).xml().iter("item")))
    services.advance(timedelta(days=3))
    assert len(list(ask(services, ADDRESSES["workshop"]).xml().iter("item"))) == before + 1
    assert ask(services, "blogs/nobody/rss.xml").status == 404
    assert ask(services, "blogs/workshop/nothing").status == 404
