import re
from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from newsletter.testing.services import Fault, Paper, Services
from tests.testing.asking import ARXIV, ATOM, ask

SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
QUERY = "arxiv/api/query"


def feed(services: Services, query: str) -> ET.Element:
    answer = ask(services, f"{QUERY}?{query}")
    assert answer.status == 200, answer.body
    return answer.xml()


def entries(services: Services, query: str) -> list[ET.Element]:
    return feed(services, query).findall(f"{ATOM}entry")


def ids(services: Services, query: str) -> list[str]:
    found = [one.findtext(f"{ATOM}id") or "" for one in entries(services, query)]
    return [one.removeprefix("http://arxiv.org/abs/") for one in found]


def announced(services: Services) -> list[Paper]:
    today = services.now().date()
    return [one for one in services.world.papers if one.arxiv_id and one.first.day <= today]


def test_the_feed_says_what_was_asked_and_how_many_there_are(services: Services) -> None:
    answer = ask(services, f"{QUERY}?search_query=cat:cs.RO&start=1&max_results=3")
    root = answer.xml()
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert root.findtext(f"{ATOM}title") == (
        "arXiv Query: search_query=cat:cs.RO&id_list=&start=1&max_results=3"
    )
    assert re.fullmatch(r"https://arxiv\.org/api/[\w/+]{27}", root.findtext(f"{ATOM}id") or "")
    assert root.findtext(f"{ATOM}updated") == "2026-11-18T15:00:00Z"
    assert root.findtext(f"{SEARCH}itemsPerPage") == "3"
    assert root.findtext(f"{SEARCH}startIndex") == "1"
    assert int(root.findtext(f"{SEARCH}totalResults") or 0) > 3
    link = root.find(f"{ATOM}link")
    assert link is not None
    assert "rel" not in link.attrib


def test_items_per_page_is_what_was_asked_not_what_came(services: Services) -> None:
    paper = announced(services)[0]
    root = feed(services, f"id_list={paper.arxiv_id}&max_results=100")
    assert root.findtext(f"{SEARCH}itemsPerPage") == "100"
    assert len(root.findall(f"{ATOM}entry")) == 1


def test_the_children_of_an_entry_stand_in_the_order_of_today(services: Services) -> None:
    paper = next(one for one in announced(services) if one.doi and len(one.versions) == 1)
    (entry,) = entries(services, f"id_list={paper.arxiv_id}")
    tags = [re.sub(r"\{.*\}", "", child.tag) for child in entry]
    order = list(dict.fromkeys(tags))
    assert order == [
        *("id", "title", "updated", "link", "summary", "category", "published", "comment"),
        *("primary_category", "journal_ref", "author", "doi"),
    ]
    assert tags[-2:] == ["doi", "link"]
    links = {one.get("title"): one.get("href") for one in entry.iter(f"{ATOM}link")}
    assert links["pdf"] == f"https://arxiv.org/pdf/{paper.arxiv_id}v1"
    assert links["doi"] == f"https://doi.org/{paper.doi}"
    assert links[None] == f"https://arxiv.org/abs/{paper.arxiv_id}v1"
    assert entry.findtext(f"{ATOM}id") == f"http://arxiv.org/abs/{paper.arxiv_id}v1"
    primary = entry.find(f"{ARXIV}primary_category")
    assert primary is not None
    assert primary.attrib == {"term": paper.categories[0]}


def test_the_traps_of_real_entries_are_there(services: Services) -> None:
    services.advance(timedelta(days=20))
    found = entries(services, "search_query=cat:cs.RO+OR+cat:stat.ME+OR+cat:cs.CL&max_results=200")
    summaries = [one.findtext(f"{ATOM}summary") or "" for one in found]
    assert any("\n" in one for one in summaries)
    assert any(one.startswith("  ") for one in summaries)
    assert any(one.find(f".//{ARXIV}affiliation") is not None for one in found)
    assert any((one.findtext(f"{ATOM}id") or "").endswith("v2") for one in found)
    terms = {one.get("term") for entry in found for one in entry.iter(f"{ATOM}category")}
    assert {"I.2.6", "62G10"} <= terms
    assert any(len(one.findall(f"{ATOM}author")) > 200 for one in found)


def test_pages_follow_each_other_without_gap_or_repeat(services: Services) -> None:
    whole = ids(services, "search_query=all:the&max_results=100")
    paged = []
    for start in range(0, len(whole), 7):
        paged += ids(services, f"search_query=all:the&start={start}&max_results=7")
    assert paged == whole
    assert len(ids(services, "search_query=all:the")) == 10


