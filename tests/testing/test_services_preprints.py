"""bioRxiv, medRxiv and Crossref, field by field."""

from datetime import timedelta
from typing import Any

import pytest

from newsletter.testing.services import Fault, Services
from tests.testing.asking import ask

DAYS = "biorxiv/details/biorxiv/2026-11-11/2026-11-18"


def got(services: Services, target: str) -> Any:
    answer = ask(services, target)
    assert answer.status == 200, answer.body
    return answer.json()


# bioRxiv and medRxiv


def test_numbers_of_biorxiv_are_partly_texts(services: Services) -> None:
    (head,) = got(services, f"{DAYS}/0/json")["messages"]
    assert head["status"] == "ok"
    assert head["interval"] == "2026-11-11:2026-11-18"
    assert isinstance(head["cursor"], int)
    assert isinstance(head["count"], int)
    assert isinstance(head["total"], str)
    assert isinstance(head["count_new_papers"], str)


def test_a_preprint_has_every_field(services: Services) -> None:
    found = got(services, f"{DAYS}/0/json")["collection"]
    assert set(found[0]) == {
        *("title", "authors", "author_corresponding", "author_corresponding_institution", "doi"),
        *("date", "version", "type", "license", "category", "jatsxml", "abstract", "funder"),
        *("published", "server"),
    }
    assert found[0]["server"] == "bioRxiv"
    assert any("; " in one["authors"] for one in found)
    preprints = [one.preprint.doi for one in services.world.papers if one.preprint]
    assert {doi.split("/")[0] for doi in preprints} == {"10.1101", "10.64898"}
    assert any(one["abstract"].startswith("Background") for one in found)


def test_pages_of_biorxiv_go_on_at_the_cursor(services: Services) -> None:
    services.advance(timedelta(days=20))
    target = "biorxiv/details/biorxiv/2026-11-01/2026-12-30"
    first, second = (got(services, f"{target}/{cursor}/json") for cursor in (0, 30))
    assert len(first["collection"]) == 30
    assert second["messages"][0]["cursor"] == "30"
    total = int(first["messages"][0]["total"])
    assert len(first["collection"]) + len(second["collection"]) == total
    assert not [one for one in second["collection"] if one in first["collection"]]


def test_one_doi_appears_once_a_version(services: Services) -> None:
    services.advance(timedelta(days=20))
    found = got(services, "biorxiv/details/biorxiv/2026-11-01/2026-12-30/0/json")["collection"]
    revised = next(one["doi"] for one in found if one["version"] == "2")
    both = got(services, f"biorxiv/details/biorxiv/{revised}/na/json")["collection"]
    assert [one["version"] for one in both] == ["1", "2"]


def test_days_counts_and_categories_are_understood(services: Services) -> None:
    week = got(services, f"{DAYS}/0/json")["collection"]
    assert got(services, "biorxiv/details/biorxiv/7d/0/json")["collection"] == week
    assert len(got(services, "biorxiv/details/biorxiv/3/0/json")["collection"]) == 3
    only = got(services, f"{DAYS}/0/json?category=neuroscience")["collection"]
    assert only
    assert {one["category"] for one in only} == {"neuroscience"}
    med = got(services, "biorxiv/details/medrxiv/30d/0/json")["collection"]
    assert {one["server"] for one in med} == {"medRxiv"}


def test_nothing_and_nonsense_come_with_200(services: Services) -> None:
    for target in ("2026-11-14/2026-11-15/0/json", "soon/0/json"):
        answer = got(services, f"biorxiv/details/biorxiv/{target}")
        assert answer["collection"] == []
        assert answer["messages"][0]["status"] != "ok"
    services.fault("biorxiv", Fault.NO_POSTS)
    assert got(services, f"{DAYS}/0/json")["messages"] == [{"status": "no posts found"}]


def test_dates_may_lack_their_zeros(services: Services) -> None:
    with Services(now=services.now() + timedelta(days=17)) as december:
        december.fault("biorxiv", Fault.UNPADDED)
        found = got(december, "biorxiv/details/biorxiv/30d/0/json")["collection"]
    assert any(len(one["date"]) < len("2026-12-01") for one in found)


