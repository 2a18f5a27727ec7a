import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from newsletter.testing.services import Fault, Services
from tests.testing.asking import ARXIV, ATOM, DC, ask


def items(services: Services, query: str) -> list[ET.Element]:
    return list(ask(services, f"arxiv/rss/{query}").xml().iter("item"))


def text(parent: ET.Element, name: str) -> str:
    found = parent.findtext(name)
    assert found is not None, name
    return found


def guids(services: Services, query: str) -> list[str]:
    return [text(item, "guid") for item in items(services, query)]


def test_a_channel_tells_what_it_is_and_when_it_was_built(services: Services) -> None:
    answer = ask(services, "arxiv/rss/cs.AI+q-bio")
    channel = answer.xml()[0]
    assert answer.headers["Content-Type"] == "application/rss+xml"
    assert text(channel, "title") == "q-bio, cs.AI updates on arXiv.org"
    assert text(channel, "link") == "http://rss.arxiv.org/rss/q-bio+cs.AI"
    assert text(channel, "language") == "en-us"
    assert text(channel, "managingEditor") == "rss-help@arxiv.org"
    assert text(channel, "pubDate") == "Wed, 18 Nov 2026 00:00:00 -0500"
    assert text(channel, "lastBuildDate").startswith("Wed, 18 Nov 2026 05:00:0")
    assert {day.text for day in channel.iter("day")} == {"Saturday", "Sunday"}


def test_an_item_tells_its_version_in_the_guid_alone(services: Services) -> None:
    item = items(services, "cs.RO")[0]
    number = text(item, "link").removeprefix("https://arxiv.org/abs/")
    assert re.fullmatch(r"\d{4}\.\d{5}", number)
    assert text(item, "guid") == f"oai:arXiv.org:{number}v1"
    assert text(item, "description").startswith(f"arXiv:{number}v1 Announce Type: new \nAbstract: ")
    assert text(item, f"{ARXIV}announce_type") == "new"
    assert item.find(f"{DC}rights") is not None
    assert ", " in text(item, f"{DC}creator")
    assert [one.tag for one in item][:4] == ["title", "link", "description", "guid"]


def test_the_four_kinds_of_announcement_come_new_first(services: Services) -> None:
    services.advance(timedelta(days=1))
    kinds = [text(item, f"{ARXIV}announce_type") for item in items(services, "cs+stat+q-bio")]
    order = ["new", "cross", "replace", "replace-cross"]
    assert kinds == sorted(kinds, key=order.index)
    assert {"new", "replace"} <= set(kinds)
    assert "cross" in {text(one, f"{ARXIV}announce_type") for one in items(services, "cs.LG")}


def test_the_same_paper_stands_in_two_categories(services: Services) -> None:
    assert set(guids(services, "cs.RO")) & set(guids(services, "cs.AI"))


def test_a_second_version_of_a_known_paper_comes_as_a_replacement(services: Services) -> None:
    seen = set(guids(services, "cs+stat+q-bio"))
    replaced: list[str] = []
    for _ in range(6):
        services.advance(timedelta(days=1))
        replaced += [one for one in guids(services, "cs+stat+q-bio") if one.endswith("v2")]
    assert {f"{one[:-2]}v1" for one in replaced} & seen


def test_creators_are_one_text_with_tex_and_places_in_brackets(services: Services) -> None:
    texts = []
    for _ in range(5):
        texts += [text(one, f"{DC}creator") for one in items(services, "cs+stat+q-bio")]
        services.advance(timedelta(days=1))
    assert any("\\'" in one for one in texts)
    assert any(re.search(r"\([^()]+, [^()]+\)", one) for one in texts), "a comma in a place"


def test_atom_has_ids_with_versions_and_a_build_time_for_an_update(services: Services) -> None:
    answer = ask(services, "arxiv/atom/cs.RO")
    entry = answer.xml().find(f"{ATOM}entry")
    assert entry is not None
    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert text(entry, f"{ATOM}id").startswith("oai:arXiv.org:")
    assert text(entry, f"{ATOM}published") == "2026-11-18T00:00:00-05:00"
    assert text(entry, f"{ATOM}updated").startswith("2026-11-18T05:00:0")
    assert all("scheme" not in one.attrib for one in entry.iter(f"{ATOM}category"))


def test_the_tag_is_bare_and_the_age_lasts_until_midnight_in_new_york(services: Services) -> None:
    answer = ask(services, "arxiv/rss/cs.RO")
    assert answer.headers["ETag"] == sha256(answer.body).hexdigest()
    assert answer.headers["Cache-Control"] == f"max-age={14 * 3600}"
    again = ask(services, "arxiv/rss/cs.RO", {"If-None-Match": answer.headers["ETag"]})
    assert again.status == 200, "it never says 304"


def test_new_announcements_stand_in_the_feed_at_midnight(services: Services) -> None:
    before = guids(services, "cs")
    services.advance(timedelta(hours=13, minutes=59))
    assert guids(services, "cs") == before
    services.advance(timedelta(minutes=1))
    assert not set(guids(services, "cs")) & set(before)


@pytest.mark.parametrize("days", [3, 4, 9], ids=["Saturday", "Sunday", "after Thanksgiving"])
def test_days_without_an_announcement_have_an_empty_feed(services: Services, days: int) -> None:
    services.advance(timedelta(days=days))
    answer = ask(services, "arxiv/rss/cs")
    assert answer.status == 200
    assert not list(answer.xml().iter("item"))


@pytest.mark.parametrize("query", ["sc.LG", "cs.1", "xyz", "cs.LG?version=1.0"])
def test_a_query_that_cannot_be_is_a_feed_with_400(services: Services, query: str) -> None:
    answer = ask(services, f"arxiv/rss/{query}")
    assert answer.status == 400
    channel = answer.xml()[0]
    assert text(channel, "title") == f"Feed error for query: {query.partition('?')[0]}"
    assert text(channel, "description")


def test_a_stale_feed_was_built_today_from_the_batch_before(services: Services) -> None:
    fresh = ask(services, "arxiv/rss/cs.RO")
    services.advance(timedelta(days=1))
    services.fault("arxiv", Fault.STALE)
    stale = ask(services, "arxiv/rss/cs.RO")
    assert [one.text for one in stale.xml().iter("guid")] == [
        one.text for one in fresh.xml().iter("guid")
    ]
    built = [parsedate_to_datetime(text(one.xml()[0], "lastBuildDate")) for one in (fresh, stale)]
    assert (built[1] - built[0]).days == 1


def test_a_rebuilt_feed_has_another_tag_and_the_same_items(services: Services) -> None:
    before, seen = ask(services, "arxiv/rss/cs.RO"), guids(services, "cs.RO")
    services.fault("arxiv", Fault.REBUILT)
    assert ask(services, "arxiv/rss/cs.RO").headers["ETag"] != before.headers["ETag"]
    assert guids(services, "cs.RO") == seen


def test_feeds_can_be_empty_or_say_an_error_with_either_status(services: Services) -> None:
    services.fault("arxiv", Fault.EMPTY, times=1)
    assert not items(services, "cs.RO")
    for fault, status in ((Fault.ERROR_400, 400), (Fault.ERROR_200, 200)):
        services.fault("arxiv", fault, times=1)
        answer = ask(services, "arxiv/rss/cs.RO")
        assert answer.status == status
        assert text(answer.xml()[0], "title").startswith("Feed error for query: ")
    assert items(services, "cs.RO")