def test_an_id_with_a_version_gives_that_version(services: Services) -> None:
    paper = next(one for one in announced(services) if len(one.versions) > 1)
    services.advance(timedelta(days=9))
    assert ids(services, f"id_list={paper.arxiv_id}") == [f"{paper.arxiv_id}v2"]
    assert ids(services, f"id_list={paper.arxiv_id}v1") == [f"{paper.arxiv_id}v1"]
    assert ids(services, f"id_list={paper.arxiv_id}v7") == []


def test_an_unknown_id_is_no_error_and_no_entry(services: Services) -> None:
    assert feed(services, "id_list=2601.99999").findtext(f"{SEARCH}totalResults") == "0"


@pytest.mark.parametrize(
    "query",
    [
        "id_list=abc",
        "search_query=all:a&max_results=30001",
        "search_query=(ti:a",
        "search_query=xx:a",
        "search_query=all:a&sortBy=age",
        "search_query=all:a&start=x",
    ],
)
def test_what_cannot_be_answered_is_an_entry_that_is_no_paper(
    services: Services, query: str
) -> None:
    answer = ask(services, f"{QUERY}?{query}")
    assert answer.status == 400
    root = answer.xml()
    assert root.findtext(f"{SEARCH}totalResults") == "1"
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Error"
    assert (entry.findtext(f"{ATOM}id") or "").startswith("https://arxiv.org/api/errors#")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "arXiv api core"


def test_an_error_may_come_with_200(services: Services) -> None:
    services.fault("arxiv", Fault.ERROR_200)
    assert "/api/errors#" in ids(services, "id_list=2601.00001")[0]


@pytest.mark.parametrize(
    ("search", "part"),
    [
        ('ti:"reinforcement learning"', "einforcement"),
        ("ti:robot* ANDNOT ti:explain", "obot"),
        ("(ti:swarm OR ti:soles) AND cat:cs.RO", "S"),
        ("submittedDate:[202611160000 TO 202611172359]", ""),
        ("au:Yildirmak", ""),
    ],
)
def test_a_search_is_understood(services: Services, search: str, part: str) -> None:
    services.advance(timedelta(days=20))
    found = entries(services, f"search_query={quote(search)}&max_results=50")
    assert 0 < len(found) < 50
    assert all(part.lower() in (one.findtext(f"{ATOM}title") or "").lower() for one in found)


def test_results_can_be_sorted(services: Services) -> None:
    query = "search_query=cat:cs.RO&sortBy=submittedDate"
    assert ids(services, query) == ids(services, f"{query}&sortOrder=ascending")[::-1]


def test_the_api_knows_later_than_the_feeds(services: Services) -> None:
    services.advance(timedelta(hours=14, minutes=15))  # a quarter past midnight in New York
    guid = next(ask(services, "arxiv/rss/cs").xml().iter("guid")).text or ""
    wanted = guid.removeprefix("oai:arXiv.org:")
    assert ids(services, f"id_list={wanted}") == []
    services.advance(timedelta(hours=2))
    assert ids(services, f"id_list={wanted}") == [wanted]
    services.fault("arxiv", Fault.LAGGING)
    assert ids(services, f"id_list={wanted}") == []


def test_who_accepts_nothing_is_refused(services: Services) -> None:
    answer = ask(services, f"{QUERY}?id_list=2601.00001", {"Accept": ""})
    assert answer.status == 406


def test_throttling_is_html_without_a_word_when(services: Services) -> None:
    services.fault("arxiv", Fault.BUSY, under="/api/query")
    answer = ask(services, f"{QUERY}?id_list=2601.00001")
    assert (answer.status, answer.body) == (429, b"Rate exceeded.")
    assert answer.headers["Content-Type"] == "text/html"
    assert "Retry-After" not in answer.headers
    assert ask(services, "arxiv/rss/cs.RO").status == 200


def test_a_page_in_the_middle_may_be_empty(services: Services) -> None:
    services.fault("arxiv", Fault.EMPTY_PAGE)
    query = "search_query=all:the&max_results=5"
    assert len(ids(services, query)) == 5
    middle = feed(services, f"{query}&start=5")
    assert not middle.findall(f"{ATOM}entry")
    assert int(middle.findtext(f"{SEARCH}totalResults") or 0) > 5


def test_a_query_may_be_posted_as_a_form(services: Services) -> None:
    paper = announced(services)[0]
    answer = ask(
        services,
        QUERY,
        {"Content-Type": "application/x-www-form-urlencoded"},
        method="POST",
        body=f"id_list={paper.arxiv_id}".encode(),
    )
    assert len(answer.xml().findall(f"{ATOM}entry")) == 1