def test_biorxiv_may_answer_200_with_nothing(services: Services) -> None:
    services.fault("biorxiv", Fault.EMPTY_BODY)
    answer = ask(services, f"{DAYS}/0/json")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "0")


# Crossref


def works(services: Services, query: str) -> Any:
    return got(services, f"crossref/works?{query}")["message"]


def test_a_work_has_lists_parts_of_dates_and_markup(services: Services) -> None:
    services.advance(timedelta(days=20))
    items = works(services, "rows=100")["items"]
    assert {one["type"] for one in items} == {"posted-content", "journal-article"}
    assert all(isinstance(one["title"], list) for one in items)
    assert any(one["container-title"] == [] for one in items)
    assert {len(one["published"]["date-parts"][0]) for one in items} == {1, 2, 3}
    abstracts = [one["abstract"] for one in items if "abstract" in one]
    assert len(abstracts) < len(items)
    for beginning in ("<p>", "<jats:p>", "<jats:title>Abstract</jats:title>"):
        assert any(one.startswith(beginning) for one in abstracts), beginning
    assert any("&amp;" in one["title"][0] for one in items)
    assert any("<i>" in one["title"][0] for one in items)
    author = items[0]["author"][0]
    assert author.keys() == {"given", "family", "sequence", "affiliation"}


def test_a_cursor_leads_to_the_end_and_beyond(services: Services) -> None:
    total, cursor, found = works(services, "rows=0")["total-results"], "*", []
    while page := (message := works(services, f"rows=4&cursor={cursor}"))["items"]:
        found += [one["DOI"] for one in page]
        cursor = message["next-cursor"]
        assert message["items-per-page"] == 4
    assert len(set(found)) == len(found) == total
    assert "next-cursor" in message


def test_filters_queries_and_selections_are_understood(services: Services) -> None:
    recent = works(services, "filter=from-created-date:2026-11-17,type:posted-content&rows=50")
    assert recent["items"]
    assert all(one["created"]["date-time"] >= "2026-11-17" for one in recent["items"])
    assert {one["type"] for one in recent["items"]} == {"posted-content"}
    both = works(services, "filter=type:posted-content,type:journal-article&rows=0")
    assert both["total-results"] == works(services, "rows=0")["total-results"]
    chosen = works(services, "query=protein&select=DOI,title&rows=5")["items"]
    assert chosen
    assert chosen[0].keys() == {"DOI", "title"}
    times = [
        one["created"]["timestamp"]
        for one in works(services, "sort=created&order=desc&rows=50")["items"]
    ]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("query", "agent", "pool", "limit"),
    [
        ("", "x/1", "public-array", "1"),
        ("?mailto=a@example.org", "x/1", "polite-array", "3"),
        ("", "x/1 (mailto:a@example.org)", "polite-array", "3"),
        ("/10.5555%2Fnone", "x/1", "public-single", "5"),
    ],
)
def test_headers_tell_the_pool(
    services: Services, query: str, agent: str, pool: str, limit: str
) -> None:
    headers = ask(services, f"crossref/works{query}", {"User-Agent": agent}).headers
    assert headers["x-api-pool"] == pool
    assert headers["x-rate-limit-limit"] == limit
    assert headers["x-rate-limit-interval"] == "1s"
    assert headers["x-concurrency-limit"] in {"1", "3"}


def test_refusals_of_crossref_look_as_they_do(services: Services) -> None:
    missing = ask(services, "crossref/works/10.5555%2Fnone")
    assert (missing.status, missing.body) == (404, b"Resource not found.")
    cursor = ask(services, "crossref/works?cursor=thing")
    assert cursor.status == 404
    assert cursor.json()["message"][0]["type"] == "cursor-invalid"
    wrong = ask(services, "crossref/works?filter=colour:red")
    assert wrong.status == 400
    assert wrong.json()["message-type"] == "validation-failure"


def test_one_work_is_found_by_its_doi_in_any_case(services: Services) -> None:
    doi = works(services, "rows=1")["items"][0]["DOI"]
    answer = got(services, f"crossref/works/{doi.upper()}")
    assert (answer["message-type"], answer["message"]["DOI"]) == ("work", doi)
